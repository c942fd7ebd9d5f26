"""A two-stage Miller op-amp: the input stage, a p output stage and its sink, and the capacitor between.

The zero is nulled by an n transistor in its triode region, gate on `vdd`, between the first stage's output and the
capacitor: that node lies more than a p threshold below the supply, so the transistor conducts in every corner.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.capacitor.unit_cap import LARGEST_UM, UnitCapSpec, unit_cap
from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, LengthUm, ruled_length
from analoom.cells.model.registry import cell_name, register
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.generators.transistors.matched_pair import matched_pair
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk import rules
from analoom.pdk.errors import SpecError

from .auto_zero import GATE, PHASES, AutoZeroSpec, auto_zero_parts, check_auto_zero
from .input_stage import LOAD_UNITS, P_DEVICE, SUPPLY_NM, InputStageSpec, asked, bias_spec, load_spec, pair_spec

MOST_OUT = 64
BALANCE = 2 * LOAD_UNITS
"""`out` times `tail` by the units of the sink: a unit of the output stage carries a quarter of the tail's current."""


class OpampSpec(InputStageSpec, AutoZeroSpec):
    """The sizes of a two-stage op-amp; its output stage is `out` units of the load, and its sink balances them."""

    out: int = Field(
        16,
        ge=1,
        le=MOST_OUT,
        description="size of the p output stage",
        json_schema_extra={"unit": "units of the load"},
    )
    w_cap: LengthUm = ruled_length(32.0, rules.CAPM_WIDTH, LARGEST_UM, "side of the Miller capacitor, MIM on met3")
    w_null: LengthUm = Field(
        0.84, description="gate width of the transistor that nulls the zero", json_schema_extra=GATE_WIDTH
    )
    l_null: LengthUm = Field(0.8, description="gate length of that transistor", json_schema_extra=GATE_LENGTH)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        if self.out * self.tail % BALANCE:
            bound = f"such that out times tail is a multiple of {BALANCE}"
            raise SpecError(
                "out", self.out, bound, "the sink has whole units", fix=BALANCE * max(self.out // BALANCE, 1)
            )
        sinks_spec(self)
        output_spec(self)
        null_spec(self)
        cap_spec(self)
        check_auto_zero(self)
        return self

    @property
    def sink_units(self) -> int:
        """Units of the bias mirror in the sink of the output stage."""
        return self.out * self.tail // BALANCE


def sinks_spec(spec: OpampSpec) -> CurrentMirrorSpec:
    """Of the mirror of tail and sink. Raises SpecError."""
    return bias_spec(spec, spec.tail, spec.sink_units, rows=3)


def output_spec(spec: OpampSpec) -> MosfetSpec:
    """Of the p output stage: units of the load in parallel. Raises SpecError."""
    size = {"device": P_DEVICE, "w": spec.w_load, "l": spec.l_load, "nf": 2, "m": spec.out}
    return asked(MosfetSpec, size, {"w": "w_load", "l": "l_load", "nf": "out"})


def null_spec(spec: OpampSpec) -> MosfetSpec:
    """Of the transistor that nulls the zero. Raises SpecError."""
    return asked(MosfetSpec, {"w": spec.w_null, "l": spec.l_null}, {"w": "w_null", "l": "l_null"})


def cap_spec(spec: OpampSpec) -> UnitCapSpec:
    """Of the Miller capacitor. Raises SpecError."""
    return asked(UnitCapSpec, {"w": spec.w_cap}, {"w": "w_cap"})


@register(
    OpampSpec,
    system="amplifier",
    kind="amplifier",
    examples=[
        {"w": 8.0, "l": 0.5, "nf": 2, "w_load": 2.0, "l_load": 1.0, "tail": 2, "out": 8, "w_cap": 20.0},
        {"auto_zero": True},
    ],
)
def opamp(spec: OpampSpec) -> Cell:
    """A two-stage Miller op-amp: n pair, p mirror, p output stage, nulled by a transistor in triode.

    Pins: `inp`, `inn`, `out`; `bias` takes a current from `vdd`, of which the pair carries `tail` times; `vdd`, `vss`;
    with `auto_zero` the phases `az`, `azb`, `run`, `runb`: it is an amplifier while `run` is high.
    """
    floor = Floorplan(cell_name("opamp", spec))
    bias_nets = {"in": "bias", "out1": "tail", "out2": "out", "s": "vss", "b": "vss"}
    pair_nets = {"d1": "x", "g1": GATE if spec.auto_zero else "inn", "d2": "y", "g2": "inp", "s": "tail", "b": "vss"}
    bias = floor.part("bias", current_mirror(sinks_spec(spec)), bias_nets)
    pair = floor.part("pair", matched_pair(pair_spec(spec)), pair_nets)
    load = floor.part("load", current_mirror(load_spec(spec)), {"in": "x", "out1": "y", "s": "vdd", "b": "vdd"})
    output = floor.part("output", mosfet(output_spec(spec)), {"d": "out", "g": "y", "s": "vdd", "b": "vdd"})
    null = floor.part("null", mosfet(null_spec(spec)), {"d": "z", "g": "vdd", "s": "y", "b": "vss"})
    cap = floor.part("cap", unit_cap(cap_spec(spec)), {"top": "z", "bottom": "out"})
    floor.supply("vdd", "vss", width_nm=SUPPLY_NM)
    floor.mirror("x", "y")
    floor.pins(left=["inp", "inn", "bias"], right=["out"], bottom=["vss"], top=["vdd"])
    first = [floor.stack(bias, pair, load), null, cap]
    if spec.auto_zero:
        floor.pins(left=PHASES)
        first.insert(0, auto_zero_parts(floor, spec, ("inn", "inp", "out"), "top"))
    return floor.cell(floor.stack(floor.row(*first), output), spec, kind="amplifier")
