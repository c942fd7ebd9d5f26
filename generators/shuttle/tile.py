"""A tile for Tiny Tapeout: the frame, a macro in the middle of it, and wires from the macro's pins to the frame's.

    tile = tiny_tapeout_tile(build("translinear", {"top_metal": "met4"}), plan)

Inputs whose wires collect too much charge for their gates get an antenna diode below their pin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, discard
from analoom.generators.wiring.channels import Lanes
from analoom.generators.wiring.fixed_places import FixedPin, FixedRoom, wire_within
from analoom.generators.wiring.router import Router
from analoom.pdk.layers import Layer
from analoom.pdk.shuttle.tiny_tapeout import PIN_LAYER, RING_NM

from .diodes import diodes_for, require_no_antenna
from .fill import capacitors
from .plan import GROUND, TilePlan
from .wire_facts import WireFacts, wire_facts

EDGE_NM = 500
"""Between the tile's edge and the middle of any wire: half a wire, and half its space to what lies beyond."""
OUTSIDE_NM = 100_000
"""Farther out than a wire may grow."""
RIM_NM = 5_000
WIRED = (Layer.MET1, Layer.MET2, Layer.MET3, Layer.MET4)
MACRO = "macro"


@dataclass(frozen=True)
class Tile:
    """A drawn tile: the cell, the plan that it follows, and what is known of its wires by net."""

    cell: Cell
    plan: TilePlan
    wires: Mapping[str, WireFacts]


def tiny_tapeout_tile(macro: Cell, plan: TilePlan) -> Tile:
    """Draws the tile. A tile drawn before under the same name is no longer there then.

    Raises SpecError for a macro that does not fit or draws on banned metal, and for a net that finds no way.
    """
    plan.require_room(macro)
    instances = [Instance(MACRO, macro, _in_the_middle(macro, plan), plan.nets)]
    instances += capacitors(plan, instances[0]) if plan.fill else ()
    router = wire_within(_room(plan, instances), _lanes(plan))
    if diodes := list(diodes_for(router.nets, plan, instances)):
        instances += diodes
        router = wire_within(_room(plan, instances), _lanes(plan))
    require_no_antenna(router.nets, instances)
    return Tile(_drawn(macro, plan, instances, router), plan, wire_facts(router))


def _in_the_middle(macro: Cell, plan: TilePlan) -> kdb.Trans:
    middle, own = plan.room.center(), macro.bbox_nm.center()
    x, y = (value // CUT_GRID_NM * CUT_GRID_NM for value in (middle.x - own.x, middle.y - own.y))
    return kdb.Trans(x, y)


def _lanes(plan: TilePlan) -> Lanes:
    return Lanes({}, plan.widths_nm, (), {}, plan.most_ohm, (), {})


def _room(plan: TilePlan, instances: Sequence[Instance]) -> FixedRoom:
    pins: dict[str, list[FixedPin]] = {}
    for pin in plan.frame.pins():
        pins.setdefault(plan.net_of(pin), []).append(FixedPin(pin.name, PIN_LAYER, Box(*pin.box)))
    for name, box in plan.frame.straps().items():
        pins.setdefault(name, []).append(FixedPin(f"strap {name}", PIN_LAYER, Box(*box)))
    return FixedRoom(plan.outline.enlarged(-EDGE_NM, -EDGE_NM), instances, pins, tuple(_kept_off(plan, instances)))


def _kept_off(plan: TilePlan, instances: Sequence[Instance]) -> Iterator[tuple[Layer, Box]]:
    """All of met5 and all outside the tile; around analog pins that nothing meets, where metal would count as wired to
    them; over the macro, but for its rim where its pins are met, the metals that it does not draw on."""
    yield Layer.MET5, plan.outline
    yield from ((layer, box) for layer in WIRED for box in _outside(plan.outline))
    for pin in plan.frame.pins():
        if pin.name.startswith("ua[") and not plan.is_used(pin):
            yield PIN_LAYER, Box(*pin.box).enlarged(RING_NM[1], RING_NM[1])
    macro = instances[0]
    for layer in WIRED:
        inner = macro.cell.bbox_nm.transformed(macro.trans).enlarged(-RIM_NM, -RIM_NM)
        if layer not in macro.cell.abstract.layers and not inner.empty():
            yield layer, inner


def _outside(tile: Box) -> Iterator[Box]:
    """Strips around the tile."""
    far = tile.enlarged(OUTSIDE_NM, OUTSIDE_NM)
    yield Box(far.left, far.bottom, tile.left, far.top)
    yield Box(tile.right, far.bottom, far.right, far.top)
    yield Box(far.left, far.bottom, far.right, tile.bottom)
    yield Box(far.left, tile.top, far.right, far.top)


def _drawn(macro: Cell, plan: TilePlan, instances: Sequence[Instance], router: Router) -> Cell:
    discard(plan.name)
    drawing = Drawing(plan.name)
    placed = tuple(instance.place(drawing) for instance in instances)
    for net in router.nets:
        for layer, box in net.wires:
            drawing.add(layer, box)
    drawing.add(Layer.PR_BOUNDARY, plan.outline)
    pins = tuple(_pins(drawing, plan))
    ports = tuple(dict.fromkeys(pin.name for pin in pins))
    circuit = Circuit(plan.name, ports, (), placed)
    return Cell(plan.name, "tile", macro.spec, drawing.cell, circuit, pins, tuple(instances))


def _pins(drawing: Drawing, plan: TilePlan) -> Iterator[Pin]:
    """The straps, then the frame's pins, each drawn in the tile itself as shuttles look for them there alone."""
    for name, box in plan.frame.straps().items():
        drawing.add(PIN_LAYER, Box(*box))
        yield draw_pin(drawing, Pin(name, PIN_LAYER, Box(*box), "ground" if name == GROUND else "power"))
    for pin in plan.frame.pins():
        drawing.add(PIN_LAYER, Box(*pin.box))
        yield draw_pin(drawing, Pin(pin.name, PIN_LAYER, Box(*pin.box)))
