"""ChipFoundry's analog user area with a macro in it: the frame as it is, the macro in the middle, wires between them.

    wrapper = analog_wrapper(macro, WrapperPlan({"inp": "gpio_analog[0]", ...}))

Places of a pin that the frame leaves apart, of supplies and of the pads with clamps, are joined here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, discard
from analoom.cells.parts.via_stack import draw_via_arrays
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.shuttle.caravan_frame import HEIGHT_NM, SUPPLIES, WIDTH_NM, WRAPPER, FramePin, frame_pins, port_names

from .analog_core import analog_core
from .trunks import Ground, Place, lay

FREE_NM = 100_000
"""Between the frame and the macro, for wires."""
STEP_NM, FIRST_NM = 1000, 4000
OUTER = tuple(range(20_000, 90_000, STEP_NM))
ROWS = tuple(range(HEIGHT_NM - 20_000, HEIGHT_NM - 90_000, -STEP_NM))
EDGE_NM = 500
"""Wires of the macro begin at its edge."""
JOINED_NM = (3500, 8000)
"""From the lower edge of a pad, where cuts join its levels: beyond those of the wire to it."""


@dataclass(frozen=True)
class WrapperPlan:
    """`nets`: by port of the macro a pin of the frame. `inputs`: pins of the frame that meet gates alone, which get a
    diode. `supplies`: power and ground of the macro. Widths in nm: of signals and of supplies."""

    nets: Mapping[str, str]
    inputs: Collection[str] = ()
    supplies: tuple[str, str] = ("vccd1", "vssd1")
    width_nm: int = 2000
    supply_width_nm: int = 10_000
    places: Mapping[str, list[FramePin]] = field(default_factory=lambda: _by_name())

    def check(self) -> None:
        """Raises SpecError for a pin that is not there, lies at the lower edge, or is given twice."""
        signals = [pin for pin in self.nets.values() if pin not in self.supplies]
        for pin in (*self.nets.values(), *self.supplies):
            if pin not in self.places:
                raise SpecError("pins", pin, "a pin of the wrapper, as gpio_analog[0] or io_analog[0]", WRAPPER)
            if self.places[pin][0].side == "bottom":
                raise SpecError("pins", pin, "no digital pin of the lower edge: those are not wired", WRAPPER)
        if twice := sorted({pin for pin in signals if signals.count(pin) > 1}):
            raise SpecError("pins", twice[0], "given to one port alone", WRAPPER)


def analog_wrapper(macro: Cell, plan: WrapperPlan) -> Cell:
    """Draws the wrapper; one drawn before is no longer there then.

    Raises SpecError for a macro that does not fit, a pin that cannot be wired, and a net that finds no way.
    """
    plan.check()
    _require_room(macro)
    discard(WRAPPER)
    core = analog_core(macro, plan.nets, plan.inputs, plan.supplies, _on_left(plan))
    drawing = Drawing(WRAPPER)
    pins = tuple(_frame(drawing))
    instance = Instance("core", core, _middle(core), {port: port for port in core.circuit.ports})
    placed = instance.place(drawing)
    _wire(drawing, plan, instance)
    circuit = Circuit(WRAPPER, port_names(), (), (placed,))
    return Cell(WRAPPER, "wrapper", macro.spec, drawing.cell, circuit, pins, (instance,))


def _by_name() -> dict[str, list[FramePin]]:
    found: dict[str, list[FramePin]] = defaultdict(list)
    for pin in frame_pins():
        found[pin.name].append(pin)
    return dict(found)


def _require_room(macro: Cell) -> None:
    box, most = macro.bbox_nm, (WIDTH_NM - 2 * FREE_NM, HEIGHT_NM - 2 * FREE_NM)
    if box.width() > most[0] or box.height() > most[1]:
        have = f"{box.width() / 1000:g} x {box.height() / 1000:g} um"
        raise SpecError("name", macro.name, f"at most {most[0] / 1000:g} x {most[1] / 1000:g} um, not {have}", WRAPPER)


def _on_left(plan: WrapperPlan) -> list[str]:
    """The nets whose pads are nearer to the left."""
    firsts = {net: plan.places[net][0].box for net in dict.fromkeys((*plan.nets.values(), *plan.supplies))}
    return [net for net, box in firsts.items() if box[0] + box[2] < WIDTH_NM]


def _middle(core: Cell) -> kdb.Trans:
    at = core.bbox_nm.center()
    x, y = (v // CUT_GRID_NM * CUT_GRID_NM for v in (WIDTH_NM // 2 - at.x, HEIGHT_NM // 2 - at.y))
    return kdb.Trans(x, y)


def _frame(drawing: Drawing) -> Iterator[Pin]:
    """The boundary, and the pins as the empty wrapper has them."""
    drawing.add(Layer.PR_BOUNDARY, Box(0, 0, WIDTH_NM, HEIGHT_NM))
    for pin in frame_pins():
        drawing.add(pin.layer, Box(*pin.box))
        marked = drawing.add(pin.layer.pin, Box(*pin.marked))
        drawing.text(pin.layer.label, pin.name, marked.center().x, marked.center().y)
        yield Pin(pin.name, pin.layer, marked, SUPPLIES.get(pin.name, "signal"))  # type: ignore[arg-type]


def _wire(drawing: Drawing, plan: WrapperPlan, core: Instance) -> None:
    """Every net of the macro, then the pins that have several places; the widest first, as they ask for most."""
    block = core.cell.bbox_nm.transformed(core.trans)
    ground = Ground([block.enlarged(-EDGE_NM, -EDGE_NM)])
    for pin in frame_pins():
        ground.take(pin.name, pin.layer, Box(*pin.box))
    inner = _inner(core, block)
    for net, places in inner.items():
        for place in places:
            ground.take(net, place.layer, place.box)
    several = [net for net, places in plan.places.items() if len(places) > 1 and net not in inner]
    for net in (*sorted(inner, key=lambda net: net not in SUPPLIES), *several):
        own = [place for place in plan.places[net] if place.layer is Layer.MET3]
        _join_levels(drawing, plan.places[net])
        places = [*inner.get(net, []), *(Place(Layer.MET3, Box(*pin.box), pin.side) for pin in own)]
        width = plan.supply_width_nm if net in SUPPLIES else plan.width_nm
        if len(places) > 1:
            lay(drawing, ground, net, places, width, _columns(places, block), ROWS)


def _join_levels(drawing: Drawing, places: list[FramePin]) -> None:
    """Metals of one pad above each other are one net by vias between them."""
    for pin in (pin for pin in places if pin.layer is Layer.MET5):
        left, bottom, right, _ = pin.box
        draw_via_arrays(drawing, Box(left, bottom + JOINED_NM[0], right, bottom + JOINED_NM[1]), Layer.MET3, Layer.MET5)


def _inner(core: Instance, block: Box) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for pin in core.cell.pins:
        box = pin.box.transformed(core.trans)
        side = "left" if box.left == block.left else "right"
        found[pin.name].append(Place(pin.layer, box, side, inner=True))
    return found


def _columns(places: list[Place], block: Box) -> list[int]:
    """Where the column of a net may be: beside the block for its nets, else near the frame."""
    inner = [place for place in places if place.inner]
    if inner and inner[0].side == "left":
        return [block.left - k for k in range(FIRST_NM, FREE_NM, STEP_NM)]
    if inner:
        return [block.right + k for k in range(FIRST_NM, FREE_NM, STEP_NM)]
    left = any(place.side == "left" or (place.side == "top" and place.box.right < WIDTH_NM // 2) for place in places)
    return [x if left else WIDTH_NM - x for x in OUTER]
