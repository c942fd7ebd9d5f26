"""Many copies of a comparator in one netlist, each with its own random parameters and its own inputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.simulator.ngspice import deck
from analoom.flows.statistics.copies import Line, in_copy

TEMP_DEGC = 27.0
SHARED = frozenset(("vdd", "vss", "clk"))


def copies_deck(devices: Sequence[FlatDevice], library: Path, lines: Sequence[Line], bench: Sequence[str]) -> str:
    """A deck of one copy of the transistors `devices` by each of `lines`, its nets with `copy_name` behind, and the
    `bench`."""
    placed = [line(in_copy(flat, flat.mos, SHARED, k)) for k, line in enumerate(lines) for flat in devices]
    return deck("comparators", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *bench, *placed)


def copy_name(copy: int) -> str:
    """What the nets of a copy end in."""
    return f"_{copy}"
