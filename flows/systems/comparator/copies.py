"""Many copies of a comparator in one netlist, each with its own random parameters and its own inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.simulator.ngspice import deck
from analoom.pdk.errors import InputError

TEMP_DEGC = 27.0
SHARED = frozenset(("vdd", "vss", "clk"))

Line = Callable[[Mos], str]
"""The netlist line of a transistor, as a library state wants it."""


def copies_deck(devices: Sequence[FlatDevice], library: Path, lines: Sequence[Line], bench: Sequence[str]) -> str:
    """A deck of one copy of the transistors `devices` by each of `lines`, its nets with `copy_name` behind, and the
    `bench`."""
    placed = [line(device) for k, line in enumerate(lines) for device in _named(devices, copy_name(k))]
    return deck("comparators", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *bench, *placed)


def copy_name(copy: int) -> str:
    """What the nets of a copy end in."""
    return f"_{copy}"


def mos_of(flat: FlatDevice) -> Mos:
    """The transistor. Raises InputError for another device."""
    if not isinstance(flat.device, Mos):
        raise InputError(f"{flat.device.name} is no transistor", field="name")
    return flat.device


def device_path(flat: FlatDevice) -> str:
    """The device's path as one word."""
    return "_".join([*flat.path, flat.device.name])


def _named(devices: Sequence[FlatDevice], end: str) -> list[Mos]:
    """The transistors of one copy, on nets of its own."""
    return [
        replace(
            mos_of(flat),
            name=f"{device_path(flat)}{end}",
            nets={t: n if n in SHARED else f"{n.replace('.', '_')}{end}" for t, n in flat.nets.items()},
        )
        for flat in devices
    ]
