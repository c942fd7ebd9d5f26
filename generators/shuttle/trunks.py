"""Long wires in an empty area: each net has one column on met4, from which it reaches its places sideways on met3.

Nets are laid one after the other, each in the first column that keeps off all that lies there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS, WIDE_NM

PAD_NM = 800
"""Least side of a pad on met3 and met4: holds a cut, and is no island too small."""
HEAD_NM = 2000
"""Height of the cuts at a pin above: what joins the levels of a pad lies beyond."""
WIDE_PIN_NM = 1200
"""Pins from here on get an array of cuts."""


@dataclass(frozen=True)
class Place:
    """Where a net is met: a box of metal, and the side on which its wire leaves. `inner`: of a block inside."""

    layer: Layer
    box: Box
    side: str
    inner: bool = False

    @property
    def y(self) -> int:
        return self.box.center().y


@dataclass
class Wires:
    """Of one net: metal by layer, single stacks (x, y, lowest, highest) and arrays over pads."""

    metal: list[tuple[Layer, Box]] = field(default_factory=list)
    stacks: list[tuple[int, int, Layer, Layer]] = field(default_factory=list)
    arrays: list[tuple[Box, Layer, Layer]] = field(default_factory=list)

    def draw(self, drawing: Drawing) -> None:
        """Draws them."""
        for layer, box in self.metal:
            drawing.add(layer, box)
        for x, y, lowest, highest in self.stacks:
            draw_stack(drawing, x, y, lowest, highest)
        for box, lowest, highest in self.arrays:
            draw_via_arrays(drawing, box, lowest, highest)


class Ground:
    """What is taken: metal by layer with its net, and boxes that nothing enters."""

    def __init__(self, kept_off: Iterable[Box]) -> None:
        self._taken: dict[Layer, list[tuple[str, Box]]] = defaultdict(list)
        for box in kept_off:
            for layer in (Layer.MET2, Layer.MET3, Layer.MET4):
                self._taken[layer].append(("", box))

    def take(self, net: str, layer: Layer, box: Box) -> None:
        """Metal of a net that is there."""
        self._taken[layer].append((net, box))

    def is_free(self, net: str, wires: Wires) -> bool:
        """Whether the wires keep their distance from all that is of other nets."""
        return not any(
            other != net and _near(layer, box, there)
            for layer, box in wires.metal
            for other, there in self._taken[layer]
        )


def _near(layer: Layer, box: Box, there: Box) -> bool:
    """Whether two boxes are nearer than their layer allows, which asks for more beside wide metal."""
    level = LEVELS[layer]
    wide = any(min(one.width(), one.height()) > WIDE_NM for one in (box, there))
    space = (level.wide_space_nm if wide else level.space_nm) - 1
    return bool(box.enlarged(space, space).touches(there))


def lay(
    drawing: Drawing,
    ground: Ground,
    net: str,
    places: Sequence[Place],
    width_nm: int,
    columns: Sequence[int],
    rows: Sequence[int],
) -> None:
    """Draws the wires of a net between its places in the first of the columns (and rows below the top) that is free.

    Raises SpecError where none is.
    """
    for row in rows if any(place.side == "top" for place in places) else rows[:1]:
        for column in columns:
            wires = _wires(places, width_nm, column, row)
            if ground.is_free(net, wires):
                wires.draw(drawing)
                for layer, box in wires.metal:
                    ground.take(net, layer, box)
                return
    raise SpecError("pins", net, "a net that finds a way to its pads", "wires of the wrapper")


def _wires(places: Sequence[Place], width_nm: int, column: int, row: int) -> Wires:
    wires, heights = Wires(), []
    for place in places:
        y = row if place.side == "top" else place.y
        heights.append(y)
        (_inside if place.inner else _from_top if place.side == "top" else _from_side)(
            wires, place, width_nm, column, y
        )
    half = max(width_nm, PAD_NM) // 2
    if max(heights) > min(heights):
        wires.metal.append((Layer.MET4, Box(column - half, min(heights) - half, column + half, max(heights) + half)))
    return wires


def _from_side(wires: Wires, place: Place, width_nm: int, column: int, y: int) -> None:
    """From a pin at the side on met3 to the column, as wide as the pin at most."""
    half = min(max(width_nm, PAD_NM), max(place.box.height(), PAD_NM)) // 2
    edge = place.box.right if place.side == "left" else place.box.left
    _across(wires, column, edge, y, half, width_nm)


def _from_top(wires: Wires, place: Place, width_nm: int, column: int, y: int) -> None:
    """From a pin above down to the row on met4, and along it to the column."""
    half = min(width_nm, place.box.width()) // 2
    x, low = place.box.center().x, place.box.bottom
    head = Box(x - half, low + PAD_NM, x + half, low + PAD_NM + HEAD_NM)
    wires.arrays.append((head, Layer.MET3, Layer.MET4))
    wires.metal.append((Layer.MET4, Box(x - half, y - half, x + half, head.top)))
    foot = Box(x - half, y - half, x + half, y + half)
    wires.arrays.append((foot, Layer.MET3, Layer.MET4))
    _across(wires, column, x, y, half, width_nm)


def _across(wires: Wires, column: int, x: int, y: int, half: int, width_nm: int) -> None:
    """Along met3 from x to the column, and up to it."""
    side = max(width_nm, PAD_NM) // 2
    wires.metal.append((Layer.MET3, Box(min(x, column - side), y - half, max(x, column + side), y + half)))
    pad = Box(column - side, y - half, column + side, y + half)
    wires.metal.append((Layer.MET4, pad))
    wires.arrays.append((pad, Layer.MET3, Layer.MET4))


def _inside(wires: Wires, place: Place, width_nm: int, column: int, y: int) -> None:
    """From a pin of the block on its own height to the column: on met2, or on what the pin is on."""
    box, side = place.box, max(width_nm, PAD_NM) // 2
    edge = box.left if place.side == "left" else box.right
    wires.metal.append((place.layer, Box(min(edge, column - side), box.bottom, max(edge, column + side), box.top)))
    pad = Box(column - side, y - side, column + side, y + side)
    wires.metal += [(Layer.MET4, pad)]
    if place.layer is Layer.MET4:
        return
    if box.height() >= WIDE_PIN_NM:
        wires.metal += [(Layer.MET3, pad & Box(pad.left, box.bottom, pad.right, box.top))]
        wires.arrays.append((Box(pad.left, box.bottom, pad.right, box.top) & pad, place.layer, Layer.MET4))
        return
    if place.layer is not Layer.MET3:
        wires.stacks.append((column, y, place.layer, Layer.MET3))
    hold = Box(column - PAD_NM // 2, y - PAD_NM // 2, column + PAD_NM // 2, y + PAD_NM // 2)
    wires.metal += [(Layer.MET3, hold)]
    wires.arrays.append((hold, Layer.MET3, Layer.MET4))
