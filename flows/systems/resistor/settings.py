"""How a cell of resistors is measured, and what its mismatch analysis is asked."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.statistics.settings import AnalysisSettings


class Settings(Spec):
    """Voltages at which resistors are measured."""

    v: float = Field(0.1, ge=1e-4, le=5, description="voltage across each resistor", json_schema_extra={"unit": "V"})
    v_large: float = Field(
        1.0, ge=1e-4, le=5, description="voltage across a resistor for v_error", json_schema_extra={"unit": "V"}
    )
    v_middle: float = Field(
        0.9, ge=0, le=5, description="middle of both ends above the silicon", json_schema_extra={"unit": "V"}
    )


class ResistorAnalysis(AnalysisSettings):
    """Resistors are drawn at small voltages."""

    gradient_frac_um: float = Field(
        1e-5,
        ge=0,
        le=1e-2,
        description="assumed process gradient of a sheet resistance",
        json_schema_extra={"unit": "1/um"},
    )
