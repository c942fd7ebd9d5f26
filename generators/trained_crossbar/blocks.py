"""Drawn blocks beside the layers: clamps and nudges in strips, diodes that their bias currents go through, loads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.in_place.column_clamp import ColumnClampSpec, column_clamp
from analoom.cells.in_place.column_nudge import FINGERS, ColumnNudgeSpec, column_nudge
from analoom.generators.placing.arrange import Piece
from analoom.generators.placing.leaf import Leaf
from analoom.generators.res_array.res_array import res_array
from analoom.generators.res_array.spec import ResArraySpec
from analoom.generators.wiring.floorplan import Floorplan

from .nets import BIAS_CLAMP, BIAS_NUDGE, ON, REST
from .spec import TrainedCrossbarSpec

LOAD = ResArraySpec(ratios=(1,), r_unit=1e4)
"""100 uS of poly."""

CLAMP, NUDGE = ColumnClampSpec(), ColumnNudgeSpec()

IN_STRIP = 4
"""Clamps that share rails side by side."""

SUPPLIES = {net: net for net in ("vdd", "vss")}


def blocks(floor: Floorplan, spec: TrainedCrossbarSpec) -> Iterator[Piece]:
    """Rows of what is drawn, the lowest first."""
    if spec.nudge == "drawn" or spec.load == "drawn":
        yield floor.row(*_outputs(floor, spec))
    if spec.clamp == "drawn":
        strips = [_strip(floor, clamps) for clamps in _by(IN_STRIP, _clamps(floor, spec))]
        yield from strips[:-1]
        yield floor.row(strips[-1], _clamp_diode(floor))


def _clamps(floor: Floorplan, spec: TrainedCrossbarSpec) -> list[Leaf]:
    own = {"rest": REST, "bias": BIAS_CLAMP, **SUPPLIES}
    return [floor.part(f"clamp{j}", column_clamp(CLAMP), {"col": f"h{j}", **own}) for j in range(spec.dims[1])]


def _clamp_diode(floor: Floorplan) -> Leaf:
    cell = mosfet(MosfetSpec(w=CLAMP.w_tail, l=CLAMP.l_tail))
    return floor.part("clamp_bias", cell, {"d": BIAS_CLAMP, "g": BIAS_CLAMP, "s": "vss", "b": "vss"})


def _outputs(floor: Floorplan, spec: TrainedCrossbarSpec) -> Iterator[Piece]:
    """A nudge and a load for each output, and the nudges' diode with a switch that is always on."""
    if spec.nudge == "drawn":
        own = {"on": ON, "bias": BIAS_NUDGE, **SUPPLIES}
        for k in range(spec.dims[2]):
            yield floor.part(f"nudge{k}", column_nudge(NUDGE), {"col": f"o{k}", "target": f"t{k}", **own})
        yield floor.stack(*_nudge_diode(floor))
    if spec.load == "drawn":
        for k in range(spec.dims[2]):
            yield floor.part(f"load{k}", res_array(LOAD), {"p1": f"o{k}", "n1": REST, "b": "vss"})


def _nudge_diode(floor: Floorplan) -> Iterator[Leaf]:
    tail = mosfet(MosfetSpec(w=NUDGE.w_tail, l=NUDGE.l_tail, nf=FINGERS))
    switch = mosfet(MosfetSpec(w=NUDGE.w_switch, l=NUDGE.l_switch, nf=FINGERS))
    yield floor.part("nudge_bias", tail, {"d": "bias_low", "g": BIAS_NUDGE, "s": "vss", "b": "vss"})
    yield floor.part("nudge_bias_on", switch, {"d": BIAS_NUDGE, "g": "vdd", "s": "bias_low", "b": "vss"})


def _strip(floor: Floorplan, leaves: Sequence[Leaf]) -> Piece:
    return floor.abut(*leaves) if len(leaves) > 1 else leaves[0]


def _by(count: int, leaves: Sequence[Leaf]) -> Iterator[Sequence[Leaf]]:
    for k in range(0, len(leaves), count):
        yield leaves[k : k + count]
