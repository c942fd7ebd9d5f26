"""Antenna diodes for the inputs of a tile whose wires collect too much charge for their gates.

Each lies below its pin at the tile's upper edge, as large as the worst level of its net asks, and half as large again,
as the way to it is wire too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import ceil

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.ties.antenna_diode import AntennaDiodeSpec, antenna_diode
from analoom.generators.ways.antenna import AntennaRatio, End, wired_ratios
from analoom.generators.ways.net import Net
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.tiny_tapeout import HEIGHT_NM, FramePin

from .inner_metal import inner_metal
from .plan import GROUND, TilePlan

MORE = 1.5
BELOW_NM = 12_000
"""From the tile's upper edge to the diodes' cathodes."""
W_UM, STEP_UM = 0.65, 0.05
"""Their width, of which one lies below each pin, and the steps of their height."""


def diodes_for(nets: Sequence[Net], plan: TilePlan, instances: Sequence[Instance]) -> Iterator[Instance]:
    """The diodes of the nets that break a rule. Raises SpecError for one without a pin at the upper edge."""
    pins = {plan.net_of(pin): pin for pin in plan.frame.pins()}
    for net in nets:
        broken = [one.diode_um2 for one in whole_ratios(net, instances) if one.broken]
        if broken:
            cell = _diode(max(broken))
            place = _below(_pin(pins, net), cell)
            yield Instance(f"diode{_number(pins, net)}", cell, place, {"c": net.name, "a": GROUND})


def whole_ratios(net: Net, instances: Sequence[Instance]) -> list[AntennaRatio]:
    """The worst ratio of each level of a net, with what it has inside the cells."""
    shapes: dict[Layer, list[Box]] = defaultdict(list)
    ends = [End(joint.layer, joint.box, pin.held) for pin in net.terminals for joint in pin.joints]
    if not any(end.held.gate_um2 for end in ends):
        return []
    inner = (shape for instance in instances for shape in inner_metal(instance, net.name))
    for layer, box in (*net.wires, *inner, *((end.layer, end.box) for end in ends)):
        shapes[layer].append(box)
    return wired_ratios(shapes, ends)


def require_no_antenna(nets: Sequence[Net], instances: Sequence[Instance]) -> None:
    """Raises SpecError with net, level and ratios for the first that breaks a rule."""
    for net in nets:
        for one in (one for one in whole_ratios(net, instances) if one.broken):
            bound = f"at most {one.allowed:.0f} times its gates' area on {one.layer.name.lower()}, not {one.ratio:.0f}"
            raise SpecError("pins", net.name, bound, "antenna, with its diode")


def _diode(least_um2: float) -> Cell:
    long_um = max(W_UM, ceil(MORE * least_um2 / W_UM / STEP_UM) * STEP_UM)
    return antenna_diode(AntennaDiodeSpec(w=W_UM, l=round(long_um, 3)))


def _pin(pins: dict[str, FramePin], net: Net) -> FramePin:
    pin = pins.get(net.name)
    if pin is None or pin.box[3] != HEIGHT_NM:
        raise SpecError("pins", net.name, "with gates that its wires can charge on a digital pin alone", "antenna")
    return pin


def _number(pins: dict[str, FramePin], net: Net) -> int:
    return list(pins).index(net.name)


def _below(pin: FramePin, cell: Cell) -> kdb.Trans:
    middle, own = (pin.box[0] + pin.box[2]) // 2, cell.bbox_nm
    x = (middle - own.center().x) // CUT_GRID_NM * CUT_GRID_NM
    y = (HEIGHT_NM - BELOW_NM - own.top) // CUT_GRID_NM * CUT_GRID_NM
    return kdb.Trans(x, y)
