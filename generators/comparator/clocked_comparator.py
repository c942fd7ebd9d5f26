"""A clocked comparator: a pair that discharges two nodes, a latch that tells which fell first, and one that keeps it.

The form is that of two tails: the pair stands between supply and ground on its own, so that the latch does not kick
back through it. Source: D. Schinkel et al., "A Double-Tail Latch-Type Voltage Sense Amplifier with 18 ps Setup+Hold
Time", ISSCC 2007. Behind it a keeper, two inverters in a ring that the latch overwrites. Every two transistors that
have to match have a common source, so that they are a `matched_pair`.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH
from analoom.cells.model.cell import Cell, LengthUm, Spec
from analoom.cells.model.registry import cell_name, register
from analoom.generators.wiring.floorplan import Floorplan

from .clocked_parts import PARTS


class ClockedComparatorSpec(Spec):
    """Widths are total gate widths, of each of two transistors where there are two."""

    w_pair: LengthUm = Field(8.0, description="gate width of each input transistor", json_schema_extra=GATE_WIDTH)
    l_pair: LengthUm = Field(0.5, description="gate length of the input pair", json_schema_extra=GATE_LENGTH)
    nf_pair: int = Field(4, ge=2, description="fingers of each input transistor, even")
    w_tail: LengthUm = Field(2.0, description="gate width of the pair's tail", json_schema_extra=GATE_WIDTH)
    w_reset: LengthUm = Field(1.0, description="gate width of each reset transistor", json_schema_extra=GATE_WIDTH)
    w_sense: LengthUm = Field(4.0, description="gate width of the latch's inputs", json_schema_extra=GATE_WIDTH)
    w_latch: LengthUm = Field(2.0, description="gate width of the latch's transistors", json_schema_extra=GATE_WIDTH)
    w_head: LengthUm = Field(4.0, description="gate width of the latch's tail", json_schema_extra=GATE_WIDTH)
    w_clock: LengthUm = Field(1.0, description="gate width of the clock inverter's n, and of each half of its p")
    w_set: LengthUm = Field(2.0, description="gate width of the keeper's inputs", json_schema_extra=GATE_WIDTH)
    w_keep: LengthUm = Field(0.84, description="gate width of the keeper's transistors", json_schema_extra=GATE_WIDTH)
    l_keep: LengthUm = Field(0.35, description="gate length of the keeper", json_schema_extra=GATE_LENGTH)
    l_min: LengthUm = Field(0.15, description="gate length of all else", json_schema_extra=GATE_LENGTH)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        for part in PARTS.values():
            part.check(self)
        return self


@register(
    ClockedComparatorSpec,
    system="comparator",
    kind="clocked_comparator",
    examples=[{"w_pair": 20.0, "l_pair": 0.35, "w_tail": 4.0, "w_reset": 2.0}],
)
def clocked_comparator(spec: ClockedComparatorSpec) -> Cell:
    """A clocked comparator of two tails that keeps its decision: `q` is high where `inp` was above `inn` as `clk` rose.

    Pins: `inp`, `inn`, `clk`; `q` and `qb`, which stay until the next decision; `rp` and `rn`, the latch's own outputs,
    both low while `clk` is low, of which one rises with each decision; `vdd`, `vss`.
    """
    floor = Floorplan(cell_name("clocked_comparator", spec))
    part = {name: floor.part(name, part.drawn(spec), part.nets) for name, part in PARTS.items()}
    floor.supply("vdd")
    floor.supply("vss")
    for one, two in (("inp", "inn"), ("xn", "xp"), ("rp", "rn"), ("q", "qb")):
        floor.mirror(one, two)
    floor.pins(left=["inp", "inn", "clk"], right=["rp", "rn", "q", "qb"], top=["vdd"], bottom=["vss"])
    first = floor.stack(*(part[name] for name in ("tail", "pair", "reset", "sense")))
    latch = floor.stack(*(part[name] for name in ("clock_n", "head", "latch_p", "latch_n")))
    keeper = floor.stack(*(part[name] for name in ("clock_p", "keep_p", "keep_n", "set")))
    return floor.cell(floor.row(first, latch, keeper), spec, kind="clocked_comparator")
