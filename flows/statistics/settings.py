"""What every mismatch analysis is asked: limit, precision, gradients. Defaults are assumptions and say so."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import Spec


class AnalysisSettings(Spec):
    """What every kind takes. No installed file states a gradient: these are assumptions to be replaced by data."""

    limit: float | None = Field(
        None,
        gt=0,
        lt=1,
        allow_inf_nan=False,
        description="largest error of a good part, for the yield",
        json_schema_extra={"unit": "frac"},
    )
    precision: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="half width of the 95 % interval asked of a drawn sigma",
        json_schema_extra={"unit": "frac"},
    )
    gradient_frac_um: float = Field(
        1e-5, ge=0, le=1e-2, description="assumed process gradient of a capacitance", json_schema_extra={"unit": "1/um"}
    )
    gradient_vth: float = Field(
        1e-6, ge=0, le=1e-3, description="assumed gradient of a threshold voltage", json_schema_extra={"unit": "V/um"}
    )
    rho_unit: float = Field(
        0.99,
        gt=0,
        lt=1,
        description="assumed correlation of two units one um apart, for the coefficient L",
        json_schema_extra={"unit": "frac"},
    )
