"""What a charge-domain multiplier is: its size, its unit capacitor and its switches."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import LengthUm, Spec
from analoom.cells.strip.gates import L_MIN_UM, W_MIN_UM
from analoom.cells.switch.analog_switch import FINGERS, finger_nm
from analoom.pdk.devices import MIM_M3
from analoom.pdk.errors import SpecError

Variant = Literal["complementary", "naive"]


class ChargeMacSpec(Spec):
    """A charge-domain multiply-accumulate array. The weights are no part of it: they are inputs of a simulation."""

    inputs: int = Field(4, ge=1, le=64, description="number of inputs, each with its mirror image about vcm")
    bits: int = Field(4, ge=2, le=6, description="bits of a weight, sign included")
    outputs: int = Field(1, ge=1, le=8, description="number of outputs: weighted sums of the same inputs")
    variant: Variant = Field(
        "complementary",
        description="where a unit goes whose bit is 0: to vcm, so that none is lost (complementary), or nowhere",
    )
    unit: Annotated[UnitCapSpec, Field(description="the unit capacitor, a cap_mim_m3_1")] = UnitCapSpec()
    w_select: LengthUm = Field(
        W_MIN_UM,
        ge=W_MIN_UM,
        le=5.0,
        description="width of the transistors that switch units and signs",
        json_schema_extra={"unit": "um"},
    )
    w_switch: LengthUm = Field(
        1.0,
        ge=FINGERS * W_MIN_UM,
        le=10.0,
        description="width of the transistors that reset, two fingers",
        json_schema_extra={"unit": "um"},
    )
    w_sample: LengthUm = Field(
        1.0,
        ge=FINGERS * W_MIN_UM,
        le=10.0,
        description="width of the transistors that sample, two fingers",
        json_schema_extra={"unit": "um"},
    )
    l: LengthUm = Field(  # noqa: E741
        L_MIN_UM, ge=L_MIN_UM, le=2.0, description="length of all those transistors", json_schema_extra={"unit": "um"}
    )
    dummies: bool = Field(True, description="half-size dummies beside the reset and the sampling switch")

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        if self.unit.device != MIM_M3.name:
            rule = "the bits take met3 and met4 beside it"
            raise SpecError("unit.device", self.unit.device, MIM_M3.name, rule, fix=MIM_M3.name)
        finger_nm("w_switch", self.w_switch)
        finger_nm("w_sample", self.w_sample)
        return self

    @property
    def weights(self) -> tuple[int, ...]:
        """Units of each magnitude bit, the least first."""
        return tuple(2**k for k in range(self.bits - 1))

    @property
    def largest(self) -> int:
        """The largest weight: all units of a tile."""
        return int(2 ** (self.bits - 1)) - 1

    @property
    def sign(self) -> int:
        """Number of the bit that holds the sign."""
        return self.bits - 1

    @property
    def keeps_capacitance(self) -> bool:
        """Whether every unit stays connected whatever the weight is."""
        return self.variant == "complementary"
