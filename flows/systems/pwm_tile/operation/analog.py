"""The analog part of a tile as a netlist: without latches, register and drivers of words, supplies where bits are held.

What a latch holds is a supply at a gate. In the post view the drawn wires of all other lines stay; what couples to a
line that rests while pulses run (bits, bit lines, the register, words) is a capacitor to ground.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from analoom.cells.model.circuit import Circuit, Device, Mos
from analoom.cells.pulse_width.circuits import code_bits
from analoom.cells.strip.gates import VSS
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices

from .weights import Ints

SHUNT = ".option rshunt=1e15"
"""For lines whose drivers are left out: their wires hang on capacitors alone."""
LATCH = re.compile(r"bit(\d)")
"""The instances in a weight that hold its bits."""
DRIVERS = re.compile(r"word\d+|column\d+")
"""Those of a tile that write them."""


def is_memory(flat: FlatDevice) -> bool:
    """Whether a device belongs to a latch, the register or a driver of words."""
    return bool(flat.path and (LATCH.fullmatch(flat.path[-1]) or DRIVERS.fullmatch(flat.path[0])))


def analog_devices(whole: Circuit) -> Iterator[FlatDevice]:
    """Every other device."""
    return (flat for flat in flat_devices(whole) if not is_memory(flat))


def without_memory(dut: Dut) -> Dut:
    """A tile without what stores and writes its weights, one subcircuit; nets inside are paths with underscores."""
    if dut.view == "post":
        left_out = {f"X{flat.word}" for flat in flat_devices(dut.cell.circuit) if is_memory(flat)}
        kept = [line for line in _lines(dut.text) if line.partition(" ")[0] not in left_out]
        bits = {net.replace(".", "_") for nets in bit_nodes(dut.cell.circuit).values() for net in nets}
        return replace(dut, text="\n".join([*grounded(kept, bits), ""]))
    lines = [device.spice() for device in merged(analog_devices(dut.cell.circuit))]
    head = " ".join([f".subckt {dut.name}", *dut.ports])
    return replace(dut, view="post", text="\n".join([head, *lines, f".ends {dut.name}", ""]))


def grounded(lines: Sequence[str], held: Collection[str]) -> Iterator[str]:
    """Lines of a subcircuit whose capacitors to nets that rest go to vss, one a net, last before its end.

    At rest are those in `held`, and all that nothing but capacitors is on. Between two of these none is left.
    """
    caps, others = [line.split() for line in lines if is_cap(line)], [line for line in lines if not is_cap(line)]
    moving = {word for line in others if not line.startswith(".") for word in line.split()[1:]} - set(held)
    to_ground: defaultdict[str, float] = defaultdict(float)
    yield from others[:-1]
    for name, one, other, farad in caps:
        if one in moving and other in moving:
            yield " ".join((name, one, other, farad))
        elif one in moving or other in moving:
            to_ground[one if one in moving else other] += float(farad)
    yield from (f"Crest{k} {net} {VSS} {farad!r}" for k, (net, farad) in enumerate(to_ground.items()) if net != VSS)
    yield others[-1]


def is_cap(line: str) -> bool:
    """Whether a line is a capacitor of wires."""
    return line.startswith("C")


def _lines(text: str) -> list[str]:
    """Lines with what continues them."""
    return text.replace("\n+", "").splitlines()


def merged(devices: Iterable[FlatDevice]) -> Iterator[Device]:
    """Devices by word on nets of one word each; equal transistors on the same nets are one of several in parallel."""
    found: dict[str, Device] = {}
    for flat in devices:
        nets = {terminal: net.replace(".", "_") for terminal, net in flat.nets.items()}
        device = replace(flat.device, name=flat.word, nets=nets)
        alike = found.setdefault(repr(replace(device, name="", m=1)), device)
        if alike is not device and isinstance(alike, Mos):
            found[repr(replace(device, name="", m=1))] = replace(alike, m=alike.m + device.m)
    yield from found.values()


def held_bits(dut: Dut, codes: Ints, vdd: float) -> Iterator[tuple[str, str, float]]:
    """A name, ngspice's name, and the level (V) of each node of the latches."""
    for (row, col, bit), (node, complement) in bit_nodes(dut.cell.circuit).items():
        high = code_bits(int(codes[row, col]))[bit]
        for name, net, level in (("", node, high), ("b", complement, 1 - high)):
            yield f"bit{row}_{col}_{bit}{name}", dut.inner(net), vdd * level


def bit_nodes(whole: Circuit) -> dict[tuple[int, int, int], tuple[str, str]]:
    """The nets of a tile that hold a bit and its complement, by row, column and bit: by the lines of their latches."""
    found: dict[tuple[int, int, int], dict[str, str]] = {}
    for flat in flat_devices(whole):
        if flat.path and (latch := LATCH.fullmatch(flat.path[-1])) and flat.device.name in ("w_q", "w_qb"):
            row, col = flat.nets["g"].removeprefix("wl"), flat.nets["d"].rpartition("c")[2]
            found.setdefault((int(row), int(col), int(latch[1])), {})[flat.device.name] = flat.nets["s"]
    return {place: (nets["w_q"], nets["w_qb"]) for place, nets in sorted(found.items())}
