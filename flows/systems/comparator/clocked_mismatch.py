"""Mismatch of a clocked comparator: the inputs of each copy are moved until its latch stays undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.corners import corner

from .clocked import RAW, ClockedBench, ClockedPoint
from .copies import TEMP_DEGC, Line, copies_deck, copy_name
from .mismatch import OffsetAnalysis, OffsetStatistics
from .trip import Reading, find_reading, trips_v

HIGH_S = 1.0
"""The clock stays high: only what the latch does after its edge counts."""


class ClockedAnalysis(OffsetAnalysis, ClockedPoint):
    """Where a clocked comparator is judged."""


@dataclass(frozen=True)
class ClockedStatistics(OffsetStatistics):
    """The offset of a clocked comparator whose `q` was low before."""

    copies: ClassVar[int] = 6
    point_asked: ClockedPoint = field(default_factory=ClockedPoint)

    @property
    def bench(self) -> ClockedBench:
        return ClockedBench(self.point_asked, HIGH_S)

    @cached_property
    def reading(self) -> Reading:
        """When the latch is read, by a comparator without mismatch."""
        dut = make_dut(self.comparator, "schematic", corner("tt"), TEMP_DEGC)
        with circuit(dut.deck(*self.bench.lines())) as loaded:
            return find_reading(loaded, self.bench)

    def offsets_v(self, library: Path, lines: Sequence[Line]) -> NDArray[np.float64]:
        """The difference of the inputs at which each copy stays undecided, (copies,) V."""
        reading, names = self.reading, [copy_name(k) for k in range(len(lines))]
        held = [*self.bench.shared, *(line for name in names for line in self.bench.copy(name))]
        held += [f".save v({net}{name})" for name in names for net in RAW]
        with circuit(copies_deck(self.devices, library, lines, held)) as loaded:
            return trips_v(loaded, names, reading)
