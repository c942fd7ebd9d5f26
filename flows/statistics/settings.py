"""What a mismatch analysis is asked: operating point, gradients, limits. Defaults are assumptions and say so."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Kind, Spec
from analoom.cells.model.reading import VDD_V
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.flows.systems.translinear.sources import MultiplierSettings
from analoom.pdk.errors import InputError, SpecError


class AnalysisSettings(Spec):
    """What every kind takes. No installed file states a gradient: these are assumptions to be replaced by data."""

    limit: float | None = Field(
        None, gt=0, lt=1, allow_inf_nan=False, description="largest error of a good part, for the yield (fraction)"
    )
    precision: float | None = Field(
        None, gt=0, lt=1, description="half width of the 95 % interval asked of a drawn sigma (fraction)"
    )
    gradient_frac_um: float = Field(
        1e-5, ge=0, le=1e-2, description="assumed process gradient of a capacitance", json_schema_extra={"unit": "1/um"}
    )
    gradient_vth: float = Field(
        1e-6, ge=0, le=1e-3, description="assumed gradient of a threshold voltage", json_schema_extra={"unit": "V/um"}
    )
    rho_unit: float = Field(
        0.99, gt=0, lt=1, description="assumed correlation of two units one um apart, for the coefficient L"
    )


class TransistorSettings(AnalysisSettings):
    """Where a transistor cell is judged: by current or by gm/ID."""

    v_ds: float = Field(0.9, gt=0, le=VDD_V, description="drain-source voltage", json_schema_extra={"unit": "V"})
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
            raise SpecError("gm_id", self.gm_id, "left out when i_square is given")
        return self


class CapacitorSettings(AnalysisSettings):
    """Nothing more: capacitors have no operating point."""


class MacSettings(AnalysisSettings):
    """What is asked of a multiplier's weights."""

    yield_min: float | None = Field(
        None, gt=0, lt=1, description="least predicted share of arrays whose weights all step true to half an LSB"
    )


class ArraySettings(AnalysisSettings, ReadSettings):
    """How an array is read."""

    ir_drop: bool | None = Field(None, description="solve the IR drop too (default: up to 64 x 64 synapses)")

    k_vth: float | None = Field(
        None,
        gt=0,
        le=0.1,
        description="threshold sigma of ONE device times sqrt(W L), instead of the models'",
        json_schema_extra={"unit": "V um"},
    )


class MultiplierAnalysis(AnalysisSettings, MultiplierSettings):
    """At which bias and code a multiplier is judged."""


SETTINGS: dict[Kind, type[AnalysisSettings]] = {
    Kind.DEVICE: TransistorSettings,
    Kind.PAIR: TransistorSettings,
    Kind.MIRROR: TransistorSettings,
    Kind.CAPACITOR: CapacitorSettings,
    Kind.SYNAPSE: ArraySettings,
    Kind.ARRAY: ArraySettings,
    Kind.MULTIPLIER: MultiplierAnalysis,
    Kind.MAC: MacSettings,
}


def settings_of(kind: Kind) -> type[AnalysisSettings]:
    """The settings of a kind's mismatch. Raises InputError for a kind without mismatch metrics."""
    if kind not in SETTINGS:
        raise InputError(f"there are no mismatch metrics for a {kind.value}", field="name")
    return SETTINGS[kind]
