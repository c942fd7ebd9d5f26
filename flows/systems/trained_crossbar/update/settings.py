"""At which levels and times an update is measured."""

from __future__ import annotations

from typing import Self

from pydantic import Field, JsonValue, model_validator

from analoom.cells.model.cell import Spec
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import SpecError

VOLT: dict[str, JsonValue] = {"unit": "V"}
SECOND: dict[str, JsonValue] = {"unit": "s"}
AMPERE: dict[str, JsonValue] = {"unit": "A"}


class UpdateSettings(Spec):
    """A sample: the column free, then moved; levels of the gates that steer, of the row and of the weight."""

    vdd: float = Field(VDD_V, ge=1.6, le=1.95, description="supply", json_schema_extra=VOLT)
    rest: float = Field(0.9, ge=0.7, le=1.1, description="level that column and row rest at", json_schema_extra=VOLT)
    high: float = Field(1.15, ge=0.9, le=1.4, description="level of the amplifier", json_schema_extra=VOLT)
    on_n: float = Field(
        0.9, ge=0.6, le=1.4, description="gate of an n transistor that passes the current", json_schema_extra=VOLT
    )
    on_p: float = Field(
        0.8, ge=0.3, le=1.1, description="gate of a p transistor that passes the current", json_schema_extra=VOLT
    )
    i_bias: float = Field(1e-6, ge=1e-7, le=1e-5, description="current into bias", json_schema_extra=AMPERE)
    free: float = Field(0.02, ge=-0.1, le=0.1, description="column from rest before it moves", json_schema_extra=VOLT)
    move: float = Field(3e-5, gt=0, le=1e-2, description="how far the column moves", json_schema_extra=VOLT)
    span: float = Field(
        3e-4, gt=0, le=1e-2, description="largest move that the bend is told for", json_schema_extra=VOLT
    )
    row: float = Field(0.08, gt=0, le=0.2, description="row from rest", json_schema_extra=VOLT)
    weight: float = Field(0.9, gt=0, lt=1.8, description="level of the bit line", json_schema_extra=VOLT)
    reach: float = Field(
        0.4, gt=0, le=0.8, description="how far the bit line goes to both sides of it", json_schema_extra=VOLT
    )
    t_az: float = Field(1e-6, gt=1e-7, le=1e-3, description="az is high so long", json_schema_extra=SECOND)
    t_null: float = Field(
        12e-6, gt=1e-7, le=1e-3, description="null is high so long after az fell", json_schema_extra=SECOND
    )
    t_settle: float = Field(
        8e-6, gt=2e-7, le=1e-3, description="from null's fall until the line is charged", json_schema_extra=SECOND
    )
    t_up: float = Field(2e-7, gt=2e-8, le=1e-4, description="how long the line is charged", json_schema_extra=SECOND)
    t_edge: float = Field(1e-8, ge=1e-9, le=1e-6, description="edges of all phases", json_schema_extra=SECOND)

    @model_validator(mode="after")
    def _within_the_supply(self) -> Self:
        if self.weight >= self.vdd:
            raise SpecError("settings.weight", self.weight, f"below the supply, {self.vdd:g} V", fix=self.vdd / 2)
        most = round(min(self.weight, self.vdd - self.weight), 9)
        if self.reach > most:
            bound = f"at most {most:g} V: the bit line stays between ground and {self.vdd:g} V"
            raise SpecError("settings.reach", self.reach, bound, fix=most)
        return self


class UpdateAnalysis(AnalysisSettings, UpdateSettings):
    """At which levels an update is judged."""
