"""Where the parts of networks that train themselves are measured: levels of inputs and outputs, load, supply."""

from __future__ import annotations

from pydantic import Field, JsonValue

from analoom.cells.model.cell import Spec
from analoom.pdk.corners import VDD_V

VOLT: dict[str, JsonValue] = {"unit": "V"}


class PartSettings(Spec):
    """What all parts are asked."""

    i_tail: float | None = Field(
        None,
        gt=0,
        le=1e-5,
        description="current of the tail, set by a diode of its size (default the spec's)",
        json_schema_extra={"unit": "A"},
    )
    vdd: float = Field(VDD_V, ge=1.4, le=1.95, description="supply", json_schema_extra=VOLT)


class GilbertSettings(PartSettings):
    """Where a multiplier is measured."""

    v_x: float = Field(1.0, ge=0, le=1.95, description="common level of the upper inputs", json_schema_extra=VOLT)
    v_w: float = Field(
        0.7, ge=0, le=1.95, description="level of the lower input wn, about which wp moves", json_schema_extra=VOLT
    )
    v_out: float = Field(0.65, ge=0, le=1.95, description="level at which outputs are held", json_schema_extra=VOLT)
    span: float = Field(
        0.16, ge=0.02, le=0.3, description="largest difference of either input, for the fit", json_schema_extra=VOLT
    )


class SigmoidSettings(PartSettings):
    """Where a sigmoid is measured."""

    v_x: float = Field(0.65, ge=0, le=1.95, description="common level of the inputs", json_schema_extra=VOLT)
    span: float = Field(
        0.16, ge=0.02, le=0.3, description="largest difference of the inputs, for the fit", json_schema_extra=VOLT
    )
    c_load: float = Field(
        20e-15, ge=0, le=1e-12, description="capacitance from each output to ground", json_schema_extra={"unit": "F"}
    )


class BumpSettings(PartSettings):
    """Where a bump is measured."""

    v_x: float = Field(0.65, ge=0, le=1.95, description="common level of the inputs", json_schema_extra=VOLT)
    span: float = Field(0.3, ge=0.05, le=0.5, description="largest difference of the inputs", json_schema_extra=VOLT)
    v_out: float = Field(0.4, ge=0, le=1.95, description="level at which the output is held", json_schema_extra=VOLT)


class ErrorSettings(PartSettings):
    """Where an error amplifier is measured."""

    v_n: float = Field(0.65, ge=0, le=1.95, description="common level of the neuron's sums", json_schema_extra=VOLT)
    v_t: float = Field(0.7, ge=0, le=1.95, description="common level of the target", json_schema_extra=VOLT)
    span: float = Field(
        0.16, ge=0.02, le=0.3, description="largest difference of either pair, for the fit", json_schema_extra=VOLT
    )
    c_load: float = Field(
        20e-15, ge=0, le=1e-12, description="capacitance from each output to ground", json_schema_extra={"unit": "F"}
    )


class BackSettings(PartSettings):
    """Where what brings errors back is measured."""

    v_g: float = Field(1.0, ge=0, le=1.95, description="common level of the errors", json_schema_extra=VOLT)
    v_w: float = Field(0.7, ge=0, le=1.95, description="level wr, about which the weights move", json_schema_extra=VOLT)
    v_out: float = Field(
        0.7, ge=0, le=1.95, description="level at which the sum is held for its currents", json_schema_extra=VOLT
    )
    span: float = Field(
        0.16, ge=0.02, le=0.3, description="largest difference of error and of weight", json_schema_extra=VOLT
    )
    c_load: float = Field(
        20e-15,
        ge=0,
        le=1e-12,
        description="capacitance from each side of the sum to ground",
        json_schema_extra={"unit": "F"},
    )
