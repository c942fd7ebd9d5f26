"""Extracted capacitances as SPICE: on their own, and joined with the cell's own devices in one flat subcircuit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos, fold_line
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.pex.shapes.names import top_labels
from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import InputError

from .elements import element, node, tie
from .rc_netlist import rc_post_text
from .record import NetC, Parasitics


def ports_of(source: LayoutSource, nets: Collection[str]) -> tuple[str, ...]:
    """The pins' nets: the ports of a cell drawn here, else the labels of the top cell in alphabetical order."""
    if source.cell:
        return source.cell.circuit.ports
    labels = {label.name for label in top_labels(source)}
    return tuple(sorted(name for name in labels if name in nets))


def pex_text(
    name: str,
    corner: str,
    ports: tuple[str, ...],
    nets: Mapping[str, NetC],
    ground: str,
    other_names: Mapping[str, str] | None = None,
) -> str:
    """A subcircuit of capacitors alone, `<name>_pex`: its nodes are the ports, then every net inside.

    Ports tied on one wire, `other_names` with their net, are tied here too.
    """
    inner = [net for net in nets if net not in ports]
    head = fold_line([".subckt", f"{name}_pex", *map(node, (*ports, *inner))])
    note = f"* capacitances of {name} at the {corner} wire corner; to be put in parallel with its circuit"
    ties = (tie(k, *pair) for k, pair in enumerate((other_names or {}).items()))
    return "\n".join([note, head, *_capacitors(nets, ground), *ties, f".ends {name}_pex", ""])


def post_circuit_text(cell: Cell, parasitics: Parasitics) -> str:
    """`<cell>_post`: every device of the flattened circuit and every capacitance, with the ports of the circuit.

    Nets inside are named by their path with dots as underscores. Nets of the layout that the circuit lacks (floating
    metal) are reduced away: the capacitances between their neighbours that they amount to take their place.
    With resistances extracted, every device sits on the nodes of its own terminals.
    Raises InputError when nets of the circuit carry no label in the layout: their capacitance would be lost.
    """
    if parasitics.rc is None and any("summed by kind of net" in note for note in parasitics.notes):
        said = f"{cell.name}: too large for a post-layout netlist in one piece"
        raise InputError(said, field="view", remedy="simulate a smaller block, or the array with its ladders")
    if parasitics.rc is not None:
        _all_labelled(cell, wired_nets(list(flat_devices(cell.circuit))), parasitics)
        return rc_post_text(cell, parasitics.rc, parasitics.mode)
    devices = list(flat_devices(cell.circuit))
    known = {net for device in devices for net in device.nets.values()} | set(cell.circuit.ports)
    _all_labelled(cell, wired_nets(devices) | set(cell.circuit.ports), parasitics)
    nets = _without_floating(parasitics, known)
    name = f"{cell.circuit.name}_post"
    lines = [fold_line([".subckt", name, *map(node, cell.circuit.ports)])]
    for flat in devices:
        wired = {terminal: node(net) for terminal, net in flat.nets.items()}
        lines.append(replace(flat.device, name=flat.word, nets=wired).spice())
    return "\n".join([*lines, *(element("C", k, *c) for k, c in enumerate(_listed(nets))), f".ends {name}", ""])


def wired_nets(devices: Sequence[FlatDevice]) -> set[str]:
    """The nets of the devices that need a wire: all but the diffusion between two transistors of a kind in series."""
    ends: dict[str, list[MosDevice | None]] = {}
    for flat in devices:
        for terminal, net in flat.nets.items():
            kind = flat.device.device if isinstance(flat.device, Mos) and terminal in ("d", "s") else None
            ends.setdefault(net, []).append(kind)
    return {net for net, found in ends.items() if not _in_series(found)}


def _in_series(ends: Sequence[MosDevice | None]) -> bool:
    """Whether the ends on a net are two sources or drains of one kind of transistor; None is any other terminal."""
    return len(ends) == 2 and ends[0] is not None and ends[0] == ends[1]


def _all_labelled(cell: Cell, known: set[str], parasitics: Parasitics) -> None:
    lost = sorted(known - set(parasitics.nets))
    if lost:
        raise InputError(
            f"{cell.name}: no label in the layout names the circuit's net {lost[0]} ({len(lost)} such nets)",
            field="name",
            remedy="label the net where it is drawn",
        )


def _capacitors(nets: Mapping[str, NetC], ground: str) -> Iterator[str]:
    pairs = {(net, ground): c.substrate_f for net, c in nets.items() if c.substrate_f}
    pairs |= {(a, b): c_f for a, c in nets.items() for b, c_f in c.coupling_f.items() if a < b}
    for k, ((a, b), c_f) in enumerate(pairs.items()):
        yield element("C", k, a, b, c_f)


def _without_floating(parasitics: Parasitics, known: set[str]) -> dict[str, dict[str, float]]:
    """Symmetric capacitances by net with every net outside `known` (and the ground) eliminated, star to mesh."""
    ground = parasitics.ground
    caps: dict[str, dict[str, float]] = {net: dict(c.coupling_f) for net, c in parasitics.nets.items()}
    for net, c in parasitics.nets.items():
        if net != ground and c.substrate_f:
            caps[net][ground] = caps.setdefault(ground, {})[net] = c.substrate_f
    for net in [n for n in caps if n not in known and n != ground]:
        _eliminate(caps, net)
    return caps


def _eliminate(caps: dict[str, dict[str, float]], net: str) -> None:
    """C_ab += C_an C_bn / sum(C_n), the network seen from outside when no current enters `net`."""
    star = caps.pop(net)
    total = sum(star.values())
    for a, c_a in star.items():
        del caps[a][net]
        for b, c_b in star.items():
            if a != b:
                caps[a][b] = caps[a].get(b, 0.0) + c_a * c_b / total


def _listed(caps: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, str, float]]:
    for a in sorted(caps):
        for b, c_f in sorted(caps[a].items()):
            if a < b:
                yield a, b, c_f
