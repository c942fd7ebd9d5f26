"""Mismatch of an auto-zeroed comparator: what opening the switch at the gate adds, from transients of many copies.

The switch and its dummy are shifted one parameter at a time; the comparator's own offset is divided by its gain and
left out of the formula. ngspice draws all transistors, as a judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, Term, in_copy, terms_of
from analoom.flows.systems.amplifier.phases import ideal_caps
from analoom.flows.systems.amplifier.zeroed_copies import at_the_gate, touching
from analoom.generators.amplifier.auto_zero import GATE, PHASES, PLATE
from analoom.pdk.corners import corner

from .continuous import ContinuousPoint
from .continuous_mismatch import ContinuousStatistics
from .copies import TEMP_DEGC
from .zeroed import READ_S, shared_lines

A_STEP_S = 1e-9

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ZeroedStatistics(ContinuousStatistics):
    """The offset that the phases of a comparator leave."""

    copies: ClassVar[int] = 25

    @property
    def devices(self) -> list[FlatDevice]:
        """Every transistor that carries current, and the dummies on the gate."""
        return touching(self.comparator.circuit)

    @property
    def terms(self) -> list[Term]:
        """The random parameters of the switch at the gate and its dummy."""
        return terms_of(at_the_gate(self.devices), self.model)

    def offsets_v(self, library: Path, lines: Sequence[Line]) -> Array:
        """What opening the switch adds in each copy, (copies,) V."""
        dut = make_dut(self.comparator, "schematic", corner("tt"), TEMP_DEGC)
        return steps_v(dut, self.devices, library, lines, self.point_asked)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out."""
        return ("the offset by all but the switch at the gate is left out: it is divided by the comparator's gain",)


def steps_v(
    dut: Dut, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line], point: ContinuousPoint
) -> Array:
    """What opening the switch adds in each copy of the transistors `devices`, (copies,) V."""
    saved = ".save " + " ".join(f"v({net}_{k})" for k in range(len(copies)) for net in (GATE, PLATE))
    with circuit(deck("zeroed", *_netlist(dut, devices, library, copies, point), saved)) as loaded:
        found = loaded.run(f"tran {A_STEP_S!r} {READ_S!r} 0 {A_STEP_S!r}")
    held = [found[f"{GATE}_{k}"] - found[f"{PLATE}_{k}"] for k in range(len(copies))]
    return np.array([v[-1] - v[0] for v in held])


def _netlist(
    dut: Dut, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line], point: ContinuousPoint
) -> Iterator[str]:
    shared = {"vdd", "vss", "inp", "inn", *PHASES}
    yield from (f'.include "{library}"', f".temp {TEMP_DEGC:g}", *shared_lines(point))
    yield from (f"v_in inp 0 {point.v_cm!r}", "v_same inn inp 0")
    for k, line in enumerate(copies):
        yield f"i_b_{k} vdd bias_{k} {point.i_bias!r}"
        yield from (line(in_copy(f, f.mos, shared, k)) for f in devices)
        yield from ideal_caps(dut.cell.circuit, shared, k)
