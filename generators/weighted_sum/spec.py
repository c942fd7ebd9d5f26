"""The spec of a weighted sum: coefficients, range, form, unit resistor, amplifier; a search finds its units."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from analoom.cells.model.cell import LengthUm, Spec
from analoom.generators.amplifier.opamp import OpampSpec
from analoom.generators.res_array.spec import MOST_RESISTORS, MOST_ROWS, MOST_UNITS, ResArraySpec, ResPattern
from analoom.pdk.errors import SpecError

from .network import REFERENCE, Network
from .synthesis import Form, Terms, error_frac, fewest, front, names, network
from .within import check_load, check_rails

MOST_INPUTS = 8
LOW_OFFSET = OpampSpec(w=64.0, nf=16, w_cap=36.0)
"""A larger pair, for two thirds of the offset, and a larger capacitor, for as much of margin: 77 degrees at 5 pF."""


def _terms_fit(values: tuple[float, ...]) -> tuple[float, ...]:
    if not 1 <= len(values) <= MOST_INPUTS or 0.0 in values:
        raise ValueError(f"1 to {MOST_INPUTS} numbers, none of them 0 ({len(values)} given)")
    return values


class WeightedSumSpec(Spec):
    """out = sum of coefficients[k] times in<k+1>, + constant, in machine units (MU) of 0.1 V about `mid`."""

    coefficients: Annotated[
        tuple[Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)], ...],
        AfterValidator(_terms_fit),
        Field(
            description="what a unit on in1, in2, ... makes at out",
            json_schema_extra={"unit": "MU/MU", "minItems": 1, "maxItems": MOST_INPUTS},
        ),
    ] = (-0.35, 5.24)
    constant: float = Field(
        2.6, ge=-9, le=9, description="out with all inputs on mid", json_schema_extra={"unit": "MU of 0.1 V"}
    )
    reference: float = Field(
        1.0,
        gt=0,
        le=9,
        description="voltage on ref above mid, which makes the constant",
        json_schema_extra={"unit": "MU of 0.1 V"},
    )
    input_range: float = Field(
        0.75,
        gt=0,
        le=9,
        description="how far each input goes from mid, both ways",
        json_schema_extra={"unit": "MU of 0.1 V"},
    )
    form: Form = Field(
        "one",
        description="one amplifier, inputs of either sign on either side; or three: a summing one, and an inverter "
        "before it for each positive input",
    )
    error: float = Field(
        0.005,
        gt=0,
        le=0.5,
        description="largest error of a coefficient by whole units and finite gain",
        json_schema_extra={"unit": "frac"},
    )
    most_units: int = Field(160, ge=2, le=MOST_UNITS, description="resistors of one unit that may be used in all")
    units: tuple[Annotated[int, Field(ge=0, strict=True)], ...] | None = Field(
        None,
        description="units of feedback, inputs, ref, then of the rests to mid (one) or of the inverters, two each "
        "(three); found by a search where not given",
        json_schema_extra={"unit": "unit resistors"},
    )
    device: Literal["res_high_po", "res_xhigh_po"] = Field("res_xhigh_po", description="model of the resistors")
    w_unit: LengthUm = Field(1.41, gt=0, description="width of a unit resistor: 0.35, 0.69, 1.41, 2.85 or 5.73")
    r_unit: float = Field(
        3e4, gt=0, le=1e8, description="value of a unit resistor, heads included", json_schema_extra={"unit": "ohm"}
    )
    rows: int = Field(2, ge=1, le=MOST_ROWS, description="rows of unit resistors")
    pattern: ResPattern = Field("common_centroid", description="order of the units: about one centre, or in turn")
    opamp: OpampSpec = Field(LOW_OFFSET, description="sizes of each amplifier")
    open_gain: float = Field(
        4000.0,
        ge=10,
        le=1e7,
        description="gain of the amplifier that units are chosen for",
        json_schema_extra={"unit": ""},
    )
    i_bias: float = Field(
        2.5e-6, gt=0, le=1e-3, description="bias current of each amplifier", json_schema_extra={"unit": "A"}
    )

    @model_validator(mode="after")
    def _makes_the_sum(self) -> Self:
        check_rails(self.terms, self.reference, self.input_range)
        _check_count(self)
        made = self.network
        self.array  # noqa: B018
        sink_a = self.opamp.sink_units * self.i_bias
        check_load(made, self.terms, (self.reference, self.input_range), self.r_unit, sink_a)
        return self

    @property
    def terms(self) -> Terms:
        """The wanted coefficient of each net, that of the reference too where there is a constant."""
        given = tuple((f"in{k}", c) for k, c in enumerate(self.coefficients, 1))
        return (*given, *(((REFERENCE, round(self.constant / self.reference, 12)),) if self.constant else ()))

    @property
    def network(self) -> Network:
        """Resistors in units, and stages. Raises SpecError where no units come near enough."""
        return network(self.terms, self.form, self.units or _searched(self))

    @property
    def error_frac(self) -> float:
        """The relative error of the worst coefficient by whole units and finite gain."""
        return error_frac(self.terms, self.form, self.units or _searched(self), self.open_gain)

    @property
    def array(self) -> ResArraySpec:
        """All resistors. Raises SpecError under the names of the fields here."""
        fields = {"device": self.device, "w": self.w_unit, "r_unit": self.r_unit, "rows": self.rows}
        try:
            return ResArraySpec.parse({**fields, "pattern": self.pattern, "ratios": self.network.units})
        except SpecError as error:
            here = {"w": "w_unit", "ratios": "units"}.get(error.field or "", error.field or "")
            _, equals, value = (error.remedy or "").partition("=")
            raise SpecError(here, error.value, error.bound, error.rule, fix=value if equals else None) from None


def _check_count(spec: WeightedSumSpec) -> None:
    """As many resistors as an array holds, and given units for all of them."""
    wanted = names(spec.terms, spec.form)
    if len(wanted) > MOST_RESISTORS:
        bound = f"one: {len(wanted)} resistors are more than the {MOST_RESISTORS} of an array"
        raise SpecError("form", spec.form, bound, fix="one")
    if spec.units is None:
        return
    rests = range(len(wanted) - 2, len(wanted)) if spec.form == "one" else ()
    if len(spec.units) != len(wanted) or any(n < 1 for k, n in enumerate(spec.units) if k not in rests):
        bound = f"a number each of {', '.join(wanted)}; 0 only of a rest that is left out"
        raise SpecError("units", spec.units, bound)


def _searched(spec: WeightedSumSpec) -> tuple[int, ...]:
    """The fewest units whose error is small enough. Raises SpecError with the nearest that there are."""
    asked = (spec.terms, spec.form, spec.most_units, spec.open_gain)
    found = fewest(*asked, spec.error)
    if found is not None:
        return tuple(count for _, count in found.units)
    tried = front(*asked)
    if not tried:
        bound = f"such that the resistors take at most most_units = {spec.most_units}"
        raise SpecError("coefficients", spec.coefficients, bound, fix=None, instead=f"most_units={4 * spec.most_units}")
    nearest = tried[-1]
    bound = f"within {spec.error:.2%} of what {spec.most_units} units make; the nearest, of {nearest.total}, errs by "
    bound += f"{nearest.error_frac:.2%}"
    raise SpecError("coefficients", spec.coefficients, bound, instead=f"error={nearest.error_frac * 1.01:.2g}")
