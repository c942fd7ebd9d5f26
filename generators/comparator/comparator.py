"""A continuous comparator: a pair with a mirror as its load, and a second stage that swings from rail to rail."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.capacitor.unit_cap import LARGEST_UM, UnitCapSpec, unit_cap
from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, LengthUm, ruled_length
from analoom.cells.model.registry import cell_name, register
from analoom.cells.switch.analog_switch import analog_switch
from analoom.generators.amplifier.auto_zero import (
    GATE,
    PHASES,
    AutoZeroSpec,
    auto_zero_parts,
    check_auto_zero,
    switch_spec,
)
from analoom.generators.placing.arrange import Piece
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk import rules

from .asked import asked

UNITS, FINGERS = 2, 2
"""Units of each side of a mirror, which lie about one centre, and fingers of each unit."""

OF_UNITS = f", of each of its {UNITS} units"


class ComparatorSpec(AutoZeroSpec):
    """Widths are total gate widths of each transistor: both inputs, both sides of the load, all three of the bias."""

    w_pair: LengthUm = Field(8.0, description="gate width of each input transistor", json_schema_extra=GATE_WIDTH)
    l_pair: LengthUm = Field(0.5, description="gate length of the input pair", json_schema_extra=GATE_LENGTH)
    nf_pair: int = Field(4, ge=2, description="fingers of each input transistor, even")
    w_load: LengthUm = Field(2.0, description="gate width of each load transistor", json_schema_extra=GATE_WIDTH)
    l_load: LengthUm = Field(1.0, description="gate length of the load", json_schema_extra=GATE_LENGTH)
    stage: int = Field(
        4,
        ge=1,
        le=64,
        description="units of the second stage, each half a load transistor; with 4 there is no systematic offset",
    )
    w_bias: LengthUm = Field(4.0, description="gate width of each bias transistor", json_schema_extra=GATE_WIDTH)
    l_bias: LengthUm = Field(1.0, description="gate length of the bias mirror", json_schema_extra=GATE_LENGTH)
    w_hold: LengthUm = ruled_length(20.0, rules.CAPM_WIDTH, LARGEST_UM, "side of the capacitor that holds the offset")
    w_steady: LengthUm = ruled_length(
        24.0,
        rules.CAPM_WIDTH,
        LARGEST_UM,
        "side of the capacitor that keeps the loop steady while the offset is stored",
    )

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        asked(self, {"w": "w_pair", "l": "l_pair", "nf": "nf_pair"}, _pair)
        asked(self, {"w": "w_load", "l": "l_load"}, _load, OF_UNITS)
        asked(self, {"nf": "stage"}, _stage)
        asked(self, {"w": "w_bias", "l": "l_bias"}, _bias, OF_UNITS)
        check_auto_zero(self, "w_steady")
        return self


@register(
    ComparatorSpec,
    system="comparator",
    kind="comparator",
    examples=[{"w_pair": 20.0, "l_pair": 1.0, "w_load": 4.0, "l_load": 2.0}, {"auto_zero": True}],
)
def comparator(spec: ComparatorSpec) -> Cell:
    """A continuous comparator: n pair, p mirror load, p second stage; `out` is high where `inp` is above `inn`.

    Pins: `bias` takes the current that pair and second stage each run on; `inp`, `inn`, `out`, `vdd`, `vss`; with
    `auto_zero` the phases `az`, `azb`, `run`, `runb`: it compares while `run` is high. While `az` is, a capacitor from
    the second stage's gate to `out` keeps the loop steady.
    """
    floor = Floorplan(cell_name("comparator", spec))
    bias = floor.part(
        "bias",
        current_mirror(_bias(spec)),
        {"in": "bias", "out1": "tail", "out2": "out", "s": "vss", "b": "vss"},
    )
    pair = floor.part(
        "pair",
        matched_pair(_pair(spec)),
        {"d1": "x", "g1": GATE if spec.auto_zero else "inn", "d2": "y", "g2": "inp", "s": "tail", "b": "vss"},
    )
    load = floor.part("load", current_mirror(_load(spec)), {"in": "x", "out1": "y", "s": "vdd", "b": "vdd"})
    stage = floor.part("stage", mosfet(_stage(spec)), {"d": "out", "g": "y", "s": "vdd", "b": "vdd"})
    floor.supply("vdd")
    floor.supply("vss")
    floor.mirror(*(("x", "y") if spec.auto_zero else ("inn", "inp")))
    floor.pins(left=["inp", "inn", "bias"], right=["out"], top=["vdd"], bottom=["vss"])
    tree = floor.stack(bias, floor.row(pair, floor.stack(load, stage)))
    if spec.auto_zero:
        floor.pins(bottom=PHASES)
        tree = floor.row(auto_zero_parts(floor, spec, ("inn", "inp", "out"), "bottom"), tree, _steady(floor, spec))
    return floor.cell(tree, spec, kind="comparator")


def _steady(floor: Floorplan, spec: ComparatorSpec) -> Piece:
    """The capacitor that is joined to the output while the offset is stored."""
    nets = {"a": "out", "b": "z", "en": "az", "enb": "azb", "vdd": "vdd", "vss": "vss"}
    switch = floor.part("steady", analog_switch(switch_spec(spec, dummy=False)), nets)
    cap = unit_cap(UnitCapSpec.parse({"w": spec.w_steady}))
    return floor.row(switch, floor.part("miller", cap, {"top": "y", "bottom": "z"}))


def _pair(spec: ComparatorSpec) -> MatchedPairSpec:
    return MatchedPairSpec.parse({"w": spec.w_pair, "l": spec.l_pair, "nf": spec.nf_pair})


def _load(spec: ComparatorSpec) -> CurrentMirrorSpec:
    ratios = (UNITS, UNITS)
    return CurrentMirrorSpec.parse({**_unit(spec.w_load, spec.l_load), "ratios": ratios, "device": "pfet_01v8"})


def _stage(spec: ComparatorSpec) -> MosfetSpec:
    unit = _unit(spec.w_load, spec.l_load)
    return MosfetSpec.parse({**unit, "nf": FINGERS, "m": spec.stage, "device": "pfet_01v8"})


def _bias(spec: ComparatorSpec) -> CurrentMirrorSpec:
    return CurrentMirrorSpec.parse({**_unit(spec.w_bias, spec.l_bias), "ratios": (UNITS, UNITS, UNITS)})


def _unit(w_um: float, l_um: float) -> dict[str, float]:
    return {"w": round(w_um / UNITS, 6), "l": l_um}
