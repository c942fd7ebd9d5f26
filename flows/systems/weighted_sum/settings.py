"""Where a weighted sum is measured, and what its mismatch is counted against."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.corners import VDD_V


class Settings(Spec):
    """The surroundings; bias currents, reference and range are those of the cell's own spec."""

    vdd: float = Field(VDD_V, ge=1.2, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_mid: float = Field(
        VDD_V / 2,
        ge=0.4,
        le=1.4,
        description="voltage on mid, from which all are counted",
        json_schema_extra={"unit": "V"},
    )
    c_load: float = Field(
        5e-12, ge=0, le=1e-9, description="capacitance from out to ground", json_schema_extra={"unit": "F"}
    )


class SumAnalysis(AnalysisSettings, Settings):
    """What errors are counted against."""

    full_scale: float = Field(
        7.0,
        gt=0,
        le=18,
        description="what sum_error_frac and its limit count the error by",
        json_schema_extra={"unit": "MU of 0.1 V"},
    )
    gradient_frac_um: float = Field(
        1e-5,
        ge=0,
        le=1e-2,
        description="assumed process gradient of a sheet resistance",
        json_schema_extra={"unit": "1/um"},
    )
