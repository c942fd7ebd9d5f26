"""What an amplifier consists of, told by ports and nets: its pair, the load above, the output stage, its capacitor.

Whatever the names of its parts: a user's own amplifier is read in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Cap, Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.coefficients import cap_mismatch

from .stand import BIAS, FOLLOWER_INPUT, INPUT, OUTPUT

Devices = tuple[FlatDevice, ...]


@dataclass(frozen=True)
class Stages:
    """The transistors by what they do, and the capacitors; `output` and `sink` are empty for one stage."""

    plus: FlatDevice
    minus: FlatDevice
    tail: Devices
    load: Devices
    output: Devices
    sink: Devices
    caps_f: float

    @property
    def pair(self) -> Devices:
        """The input transistors."""
        return (self.plus, self.minus)


def stages_of(cell: Cell) -> Stages:
    """The stages of an amplifier or a follower. Raises InputError for a cell without an input pair."""
    every = list(flat_devices(cell.circuit))
    mos = [f for f in every if isinstance(f.device, Mos) and f.nets["d"] != f.nets["s"]]
    plus = _only(cell, [f for f in mos if f.nets["g"] in (INPUT, FOLLOWER_INPUT)], "at its input")
    shared = plus.nets["s"]
    minus = _only(cell, [f for f in mos if f.nets["s"] == shared and f is not plus], "beside it")
    drains = {plus.nets["d"], minus.nets["d"]}
    load = [f for f in mos if f.nets["d"] in drains and f not in (plus, minus)]
    first = drains - {f.nets["g"] for f in load}
    output = [f for f in mos if f.nets["d"] == OUTPUT and f.nets["g"] in first and f not in (plus, minus)]
    sink = [f for f in mos if f.nets["d"] == OUTPUT and f.nets["g"] == BIAS]
    tail = [f for f in mos if f.nets["d"] == shared]
    return Stages(
        plus, minus, tuple(tail), _above(plus, load), tuple(output), tuple(sink), _capacitance_f(every, minus)
    )


def _above(pair: FlatDevice, load: Sequence[FlatDevice]) -> Devices:
    """Those of the other polarity."""
    return tuple(f for f in load if is_p(f) != is_p(pair))


def is_p(flat: FlatDevice) -> bool:
    """Whether a transistor is a p one."""
    return isinstance(flat.device, Mos) and flat.device.device.is_p


def _capacitance_f(every: Sequence[FlatDevice], minus: FlatDevice) -> float:
    """Of all capacitors but one before an input's gate, F, by the installed models' own formula."""
    caps = [f.device for f in every if isinstance(f.device, Cap) and minus.nets["g"] not in f.nets.values()]
    return sum(cap_mismatch(c.device).capacitance_f(c.w_um, c.l_um) * c.m for c in caps)


def _only(cell: Cell, found: list[FlatDevice], where: str) -> FlatDevice:
    if len(found) != 1:
        raise InputError(f"{cell.name} has {len(found)} transistors {where}, not one: no amplifier", field="name")
    return found[0]
