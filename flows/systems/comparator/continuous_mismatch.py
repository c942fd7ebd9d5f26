"""Mismatch of a continuous comparator: the output is fed back, so that the inputs stand apart by the offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.flows.simulator.ngspice import circuit

from .continuous import ContinuousBench, ContinuousPoint
from .copies import Line, copies_deck, copy_name
from .mismatch import OffsetAnalysis, OffsetStatistics


class ContinuousAnalysis(OffsetAnalysis, ContinuousPoint):
    """Where a continuous comparator is judged."""


@dataclass(frozen=True)
class ContinuousStatistics(OffsetStatistics):
    """The offset of a continuous comparator."""

    copies: ClassVar[int] = 40
    point_asked: ContinuousPoint = field(default_factory=ContinuousPoint)

    def offsets_v(self, library: Path, lines: Sequence[Line]) -> NDArray[np.float64]:
        """The difference of the inputs of each copy with its output at half the supply, (copies,) V."""
        bench, names = ContinuousBench(self.point_asked), [copy_name(k) for k in range(len(lines))]
        held = [*bench.shared, *(line for name in names for line in bench.copy(name, closed=True))]
        with circuit(copies_deck(self.devices, library, lines, held)) as loaded:
            op = loaded.op()
        return np.array([op[f"d{name}"] for name in names])
