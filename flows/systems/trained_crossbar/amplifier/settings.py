"""Where a column's amplifier is measured: supply, level of rest, tails, how far the column goes, and the load."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.corners import VDD_V


def _of(default: Any, unit: str, text: str, **bounds: float) -> Any:
    return Field(default, description=text, json_schema_extra={"unit": unit}, **bounds)  # type: ignore[call-overload]


class AmplifierSettings(Spec):
    """The column that an amplifier turns over, and the rows that it drives."""

    vdd: float = _of(VDD_V, "V", "supply", ge=1.6, le=1.95)
    rest: float = _of(VDD_V / 2, "V", "level at which rows and columns rest", ge=0.7, le=1.1)
    i_tail: float | None = _of(
        None, "A", "current of each tail, set by a diode of its size (default the spec's)", ge=1e-9, le=1e-5
    )
    swing: float = _of(0.05, "V", "how far the column moves either way for gain and conductance", gt=0, le=0.2)
    i_load: float = _of(5e-7, "A", "largest load current either way for copy and resistance", gt=0, le=1e-5)
    within: float = _of(0.005, "V", "how far off the output may be where range and largest currents end", gt=0, le=0.05)
    c_load: float = _of(1e-13, "F", "capacitance of the rows that it drives", ge=0, le=1e-10)


class AmplifierAnalysis(AnalysisSettings, AmplifierSettings):
    """At which levels the spread of an amplifier is told."""
