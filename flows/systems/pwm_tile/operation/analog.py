"""The analog part of a tile as a netlist: without latches, register and drivers of words, supplies where bits are held.

What a latch holds is a supply at a gate. In the post view the drawn wires of all lines stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from analoom.cells.model.circuit import Circuit, Device, Mos
from analoom.cells.pulse_width.circuits import BITS, bit_node, code_bits
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices

from .weights import Ints

SHUNT = ".option rshunt=1e15"
"""For lines whose drivers are left out: their wires hang on capacitors alone."""
MEMORY = re.compile(r"(w\d+_\d+_bit\d|word\d+|column\d+)_")
"""How the words of devices begin that are left out."""


def analog_devices(whole: Circuit) -> Iterator[FlatDevice]:
    """Every device but those of latches, register and drivers of words."""
    return (flat for flat in flat_devices(whole) if not MEMORY.match(flat.word))


def without_memory(dut: Dut) -> Dut:
    """A tile without what stores and writes its weights, one subcircuit; nets inside are paths with underscores."""
    if dut.view == "post":
        kept = (line for line in _lines(dut.text) if not MEMORY.match(line[1:]) or line[0] != "X")
        return replace(dut, text="\n".join([*kept, ""]))
    lines = [device.spice() for device in merged(analog_devices(dut.cell.circuit))]
    head = " ".join([f".subckt {dut.name}", *dut.ports])
    return replace(dut, view="post", text="\n".join([head, *lines, f".ends {dut.name}", ""]))


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
    for row, col in np.ndindex(codes.shape):
        for bit, high in zip(BITS, code_bits(int(codes[row, col])), strict=True):
            for end, level in (("", high), ("b", 1 - high)):
                node = f"{bit_node(bit)}{end}"
                yield f"bit{row}_{col}_{node}", dut.inner(f"w{row}_{col}.{node}"), vdd * level
