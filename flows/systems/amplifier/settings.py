"""Where an amplifier is measured: supply, common mode, bias and load; how far it is driven, and what counts as good."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.pdk.corners import VDD_V


class AmplifierSettings(Spec):
    """The operating point."""

    vdd: float = Field(VDD_V, ge=1.2, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_cm: float = Field(
        0.9, ge=0, le=1.95, description="voltage at the inputs, and at the output", json_schema_extra={"unit": "V"}
    )
    i_bias: float = Field(
        2.5e-6, gt=0, le=1e-3, description="current into the pin bias", json_schema_extra={"unit": "A"}
    )
    c_load: float = Field(
        5e-12, ge=0, le=1e-9, description="capacitance from the output to ground", json_schema_extra={"unit": "F"}
    )
    r_load: float | None = Field(
        None,
        ge=1e3,
        le=1e12,
        description="resistance from the output to v_cm (default none)",
        json_schema_extra={"unit": "ohm"},
    )


class Settings(AmplifierSettings):
    """The bench."""

    step: float = Field(
        0.3, gt=0, le=1, description="step about v_cm, for slew rate and settling", json_schema_extra={"unit": "V"}
    )
    settled: float = Field(
        0.001,
        gt=0,
        lt=0.5,
        description="how near the output must stay, by the step",
        json_schema_extra={"unit": "frac"},
    )
    moved: float = Field(
        1e-3,
        gt=0,
        le=0.1,
        description="how far the offset may move over the range of the inputs",
        json_schema_extra={"unit": "V"},
    )
    gain_left: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="gain that is left at the ends of the output's swing, by that in its middle",
        json_schema_extra={"unit": "frac"},
    )
