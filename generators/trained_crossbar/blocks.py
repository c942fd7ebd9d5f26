"""Drawn blocks beside the layers: clamps, amplifiers and nudges, diodes for their bias currents, loads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.in_place.column_amplifier import ColumnAmplifierSpec, column_amplifier
from analoom.cells.in_place.column_clamp import ColumnClampSpec, column_clamp
from analoom.cells.in_place.column_nudge import FINGERS, ColumnNudgeSpec, column_nudge
from analoom.generators.placing.arrange import Piece
from analoom.generators.placing.leaf import Leaf
from analoom.generators.res_array.res_array import res_array
from analoom.generators.res_array.spec import ResArraySpec
from analoom.generators.wiring.floorplan import Floorplan

from .nets import BIAS_AMPLIFIER, BIAS_CLAMP, BIAS_NUDGE, ON, REST
from .spec import TrainedCrossbarSpec

LOAD = ResArraySpec(ratios=(1,), r_unit=1e4)
"""100 uS of poly."""

CLAMP, NUDGE, AMPLIFIER = ColumnClampSpec(), ColumnNudgeSpec(), ColumnAmplifierSpec()

CLAMPS_ABREAST, AMPLIFIERS_ABREAST = 4, 2
"""Side by side: clamps with rails in common, amplifiers apart, as their outputs are met from between them."""

SUPPLIES = {net: net for net in ("vdd", "vss")}


def blocks(floor: Floorplan, spec: TrainedCrossbarSpec) -> Iterator[Piece]:
    """Rows of what is drawn, the lowest first."""
    if spec.nudge == "drawn" or spec.load == "drawn":
        yield floor.row(*_outputs(floor, spec))
    if spec.clamp == "drawn":
        own = {"rest": REST, "bias": BIAS_CLAMP, **SUPPLIES}
        clamps = [floor.part(f"clamp{j}", column_clamp(CLAMP), {"col": f"h{j}", **own}) for j in range(spec.dims[1])]
        strips: list[Piece] = [floor.abut(*some) if len(some) > 1 else some[0] for some in _by(CLAMPS_ABREAST, clamps)]
        yield from _beside(floor, strips, _diode(floor, BIAS_CLAMP, CLAMP))
    if spec.amplifier == "drawn":
        strips = [floor.row(*some) for some in _by(AMPLIFIERS_ABREAST, _amplifiers(floor, spec))]
        yield from _beside(floor, strips, _diode(floor, BIAS_AMPLIFIER, AMPLIFIER))


def _amplifiers(floor: Floorplan, spec: TrainedCrossbarSpec) -> list[Leaf]:
    cell, own = column_amplifier(AMPLIFIER), {"rest": REST, "bias": BIAS_AMPLIFIER, **SUPPLIES}
    hidden = range(spec.dims[1])
    return [floor.part(f"amplifier{j}", cell, {"in": f"h{j}", "outn": f"a{j}n", **own}) for j in hidden]


def _diode(floor: Floorplan, bias: str, of: ColumnClampSpec | ColumnAmplifierSpec) -> Leaf:
    cell = mosfet(MosfetSpec(w=of.w_tail, l=of.l_tail))
    return floor.part(bias, cell, {"d": bias, "g": bias, "s": "vss", "b": "vss"})


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


def _beside(floor: Floorplan, strips: Sequence[Piece], diode: Leaf) -> Iterator[Piece]:
    """The strips, the diode beside the last one."""
    yield from strips[:-1]
    yield floor.row(strips[-1], diode)


def _by(count: int, leaves: Sequence[Leaf]) -> Iterator[Sequence[Leaf]]:
    for k in range(0, len(leaves), count):
        yield leaves[k : k + count]
