"""What a translinear multiplier is asked to be: its form, where its bodies go, and the sizes of its three families."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, MosfetSpec
from analoom.cells.model.cell import LengthUm, Spec
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec
from analoom.generators.transistors.matched_pair import MatchedPairSpec
from analoom.generators.wiring.top_metal import TOP_METAL, TopMetal
from analoom.pdk.errors import SpecError

FINGERS = 2
MOST_BITS = 6
"""Legs of more bits than these have more units than one row of matched transistors can feed with taps."""


class TranslinearSpec(Spec):
    """`w` is the total width of each loop device, `w_unit` of a unit of the n mirror and of the bias DAC (a code step
    of one), `w_out` of a unit of the mirrors that feed and load the output pair."""

    form: Literal["gate_pmos", "nmos"] = Field(
        "gate_pmos", description="p diodes into a p pair, both driven at gates; or n sources into an n pair's gates"
    )
    body: Literal["ground", "source"] = Field(
        "ground", description="bodies of the loop's n transistors (form nmos): grounded, or tied to their sources"
    )
    w: LengthUm = Field(1.92, description="total gate width of each loop device", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(0.94, description="gate length of the loop", json_schema_extra=GATE_LENGTH)  # noqa: E741
    nf: int = Field(2, ge=2, description="fingers of each loop device, even")
    w_unit: LengthUm = Field(1.92, description="gate width of a bias unit", json_schema_extra=GATE_WIDTH)
    l_unit: LengthUm = Field(0.94, description="gate length of a bias unit", json_schema_extra=GATE_LENGTH)
    w_out: LengthUm = Field(1.92, description="gate width of an output mirror's unit", json_schema_extra=GATE_WIDTH)
    l_out: LengthUm = Field(0.94, description="gate length of an output mirror", json_schema_extra=GATE_LENGTH)
    w_switch: LengthUm = Field(1.92, description="gate width of the DAC's switches", json_schema_extra=GATE_WIDTH)
    l_switch: LengthUm = Field(0.22, description="gate length of the switches", json_schema_extra=GATE_LENGTH)
    top_metal: TopMetal = TOP_METAL
    bits: int = Field(5, ge=1, le=MOST_BITS, description="bits of the bias DAC: I2/I1 = 0.5 + 0.5 code")

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        if self.form == "gate_pmos" and self.body == "source":
            rule = "its n-wells are tied to the sources already"
            raise SpecError("body", self.body, "ground for gate_pmos", rule, fix="ground")
        loop = "pfet_01v8" if self.form == "gate_pmos" else "nfet_01v8"
        well = "islands" if self.body == "source" else "common"
        _asked(MatchedPairSpec, {"device": loop, "w": self.w, "l": self.l, "nf": self.nf, "well": well}, {})
        for name in ("unit", "out"):
            size = {"w": getattr(self, f"w_{name}"), "l": getattr(self, f"l_{name}")}
            _asked(CurrentMirrorSpec, size, {"w": f"w_{name}", "l": f"l_{name}"})
        _asked(MosfetSpec, {"w": self.w_switch, "l": self.l_switch, "nf": FINGERS}, {"w": "w_switch", "l": "l_switch"})
        return self

    @property
    def codes(self) -> int:
        """Number of codes."""
        return 2**self.bits


def _asked(spec_type: type[Spec], fields: dict[str, object], names: dict[str, str]) -> None:
    """Lets a cell below refuse its size, under the field's name here."""
    try:
        spec_type.parse(fields)
    except SpecError as error:
        here = names.get(error.field or "", error.field or "")
        _, equals, value = (error.remedy or "").partition("=")
        raise SpecError(here, error.value, error.bound, error.rule, fix=value if equals else None) from None
