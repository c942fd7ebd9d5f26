"""What the mismatch analysis of a transistor cell is asked: its operating point."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.corners import THICK_SUPPLY
from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import InputError, SpecError


class TransistorAnalysis(AnalysisSettings):
    """Where a transistor cell is judged: by current or by gm/ID."""

    v_ds: float = Field(
        0.9, gt=0, le=THICK_SUPPLY.highest_v, description="drain-source voltage", json_schema_extra={"unit": "V"}
    )
    i_square: float | None = Field(
        None,
        gt=0,
        le=1e-3,
        description="drain current at the operating point by W/L (default 1e-6)",
        json_schema_extra={"unit": "A"},
    )
    gm_id: float | None = Field(
        None,
        gt=0,
        le=40,
        description="gm/ID at the operating point, instead of the current",
        json_schema_extra={"unit": "1/V"},
    )
    k_vth: float | None = Field(
        None,
        gt=0,
        le=0.1,
        description="threshold sigma of ONE device times sqrt(W L) (a pair's A_VT is sqrt(2) larger)",
        json_schema_extra={"unit": "V um"},
    )

    @model_validator(mode="after")
    def _one_point(self) -> Self:
        if self.i_square is not None and self.gm_id is not None:
            raise SpecError("gm_id", self.gm_id, "left out when i_square is given", instead="one of i_square and gm_id")
        return self


def checked_voltage(name: str, value_v: float | None, highest_v: float, device: MosDevice) -> None:
    """Raises InputError for a voltage that is too high for a transistor; None is none."""
    if value_v is not None and value_v > highest_v:
        said = f"{name} = {value_v:g} V is beyond what {device.name} takes: at most {highest_v:g} V"
        raise InputError(said, field=f"settings.{name}", remedy=f"--set {name}={highest_v:g}")
