"""Where a tile of pulses is measured: the levels at its pins, and what its outputs drive."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Spec
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import SpecError

LEAST_SWING_V = 0.05


class PulseLevels(Spec):
    """The levels at the pins of a tile."""

    vdd: float = Field(VDD_V, ge=1.6, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_cas: float = Field(
        0.95,
        ge=0.8,
        le=1.2,
        description="high level of a pulse at the weights, whose switches are cascodes then",
        json_schema_extra={"unit": "V"},
    )
    v_res: float = Field(
        1.3, ge=0.9, le=1.5, description="level to which columns are reset", json_schema_extra={"unit": "V"}
    )
    v_dump: float = Field(
        1.3,
        ge=0.9,
        le=1.95,
        description="where the sources' current flows between pulses",
        json_schema_extra={"unit": "V"},
    )

    @model_validator(mode="after")
    def _leaves_the_columns_room(self) -> Self:
        if self.v_res <= self.v_cas + LEAST_SWING_V:
            least = self.v_cas + LEAST_SWING_V
            raise SpecError("v_res", self.v_res, f"above {least:.3g} V, v_cas and a swing", fix=f"{least + 0.05:.3g}")
        return self
