"""The input stage of every amplifier here: an n pair, the p mirror above it, and the n mirror of the bias currents.

Each side of the load is two units, so that it has a common centre; one unit of the bias mirror takes the bias current.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, TypeVar

from pydantic import Field, model_validator

from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH
from analoom.cells.model.cell import LengthUm, Spec
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec
from analoom.generators.transistors.matched_pair import MatchedPairSpec
from analoom.pdk.errors import SpecError

LOAD_UNITS = 2
"""Units of the load on each side."""
MOST_TAIL = 16
SUPPLY_NM = 1500
"""Width of the supplies, where there is room: a wire of met3 comes to such a pin between wide metal on both sides."""
P_DEVICE = "pfet_01v8"

S = TypeVar("S", bound=Spec)


class InputStageSpec(Spec):
    """`w` is the width of each input transistor, `w_load` of one unit of the load, `w_unit` of a unit of bias."""

    w: LengthUm = Field(20.0, description="gate width of each input transistor", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(1.0, description="gate length of the input pair", json_schema_extra=GATE_LENGTH)  # noqa: E741
    nf: int = Field(4, ge=2, description="fingers of each input transistor, even")
    w_load: LengthUm = Field(
        4.0, description="gate width of a unit of the load, two a side", json_schema_extra=GATE_WIDTH
    )
    l_load: LengthUm = Field(2.0, description="gate length of the load", json_schema_extra=GATE_LENGTH)
    w_unit: LengthUm = Field(
        5.0, description="gate width of a unit of the bias mirror, one takes the bias", json_schema_extra=GATE_WIDTH
    )
    l_unit: LengthUm = Field(2.0, description="gate length of the bias mirror", json_schema_extra=GATE_LENGTH)
    tail: int = Field(
        4, ge=1, le=MOST_TAIL, description="the pair's current", json_schema_extra={"unit": "bias currents"}
    )

    @model_validator(mode="after")
    def _stage_is_drawable(self) -> Self:
        pair_spec(self)
        load_spec(self)
        bias_spec(self, self.tail)
        return self


def pair_spec(spec: InputStageSpec) -> MatchedPairSpec:
    """Of the input pair. Raises SpecError."""
    return asked(MatchedPairSpec, {"w": spec.w, "l": spec.l, "nf": spec.nf}, {})


def load_spec(spec: InputStageSpec) -> CurrentMirrorSpec:
    """Of the mirror above the pair. Raises SpecError under the names of the fields here."""
    size = {"device": P_DEVICE, "w": spec.w_load, "l": spec.l_load, "ratios": (LOAD_UNITS, LOAD_UNITS)}
    return asked(CurrentMirrorSpec, size, {"w": "w_load", "l": "l_load"})


def bias_spec(spec: InputStageSpec, *outputs: int, rows: int = 1) -> CurrentMirrorSpec:
    """Of the bias mirror: one unit in, then units by output, in `rows`. Raises SpecError."""
    pattern = {"pattern": "centroid_2d", "rows": rows} if rows > 1 else {}
    size = {"w": spec.w_unit, "l": spec.l_unit, "ratios": (1, *outputs), **pattern}
    return asked(CurrentMirrorSpec, size, {"w": "w_unit", "l": "l_unit"})


def asked(spec_type: type[S], fields: Mapping[str, object], names: Mapping[str, str]) -> S:
    """The spec of a cell below; a value that it refuses is told by the name of the field here."""
    try:
        return spec_type.parse(fields)
    except SpecError as error:
        here = names.get(error.field or "", error.field or "")
        _, equals, value = (error.remedy or "").partition("=")
        raise SpecError(here, error.value, error.bound, error.rule, fix=value if equals else None) from None
