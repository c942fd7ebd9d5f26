"""Where clamp and nudge of a column are measured: supply, level of rest, tail, and the column that they hold."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.corners import VDD_V


def _of(default: Any, unit: str, text: str, **bounds: float) -> Any:
    return Field(default, description=text, json_schema_extra={"unit": unit}, **bounds)  # type: ignore[call-overload]


class ColumnSettings(Spec):
    """What both are asked."""

    vdd: float = _of(VDD_V, "V", "supply", ge=1.6, le=1.95)
    rest: float = _of(VDD_V / 2, "V", "level at which rows and columns rest", ge=0.7, le=1.1)
    i_tail: float | None = _of(
        None, "A", "current of the tail, set by a diode of its size (default the spec's)", gt=0, le=1e-3
    )
    c_column: float = _of(1e-12, "F", "capacitance of the column", ge=0, le=1e-10)
    within: float = _of(2e-5, "V", "how near to its last value the column has settled", gt=0, le=0.01)


class ClampSettings(ColumnSettings):
    """The column that a clamp holds."""

    i_knee: float = _of(1e-7, "A", "current at which the clamp is said to come on", gt=0, le=1e-5)
    i_pull: float = _of(5e-6, "A", "current at which its pull level and conductance are told", gt=0, le=1e-4)
    g_column: float = _of(1e-5, "S", "conductance of the column to what drives it", ge=1e-7, le=1e-3)
    drive: float = _of(0.05, "V", "what drives the column, from this far above rest to as far below", gt=0, le=0.3)


class NudgeSettings(ColumnSettings):
    """The column that a nudge drives."""

    g_column: float = _of(1e-4, "S", "load of the column to rest", ge=1e-7, le=1e-2)
    span: float = _of(0.02, "V", "largest distance of target and column for `bend`", gt=0, le=0.1)
    reach: float = _of(0.1, "V", "how far from rest `gm_low` and `gm_high` are told", gt=0, le=0.3)


class ClampAnalysis(AnalysisSettings, ClampSettings):
    """At which currents a clamp's spread is told."""


class NudgeAnalysis(AnalysisSettings, NudgeSettings):
    """At which level a nudge's spread is told."""
