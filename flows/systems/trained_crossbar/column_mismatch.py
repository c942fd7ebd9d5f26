"""Mismatch of a column's clamp and nudge: the columns that copies reach under currents that are drawn from them.

A clamp's knee and its pull level are the columns at two currents; a nudge's offset is the column with none, its slope
that of three readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.statistics.copies import shifting
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.probed import Point, Probe, ProbedStatistics

from .column_settings import ClampAnalysis, ClampSettings, NudgeAnalysis
from .column_stand import TIGHT, Stand

Array = NDArray[np.float64]
NUDGE_A = 1e-6
"""By which a nudge's column is pulled to either side."""


@dataclass(frozen=True)
class OfClamp(Probe):
    """A clamp, drawn down by either current while its source is at 1 V."""

    settings: ClampSettings
    names: ClassVar[Mapping[str, str]] = {"knee": "V", "pull_level": "V"}
    own: ClassVar[tuple[str, ...]] = ("col",)
    points: ClassVar[tuple[Point, ...]] = ({"v_knee": 1.0, "v_pull_level": 0.0}, {"v_knee": 0.0, "v_pull_level": 1.0})

    def lines(self, copies: int) -> Iterator[str]:
        for name, current in (("knee", self.settings.i_knee), ("pull_level", self.settings.i_pull)):
            yield f"v_{name} {name} 0 0"
            yield from (f"g_{name}_{k} col_{k} 0 {name} 0 {current!r}" for k in range(copies))

    def reading(self, op: Mapping[str, float], copy: int) -> float:
        return float(op[f"col_{copy}"]) - self.settings.rest

    def quantities(self, readings: Array) -> Array:
        return readings.T


@dataclass(frozen=True)
class OfNudge(Probe):
    """A nudge, drawn down by NUDGE_A for each volt of the source."""

    settings: NudgeAnalysis
    names: ClassVar[Mapping[str, str]] = {"offset": "V", "gm_error": "frac"}
    own: ClassVar[tuple[str, ...]] = ("col",)
    points: ClassVar[tuple[Point, ...]] = tuple({"v_pull": v} for v in (1.0, 0.0, -1.0))

    def lines(self, copies: int) -> Iterator[str]:
        yield from ("v_pull pull 0 0", f"v_target target 0 {self.settings.rest!r}")
        yield f"v_on on 0 {self.settings.vdd!r}"
        yield from (f"g_{k} col_{k} 0 pull 0 {NUDGE_A!r}" for k in range(copies))

    def reading(self, op: Mapping[str, float], copy: int) -> float:
        return float(op[f"col_{copy}"]) - self.settings.rest

    def quantities(self, readings: Array) -> Array:
        down, none, up = readings
        return np.array([-none, -np.log(up - down)]).T


@dataclass(frozen=True)
class ColumnStatistics(ProbedStatistics):
    """A clamp or a nudge."""

    settings: ClampAnalysis | NudgeAnalysis = field(default_factory=ClampAnalysis)

    @cached_property
    def probe(self) -> Probe:
        """How it is read."""
        return OfClamp(self.settings) if isinstance(self.settings, ClampAnalysis) else OfNudge(self.settings)

    @cached_property
    def bias_v(self) -> float:
        """The level of the tail's gate, which a diode without random errors sets."""
        around = self._around
        sizes = [*sizes_of(self.cell.circuit), *(size_of(d) for d in around.diode)]
        library = mismatch_library(sizes, self.model, "given")
        lines = [TIGHT, *around.supplies, around.current, *map(shifting(None, {}), around.diode)]
        with circuit(self.deck(library, lines)) as loaded:
            return loaded.op()["bias"]

    @property
    def stand(self) -> Sequence[str]:
        """Supplies, rest and the gate of all tails."""
        return [TIGHT, *self._around.supplies, f"v_bias bias 0 {self.bias_v!r}"]

    @property
    def point(self) -> dict[str, float]:
        """Current of the tail (A) and level of its gate (V)."""
        return {"i_tail": self._around.tail_a, "v_bias": self.bias_v}

    @cached_property
    def _around(self) -> Stand:
        return Stand(self.cell, self.settings)
