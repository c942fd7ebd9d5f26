"""The spec of an array of matched resistors: model, size of a unit, ratios and how the units stand and are joined."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from analoom.cells.model.cell import LengthUm, Spec, least_by
from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.resistor.strip import Strip
from analoom.pdk import rules
from analoom.pdk.devices import RES_WIDTHS_UM, RESISTORS
from analoom.pdk.errors import SpecError
from analoom.pdk.resistor.value import length_of
from analoom.pdk.units import to_nm, to_um

MOST_RESISTORS, MOST_UNITS, MOST_ROWS = 16, 1024, 16
"""Bounds on an array: no rule sets them, they keep its tracks and its extraction within reach."""
L_DEFAULT, L_MAX = 5.0, 200.0

PolyName = Literal["res_generic_po", "res_high_po", "res_xhigh_po"]
Connect = Literal["series", "parallel"]
ResPattern = Literal["common_centroid", "interdigitated"]
Ratio = Annotated[int, Field(ge=1, strict=True)]


def _fits(ratios: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= len(ratios) <= MOST_RESISTORS or sum(ratios) > MOST_UNITS:
        given = f"{len(ratios)} resistors, {sum(ratios)} units given"
        raise ValueError(f"1 to {MOST_RESISTORS} resistors, at most {MOST_UNITS} units in all ({given})")
    return ratios


class ResArraySpec(Spec):
    """Resistors of equal units. A unit's length is `l`, or what gives it the value `r_unit`, heads included."""

    device: PolyName = Field("res_xhigh_po", description="model: 48, 325 or 2000 ohm a square")
    w: LengthUm = Field(
        0.69,
        ge=to_um(rules.RESISTOR_MARKER_WIDTH.value_nm),
        le=10,
        description="width of a unit; of res_high_po and res_xhigh_po 0.35, 0.69, 1.41, 2.85 or 5.73",
        json_schema_extra=least_by(rules.RESISTOR_MARKER_WIDTH),
    )
    l: LengthUm = Field(  # noqa: E741
        L_DEFAULT,
        ge=to_um(rules.RESISTOR_MARKER_LENGTH.value_nm),
        le=L_MAX,
        description="length of a unit's body, where r_unit is not given",
        json_schema_extra=least_by(rules.RESISTOR_MARKER_LENGTH),
    )
    r_unit: float | None = Field(
        None,
        gt=0,
        le=1e8,
        allow_inf_nan=False,
        description="value of a unit with its heads, typical, at the model's own temperature: sets the length, not l",
        json_schema_extra={"unit": "ohm"},
    )
    ratios: Annotated[
        tuple[Ratio, ...],
        AfterValidator(_fits),
        Field(
            description="units of each resistor, on the pins p1 and n1, p2 and n2, ...",
            json_schema_extra={"unit": "unit resistors", "minItems": 1, "maxItems": MOST_RESISTORS},
        ),
    ] = (1, 2, 4)
    connect: Connect = Field("series", description="how the units of one resistor are joined")
    pattern: ResPattern = Field("common_centroid", description="order of the units: about one centre, or in turn")
    rows: int = Field(1, ge=1, le=MOST_ROWS, description="rows of units")
    dummies: bool = Field(True, description="a dummy at either end of each row, both its ends on the body")

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        _check_width(self)
        _check_length(self)
        if self.rows > sum(self.ratios):
            bound = f"at most {sum(self.ratios)}, the units of all resistors"
            raise SpecError("rows", self.rows, bound, fix=sum(self.ratios))
        return self

    @property
    def l_um(self) -> float:
        """Length of a unit's body, to the grid of the contacts."""
        if self.r_unit is None:
            return self.l
        grid_um = to_um(CUT_GRID_NM)
        return round(round(length_of(self.device, self.w, self.r_unit) / grid_um) * grid_um, 6)

    @property
    def strip(self) -> Strip:
        """A unit as it is drawn."""
        return Strip(RESISTORS[self.device], to_nm("w", self.w), to_nm("l", self.l_um))


def _check_width(spec: ResArraySpec) -> None:
    if spec.device != "res_generic_po" and spec.w not in RES_WIDTHS_UM:
        known = ", ".join(f"{w:g}" for w in RES_WIDTHS_UM)
        nearest = min(RES_WIDTHS_UM, key=lambda w: abs(w - spec.w))
        raise SpecError("w", spec.w, f"one of {known} um for {spec.device}", rules.RESISTOR_WIDTHS.id, fix=nearest)


def _check_length(spec: ResArraySpec) -> None:
    if spec.r_unit is None:
        if to_nm("l", spec.l) % CUT_GRID_NM:
            bound = f"a multiple of {to_um(CUT_GRID_NM):g} um, the grid of the contacts"
            raise SpecError("l", spec.l, bound, fix=to_um(round(spec.l * 1000 / CUT_GRID_NM) * CUT_GRID_NM))
        return
    if spec.l != L_DEFAULT:
        raise SpecError("l", spec.l, "left out where r_unit is given", instead=f"r_unit={spec.r_unit:g}")
    least = to_um(rules.RESISTOR_MARKER_LENGTH.value_nm)
    if not least <= spec.l_um <= L_MAX:
        bound = f"such that a unit is {least:g} to {L_MAX:g} um long; {spec.l_um:g} um is asked"
        raise SpecError("r_unit", spec.r_unit, bound, rules.RESISTOR_MARKER_LENGTH.id)
