"""Antenna diodes for the inputs of a tile whose wires collect too much charge for their gates.

Each lies beside its pin of the macro, so that it is there when the metal of that pin is made; as large as the worst
level of its net asks, and half as large again, as the way to it is wire too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.generators.ways.antenna import AntennaRatio, End, wired_ratios
from analoom.generators.ways.net import Net
from analoom.generators.wiring.diodes import diode_for
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer

from .inner_metal import inner_metal
from .plan import GROUND, TilePlan

OFF_NM, APART_NM = 3_000, 1_500
"""From the macro to the nearest, where its wires come out, and between two."""
TRIED_NM, FAR_NM = 500, 20_000
"""From one place where a diode is tried to the next, and how far from its pin at most."""


def diodes_for(nets: Sequence[Net], plan: TilePlan, instances: Sequence[Instance]) -> Iterator[Instance]:
    """The diodes of the nets that break a rule. Raises SpecError for one without room for it."""
    taken = [one.cell.bbox_nm.transformed(one.trans) for one in instances[1:]]
    for net in nets:
        broken = [one.diode_um2 for one in whole_ratios(net, instances) if one.broken]
        if broken:
            cell = diode_for(max(broken))
            place = _beside(_gated_pin(net), instances[0], cell, taken, plan)
            taken.append(cell.bbox_nm.transformed(place))
            yield Instance(f"diode{len(taken)}", cell, place, {"c": net.name, "a": GROUND})


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


def _gated_pin(net: Net) -> Box:
    """Where a pin of the macro with gates lies (nm)."""
    return next(pin.joints[0].box for pin in net.terminals if pin.held.gate_um2)


def _beside(pin: Box, macro: Instance, cell: Cell, taken: Sequence[Box], plan: TilePlan) -> kdb.Trans:
    """The nearest place outside the macro and off other diodes. Raises SpecError where there is none."""
    own, middle = cell.bbox_nm, pin.center()
    off = macro.cell.bbox_nm.transformed(macro.trans).enlarged(OFF_NM, OFF_NM)
    inside = plan.outline.enlarged(-OFF_NM, -OFF_NM)
    steps = range(-FAR_NM, FAR_NM + 1, TRIED_NM)
    for x, y in sorted(product(steps, steps), key=lambda by: (abs(by[0]) + abs(by[1]), by)):
        at = (middle.x - own.center().x + x, middle.y - own.center().y + y)
        place = kdb.Trans(*(value // CUT_GRID_NM * CUT_GRID_NM for value in at))
        box = own.transformed(place)
        near = box.enlarged(APART_NM, APART_NM)
        if box.inside(inside) and not box.touches(off) and not any(near.touches(one) for one in taken):
            return place
    raise SpecError("name", macro.cell.name, "with room beside its pins for antenna diodes", "antenna")
