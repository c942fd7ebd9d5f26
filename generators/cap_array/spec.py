"""The spec of a capacitor array: weights, unit, pattern, dummies and stubs, each refused where it does not fit."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import LengthUm, Spec
from analoom.generators.matching.orders import Pattern
from analoom.pdk.errors import SpecError, as_given
from analoom.pdk.units import to_nm, to_um

from .top_fingers import FingerTops
from .top_met4 import Met4Tops
from .top_met5 import Met5Tops
from .top_plates import TopWires
from .top_stack import StackTops

MOST_WEIGHTS, MOST_UNITS = 64, 4096
"""Bounds on a weight list: no rule sets them, they keep one array within reach of one grid."""

TOPS: dict[str, type[TopWires]] = {
    "cap_mim_m3_1": Met4Tops,
    "cap_mim_m3_2": Met5Tops,
    "stacked": StackTops,
    "mom": FingerTops,
}
"""What draws the common net over each kind of unit."""

ARRAY_METALS = "met3-met4"
"""The metals of finger units in an array."""

Weight = Annotated[int, Field(ge=1, strict=True)]


def _fits(weights: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= len(weights) <= MOST_WEIGHTS or sum(weights) > MOST_UNITS:
        given = f"{len(weights)} weights, {sum(weights)} units given"
        raise ValueError(f"1 to {MOST_WEIGHTS} weights, at most {MOST_UNITS} units in all ({given})")
    return weights


class CapArraySpec(Spec):
    """A capacitor array with integer weights."""

    weights: Annotated[
        tuple[Weight, ...],
        AfterValidator(_fits),
        Field(
            description="units of each weight, one bottom pin each (b0, b1, ...)",
            json_schema_extra={"unit": "unit capacitors", "minItems": 1, "maxItems": MOST_WEIGHTS},
        ),
    ] = (1, 1, 2, 4)
    unit: Annotated[UnitCapSpec, Field(description="the unit capacitor")] = UnitCapSpec()
    pattern: Annotated[Pattern, Field(description="order in which the weights take their sites")] = "optimised"
    dummies: Annotated[bool, Field(description="a ring of dummy units around the array")] = True
    stubs: Annotated[
        tuple[Annotated[LengthUm, Field(ge=0)], ...],
        Field(
            description="length of stubs of `top` over each weight's plates, to balance wires; () for none",
            json_schema_extra={"unit": "um"},
        ),
    ] = ()

    @model_validator(mode="after")
    def _fingers_fit(self) -> Self:
        if self.unit.device != "mom":
            return self
        if self.unit.fingers.layers != ARRAY_METALS:
            bound = f"{ARRAY_METALS}: an array wires its units on met1 and met2 below them"
            raise SpecError("unit.fingers.layers", self.unit.fingers.layers, bound, fix=ARRAY_METALS)
        if not self.dummies:
            bound = "true for mom units: met2 from ring to ring hides the wires from them"
            raise SpecError("dummies", False, bound, fix=True)
        return self

    @model_validator(mode="after")
    def _stubs_fit(self) -> Self:
        if self.stubs and len(self.stubs) != len(self.weights):
            raise SpecError("stubs", list(self.stubs), f"one per weight ({len(self.weights)})", fix=[])
        room = TOPS[self.unit.device].stub_room_nm(self.unit)
        for weight, (length, units) in enumerate(zip(self.stubs, self.weights, strict=False)):
            if to_nm("stubs", length) > units * room:
                shorter = [min(x, to_um(n * room)) for x, n in zip(self.stubs, self.weights, strict=True)]
                bound = f"at most {to_um(room):g} um a unit"
                raise SpecError(f"stubs.{weight}", length, bound, instead=f"stubs={as_given(shorter)}")
        return self
