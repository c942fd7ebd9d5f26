"""What moves the weights of a column: an auto-zeroed amplifier of the column's move, a multiplier by the row, a copier.

While `az` is high the amplifier's output is tied to its input behind the capacitor `c1`; from then on it amplifies what
the column moves. The multiplier's current is mirrored, and while `null` is high an n transistor finds the voltage at
which it takes all of it; `null` falls last, so that its capacitor holds the offsets of all that is before, at the row
and the weight of the sample at hand. What the current changes by then goes onto the bit line while `up_p`, `up_n` are
on, else into `dump`. Transistors in saturation steer it, so that the line takes no channel's charge and sees none of
the voltages behind them; `c_f`, if any, sets the amplifier's gain to that of the capacitors.

Source of the copier: S. Daubert, D. Vallancourt, Y. Tsividis, "Current copier cells", Electronics Letters 24(25), 1988.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from analoom.cells.backprop.gilbert import GilbertSpec, gilbert
from analoom.cells.capacitor.unit_cap import LARGEST_UM, UnitCapSpec, unit_cap
from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, LengthUm, Spec, ruled_length
from analoom.cells.model.registry import cell_name, register
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch
from analoom.generators.amplifier.input_stage import P_DEVICE, asked
from analoom.generators.placing.arrange import Piece
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk import rules

N_DEVICE = "nfet_01v8"
STEERING = ("up_p", "park_p", "up_n", "park_n")


MOST_FINGER_UM = 25.0
"""Widest finger whose ends are within 15 um of a tap (LU.2) in every part."""


def _width(default: float, of: str, fingers: int = 1) -> Any:
    most = fingers * MOST_FINGER_UM
    return Field(default, le=most, description=f"gate width of {of}", json_schema_extra=GATE_WIDTH)


def _length(default: float, of: str) -> Any:
    return Field(default, description=f"gate length of {of}", json_schema_extra=GATE_LENGTH)


class ColumnUpdateSpec(Spec):
    """Sizes of amplifier, multiplier, copier, and of the capacitors."""

    w: LengthUm = _width(8.0, "each input transistor of the amplifier", fingers=4)
    l: LengthUm = _length(2.0, "the amplifier's pair")  # noqa: E741
    w_load: LengthUm = _width(4.0, "a unit of the amplifier's load, two a side")
    l_load: LengthUm = _length(4.0, "the amplifier's load")
    w_unit: LengthUm = _width(2.0, "a unit of the bias mirror")
    l_unit: LengthUm = _length(4.0, "the bias mirror")
    tail: int = Field(2, ge=1, le=8, description="the pair's current", json_schema_extra={"unit": "bias currents"})
    w_mult: LengthUm = _width(4.0, "each transistor of the multiplier's pairs")
    l_mult: LengthUm = _length(1.0, "the multiplier's pairs")
    w_tail: LengthUm = _width(0.42, "the multiplier's tail")
    l_tail: LengthUm = _length(8.0, "the multiplier's tail")
    w_mirror: LengthUm = _width(2.0, "a unit of the mirror of its current, two a side")
    l_mirror: LengthUm = _length(2.0, "the mirror of its current")
    w_steer: LengthUm = _width(1.0, "each transistor that steers a current", fingers=2)
    l_steer: LengthUm = _length(1.0, "the transistors that steer a current")
    w_null: LengthUm = _width(0.42, "the transistor that takes the current while nothing moves")
    l_null: LengthUm = _length(16.0, "that transistor")
    w_c1: LengthUm = ruled_length(20.0, rules.CAPM_WIDTH, LARGEST_UM, "side of the capacitor before the amplifier")
    w_cf: LengthUm | None = Field(
        None, description="side of a capacitor across the amplifier; none by default", json_schema_extra={"unit": "um"}
    )
    w_c3: LengthUm = ruled_length(14.0, rules.CAPM_WIDTH, LARGEST_UM, "side of the capacitor that holds the null")
    w_switch: LengthUm = Field(
        0.84, ge=0.84, le=20.0, description="width of both switches", json_schema_extra={"unit": "um"}
    )

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        for part in (_bias, _pair, _load, _multiplier, _mirror, _switch, _null):
            part(self)
        for device in (P_DEVICE, N_DEVICE):
            _steering(self, device)
        if self.w_cf is not None:
            asked(UnitCapSpec, {"w": self.w_cf}, {"w": "w_cf"})
        return self


def _pair(spec: ColumnUpdateSpec) -> MatchedPairSpec:
    return asked(MatchedPairSpec, {"w": spec.w, "l": spec.l, "nf": 4}, {})


def _load(spec: ColumnUpdateSpec) -> CurrentMirrorSpec:
    size = {"device": P_DEVICE, "w": spec.w_load, "l": spec.l_load, "ratios": (2, 2)}
    return asked(CurrentMirrorSpec, size, {"w": "w_load", "l": "l_load"})


def _bias(spec: ColumnUpdateSpec) -> CurrentMirrorSpec:
    size = {"w": spec.w_unit, "l": spec.l_unit, "ratios": (1, spec.tail)}
    return asked(CurrentMirrorSpec, size, {"w": "w_unit", "l": "l_unit"})


def _multiplier(spec: ColumnUpdateSpec) -> GilbertSpec:
    size = {"w": spec.w_mult, "l": spec.l_mult, "w_tail": spec.w_tail, "l_tail": spec.l_tail}
    return asked(GilbertSpec, size, {"w": "w_mult", "l": "l_mult"})


def _mirror(spec: ColumnUpdateSpec) -> CurrentMirrorSpec:
    size = {"device": P_DEVICE, "w": spec.w_mirror, "l": spec.l_mirror, "ratios": (2, 2)}
    return asked(CurrentMirrorSpec, size, {"w": "w_mirror", "l": "l_mirror"})


def _steering(spec: ColumnUpdateSpec, device: str) -> MatchedPairSpec:
    size = {"device": device, "w": spec.w_steer, "l": spec.l_steer, "nf": 2}
    return asked(MatchedPairSpec, size, {"w": "w_steer", "l": "l_steer"})


def _null(spec: ColumnUpdateSpec) -> MosfetSpec:
    return asked(MosfetSpec, {"w": spec.w_null, "l": spec.l_null}, {"w": "w_null", "l": "l_null"})


def _switch(spec: ColumnUpdateSpec) -> AnalogSwitchSpec:
    return asked(AnalogSwitchSpec, {"w": spec.w_switch}, {"w": "w_switch"})


@register(ColumnUpdateSpec, system="trained_crossbar", kind="column_update", examples=[{"w_cf": 4.0}])
def column_update(spec: ColumnUpdateSpec) -> Cell:
    """A charge onto the bit line by how far a column has moved since `az` fell, times `xp` less `xn`, while `up`.

    Pins: `col`; `rest`; `high`, the level of the amplifier, some 0.25 V above rest; `xp`, `xn` the row; phases `az`,
    `null` and their inverses; `up_p`, `park_p`, `up_n`, `park_n`, the gates that steer the current; `bl`; `bias` takes
    a current from `vdd`; `vdd`, `vss`.
    """
    floor = Floorplan(cell_name("column_update", spec))
    floor.supply("vdd", "vss")
    floor.pins(left=("col", "rest", "high", "az", "azb", "bias"), bottom=("xp", "xn", "vss"))
    floor.pins(right=(*STEERING, "null", "nullb", "bl"), top=("vdd",))
    first = _amplifier(floor, spec)
    tree = floor.stack(floor.row(_product(floor, spec), _output(floor, spec)), first)
    return floor.cell(tree, spec, kind="column_update")


def _amplifier(floor: Floorplan, spec: ColumnUpdateSpec) -> Piece:
    """The amplifier, the capacitor before it, and the switch that sets both."""
    bias = floor.part("bias", current_mirror(_bias(spec)), {"in": "bias", "out1": "tail", "s": "vss", "b": "vss"})
    nets = {"d1": "x", "g1": "high", "d2": "amp", "g2": "gate", "s": "tail", "b": "vss"}
    pair = floor.part("pair", matched_pair(_pair(spec)), nets)
    load = floor.part("load", current_mirror(_load(spec)), {"in": "x", "out1": "amp", "s": "vdd", "b": "vdd"})
    c1 = floor.part("c1", unit_cap(UnitCapSpec.parse({"w": spec.w_c1})), {"top": "gate", "bottom": "col"})
    zero = floor.part("zero", analog_switch(_switch(spec)), _gated("amp", "gate", "az"))
    beside: list[Piece] = [zero]
    if spec.w_cf is not None:
        c_f = unit_cap(UnitCapSpec.parse({"w": spec.w_cf}))
        beside.append(floor.part("c_f", c_f, {"top": "gate", "bottom": "amp"}))
    return floor.row(floor.stack(*beside), c1, floor.stack(bias, pair, load))


def _gated(a: str, b: str, phase: str) -> dict[str, str]:
    return {"a": a, "b": b, "en": phase, "enb": f"{phase}b", "vdd": "vdd", "vss": "vss"}


def _product(floor: Floorplan, spec: ColumnUpdateSpec) -> Piece:
    """The multiplier and the mirror of one of its currents."""
    nets = {"xp": "amp", "xn": "high", "wp": "xp", "wn": "xn", "op": "m", "on": "vdd", "bias": "bias", "vss": "vss"}
    core = floor.part("product", gilbert(_multiplier(spec)), nets)
    mirror = floor.part("mirror", current_mirror(_mirror(spec)), {"in": "m", "out1": "sp", "s": "vdd", "b": "vdd"})
    return floor.stack(core, mirror)


def _output(floor: Floorplan, spec: ColumnUpdateSpec) -> Piece:
    """What steers the current, the copier with its capacitor and switch, and the diodes that hold `dump`."""
    steer = []
    for side, device, body in (("n", N_DEVICE, "vss"), ("p", P_DEVICE, "vdd")):
        nets = {"d1": "bl", "g1": f"up_{side}", "d2": "dump", "g2": f"park_{side}", "s": f"s{side}", "b": body}
        steer.append(floor.part(f"steer_{side}", matched_pair(_steering(spec, device)), nets))
    null = floor.part("null", mosfet(_null(spec)), {"d": "sn", "g": "held", "s": "vss", "b": "vss"})
    diode = mosfet(MosfetSpec.parse({"w": 0.42, "l": 0.5}))
    above = floor.part("above", diode, {"d": "dump", "g": "dump", "s": "rest", "b": "vss"})
    below = floor.part("below", diode, {"d": "rest", "g": "rest", "s": "dump", "b": "vss"})
    switch = floor.part("store", analog_switch(_switch(spec)), _gated("dump", "held", "null"))
    c3 = floor.part("c3", unit_cap(UnitCapSpec.parse({"w": spec.w_c3})), {"top": "held", "bottom": "vss"})
    return floor.row(c3, floor.stack(floor.row(above, below), switch), floor.stack(null, *steer))
