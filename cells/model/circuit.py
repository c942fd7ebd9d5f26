"""A cell's circuit: a hierarchical netlist built from the spec, never from the drawing.

One dialect serves simulation, our LVS and netgen: devices are `X` lines of the SKY130 subcircuits with w and l in um
(`w` total width), so the text that is simulated is the text the layout is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from analoom.pdk.devices import PM2_PER_UM2, PM_PER_UM, CapDevice, DiodeDevice, MosDevice, ResDevice

DIFFUSION_EXTENSION_UM = 0.29
"""Drawn source/drain length per finger for junction areas. Source: xschem_sky130 fet symbols, `ad='... * 0.29'`."""


MANY_WORDS = 256
"""Ports of a block of an array; a cell's circuit has fewer."""


def fold_line(words: Iterable[str], width: int = 120) -> str:
    """One SPICE line of `words`, continued with `+` where it would grow past `width` characters.

    Lines of many words have as many on each as the longest allows.
    """
    words = list(words)
    if len(words) > MANY_WORDS:
        each = max(1, (width - 2) // (max(map(len, words)) + 1))
        return "\n+ ".join(" ".join(words[k : k + each]) for k in range(0, len(words), each))
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) + 1 > width:
            lines.append(line)
            line = "+"
        line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


@dataclass(frozen=True)
class Mos:
    """A transistor: `w_um` total width over `nf` fingers, `m` parallel copies; nets by terminal d, g, s, b."""

    name: str
    device: MosDevice
    w_um: float
    l_um: float
    nets: dict[str, str]
    nf: int = 1
    m: int = 1

    def spice(self) -> str:
        return f"{_called(self)} {_sizes(self)} nf={self.nf} m={self.m} mult={self.m} {junctions(self)}"


@dataclass(frozen=True)
class Cap:
    """A MIM capacitor: plate `w_um` x `l_um`, `m` parallel copies; nets by terminal top, bottom."""

    name: str
    device: CapDevice
    w_um: float
    l_um: float
    nets: dict[str, str]
    m: int = 1

    def spice(self) -> str:
        return f"{_called(self)} {_sizes(self)} m={self.m} mf={self.m}"


@dataclass(frozen=True)
class Res:
    """A resistor: body `w_um` x `l_um`, `m` parallel copies; nets by terminal r0, r1 and, where the model has it, b."""

    name: str
    device: ResDevice
    w_um: float
    l_um: float
    nets: dict[str, str]
    m: int = 1

    def spice(self) -> str:
        return f"{_called(self)} {_sizes(self)} m={self.m} mult={self.m}"


@dataclass(frozen=True)
class Diode:
    """A junction of `w_um` x `l_um` of diffusion, `m` parallel copies; nets by terminal a, c (anode, cathode)."""

    name: str
    device: DiodeDevice
    w_um: float
    l_um: float
    nets: dict[str, str]
    m: int = 1

    def spice(self) -> str:
        return f"{_called(self)} {junction_size(self)} m={self.m}"


Device = Mos | Cap | Res | Diode


def _called(one: Device) -> str:
    """A device's line as far as its model: name, nets by terminal, model."""
    return " ".join([f"X{one.name}", *(one.nets[t] for t in one.device.terminals), one.device.model])


@dataclass(frozen=True)
class SubInstance:
    """An instance of another circuit; `nets` maps every port of it to a net here."""

    name: str
    circuit: Circuit
    nets: dict[str, str]

    def spice(self) -> str:
        return fold_line([f"X{self.name}", *(self.nets[p] for p in self.circuit.ports), self.circuit.name])


@dataclass(frozen=True)
class Circuit:
    """A subcircuit: ports in order, devices and instances. Equality is by identity of content."""

    name: str
    ports: tuple[str, ...]
    devices: tuple[Device, ...] = ()
    instances: tuple[SubInstance, ...] = field(default=())

    def children(self) -> list[Circuit]:
        """Every circuit below this one, each once, the deepest first."""
        seen: dict[str, Circuit] = {}
        for instance in self.instances:
            if instance.circuit.name not in seen:
                for child in (*instance.circuit.children(), instance.circuit):
                    seen.setdefault(child.name, child)
        return list(seen.values())

    def spice(self) -> str:
        """The whole hierarchy as SPICE text, subcircuits before their use."""
        return "\n".join(c._subckt() for c in (*self.children(), self))

    def device_count(self) -> int:
        """Number of device lines in the flattened circuit."""
        counts: dict[str, int] = {}
        for c in (*self.children(), self):
            counts[c.name] = len(c.devices) + sum(counts[i.circuit.name] for i in c.instances)
        return counts[self.name]

    def _subckt(self) -> str:
        body = [d.spice() for d in self.devices] + [i.spice() for i in self.instances]
        return "\n".join([fold_line([".subckt", self.name, *self.ports]), *body, f".ends {self.name}", ""])


def _sizes(device: Device) -> str:
    """w and l in um, to the nm however wide the device is."""
    return f"w={device.w_um:.10g} l={device.l_um:.10g}"


def junction_size(diode: Diode) -> str:
    """Area and perimeter of a diode, in pm2 and pm as its model takes them."""
    area_pm2, perimeter_pm = diode.w_um * diode.l_um * PM2_PER_UM2, 2 * (diode.w_um + diode.l_um) * PM_PER_UM
    return f"area={area_pm2:.10g} perim={perimeter_pm:.10g}"


def junctions(mos: Mos) -> str:
    """ad/as/pd/ps in um2 and um, nrd/nrs in squares. Source: the formulas of the xschem_sky130 fet symbols."""
    finger_um, ext = mos.w_um / mos.nf, DIFFUSION_EXTENSION_UM
    drains, sources = (mos.nf + 1) // 2, mos.nf // 2 + 1
    if mos.nf == 1:
        sources = 1
    ad, as_ = drains * finger_um * ext, sources * finger_um * ext
    pd, ps = 2 * drains * (finger_um + ext), 2 * sources * (finger_um + ext)
    squares = ext / mos.w_um
    return f"ad={ad:.6g} as={as_:.6g} pd={pd:.6g} ps={ps:.6g} nrd={squares:.6g} nrs={squares:.6g}"
