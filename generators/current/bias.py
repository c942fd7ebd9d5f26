"""Bias currents: one reference to many sinks and, by a fold, to many sources."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH
from analoom.cells.model.cell import Cell, LengthUm, Spec
from analoom.cells.model.registry import cell_name, register
from analoom.generators.transistors.current_mirror import MOST_OUTPUTS, CurrentMirrorSpec, Ratio
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk.errors import SpecError

from .below import asked, few_units, mirror_of, units_in_rows

FOLD = "fold"
"""The net on which an n output feeds the p diode."""


class BiasSpec(Spec):
    """`sinks` and `sources` count the units of each output; an output gives its units by `reference` times I_in."""

    w: LengthUm = Field(2.0, description="total gate width of an n unit", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(4.0, description="gate length of the n units", json_schema_extra=GATE_LENGTH)  # noqa: E741
    w_p: LengthUm = Field(4.0, description="total gate width of a p unit", json_schema_extra=GATE_WIDTH)
    l_p: LengthUm = Field(4.0, description="gate length of the p units", json_schema_extra=GATE_LENGTH)
    reference: int = Field(2, ge=1, le=32, description="units of the input, of the fold and of the p diode")
    sinks: tuple[Ratio, ...] = Field(
        (2, 2), description="units of n1, n2, ...", json_schema_extra={"unit": "unit transistors"}
    )
    sources: tuple[Ratio, ...] = Field(
        (2, 2), description="units of p1, p2, ...", json_schema_extra={"unit": "unit transistors"}
    )
    rows: int = Field(2, ge=1, le=8, description="rows of units about one centre, in each mirror")

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        for field, most in (("sinks", MOST_OUTPUTS - 1), ("sources", MOST_OUTPUTS)):
            outputs = getattr(self, field)
            if not 1 <= len(outputs) <= most:
                fix = outputs[:most] or (self.reference,)
                raise SpecError(field, list(outputs), f"1 to {most} outputs", "a bus for each", fix=fix)
        few_units("sinks", list(self.sinks), 2 * self.reference + sum(self.sinks))
        few_units("sources", list(self.sources), self.reference + sum(self.sources))
        asked(CurrentMirrorSpec, self.below, {})
        asked(CurrentMirrorSpec, self.above, {"w": "w_p", "l": "l_p"})
        return self

    @property
    def below(self) -> dict[str, object]:
        """Fields of the n mirror: input, sinks, and the output that feeds the p one."""
        ratios = (self.reference, *self.sinks, self.reference)
        return dict(units_in_rows("nfet_01v8", (self.w, self.l), ratios, self.rows))

    @property
    def above(self) -> dict[str, object]:
        """Fields of the p mirror."""
        ratios = (self.reference, *self.sources)
        return dict(units_in_rows("pfet_01v8", (self.w_p, self.l_p), ratios, self.rows))


@register(
    BiasSpec,
    system="current_source",
    kind="bias",
    examples=[
        {"sinks": (1,), "sources": (1, 4), "reference": 1, "rows": 1},
        {"sinks": (1, 2, 4), "sources": (2,), "w": 1.0, "l": 2.0, "w_p": 2.0, "l_p": 1.0},
    ],
)
def bias(spec: BiasSpec) -> Cell:
    """Bias currents from one reference: n outputs sink and p outputs source their units by `reference` times I_in.

    Pins: `in` takes the reference current; `n1`, `n2`, ... sink, `p1`, `p2`, ... source; `vss`, `vdd`.
    """
    floor = Floorplan(cell_name("bias", spec))
    sinks, sources = numbered("n", spec.sinks), numbered("p", spec.sources)
    low = dict(zip(numbered("out", (*sinks, FOLD)), (*sinks, FOLD), strict=True))
    high = dict(zip(numbered("out", sources), sources, strict=True))
    below = floor.part("sinks", mirror_of(spec.below), {"in": "in", **low, "s": "vss", "b": "vss"})
    above = floor.part("sources", mirror_of(spec.above), {"in": FOLD, **high, "s": "vdd", "b": "vdd"})
    floor.supply("vdd")
    floor.supply("vss")
    floor.pins(left=["in"], right=[*sinks, *sources], bottom=["vss"], top=["vdd"])
    return floor.cell(floor.stack(below, above), spec, kind="bias")


def numbered(stem: str, outputs: tuple[object, ...]) -> tuple[str, ...]:
    """Names of as many outputs, from 1."""
    return tuple(f"{stem}{k}" for k in range(1, len(outputs) + 1))
