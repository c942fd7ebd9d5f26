"""Both ends of a row of a charge-domain multiplier: lanes that join the rows, and what joins the tiles to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, layer_index
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.cells.strip.draw import draw_track
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import RAIL_NM, TRACK_NM
from analoom.cells.switch.weight_bit import CLOCKS
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3, VIA3

from .floor import BUS_NM, LEAST_NM, LINE_NM, LINE_PITCH_NM, TOP_LINE_NM, TileFloor

SUPPLY_NM = 1000
"""Width of a supply's lane."""
VIA3_PAD_NM = snap_up(VIA3.below.long_nm + CUT_GRID_NM, 2 * CUT_GRID_NM)
"""Side of a square pad over a via3: a step more than it needs, as its middle may lie off the cuts' grid."""
CHAIN, TOP = "chain", "top"
LEFT_LANES = {CHAIN: LINE_NM, **dict.fromkeys(CLOCKS, LINE_NM), "vcm": BUS_NM, VSS: SUPPLY_NM, VDD: SUPPLY_NM}
RIGHT_LANES = {CHAIN: LINE_NM, "vcm": BUS_NM, TOP: VIA3_PAD_NM, VSS: SUPPLY_NM, VDD: SUPPLY_NM}
"""Widths of the lanes on met3, from the tiles outward. That of `top` lies between two that rest, off the last tile's
plates; it and that of the chain are drawn only as far as they are needed."""


@dataclass(frozen=True)
class Edges:
    """Coordinates (nm) of both ends of a row whose tiles lie from 0 to `width`."""

    floor: TileFloor
    width: int

    @cached_property
    def left(self) -> dict[str, Box]:
        """The lanes on the left, over the height of a tile."""
        return {net: self._lane(-far, -near) for net, near, far in _lanes(LEFT_LANES, 0)}

    @cached_property
    def right(self) -> dict[str, Box]:
        """The lanes on the right, clear of the last tile's capacitors."""
        plates = self.floor.caps.layout.bbox(layer_index(Layer.CAPM)).moved(*self.floor.caps_at)
        clear = max(0, plates.right + rules.CAPM_TO_OTHER_PLATE.value_nm - self.floor.width)
        lanes = _lanes(RIGHT_LANES, clear)
        return {net: self._lane(self.width + near, self.width + far) for net, near, far in lanes}

    def _lane(self, left: int, right: int) -> Box:
        return Box(left, 0, right, self.floor.height)


def _lanes(widths: dict[str, int], clear_nm: int) -> Iterator[tuple[str, int, int]]:
    """(net, near edge, far edge) of each lane, from `clear_nm` off the tiles outward."""
    near = max(clear_nm, MET3.space_nm // 2)
    for net, width in widths.items():
        near = snap_up(near + width // 2, CUT_GRID_NM) - width // 2
        yield net, near, near + width
        near += width + MET3.space_nm


def draw_edges(drawing: Drawing, edges: Edges) -> None:
    """Draws lanes and what joins them to the tiles; not the chain."""
    for net, lane in (*edges.left.items(), *edges.right.items()):
        if net not in (CHAIN, TOP):
            drawing.add(Layer.MET3, lane)
    _clocks(drawing, edges)
    _supplies(drawing, edges)
    _vcm(drawing, edges)
    _top(drawing, edges)


def _clocks(drawing: Drawing, edges: Edges) -> None:
    for net in CLOCKS:
        x = middle(edges.left[net])
        for row in range(edges.floor.grid.rows):
            y = edges.floor.track_y(net, row)
            draw_track(drawing, x, 0, y)
            draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, ends="h")


def _supplies(drawing: Drawing, edges: Edges) -> None:
    """Every rail out to the lanes on both sides."""
    for net in (VDD, VSS):
        for y in edges.floor.rail_y(net):
            draw_rail_end(drawing, edges.left[net], 0, y)
            draw_rail_end(drawing, edges.right[net], edges.width, y)


def draw_rail_end(drawing: Drawing, lane: Box, start: int, y: int) -> None:
    """A rail at height `y` from `start` to a lane, with cuts wherever both lie above each other."""
    bottom = y - RAIL_NM // 2
    drawing.box(Layer.MET1, min(lane.left, start), bottom, max(lane.right, start), bottom + RAIL_NM)
    draw_via_arrays(drawing, Box(lane.left, bottom, lane.right, bottom + RAIL_NM), Layer.MET1, Layer.MET3)


def _vcm(drawing: Drawing, edges: Edges) -> None:
    """The bus of vcm out to its lanes."""
    y, half = edges.floor.vcm_y, BUS_NM // 2
    for lane, start in ((edges.left["vcm"], 0), (edges.right["vcm"], edges.width)):
        drawing.box(Layer.MET2, min(lane.left, start), y - half, max(lane.right, start), y + half)
        draw_via_arrays(drawing, Box(lane.left, y - half, lane.right, y + half), Layer.MET2, Layer.MET3)


def _top(drawing: Drawing, edges: Edges) -> None:
    """The line of `top` on to its lane, and down to it; on the left a little on too, as past any other x."""
    y, half, lane = edges.floor.top_y, TOP_LINE_NM // 2, edges.right[TOP]
    drawing.box(Layer.MET4, -LINE_PITCH_NM, y - half, 0, y + half)
    drawing.box(Layer.MET4, edges.width, y - half, lane.right, y + half)
    pad = VIA3_PAD_NM // 2
    draw_via_arrays(drawing, Box(lane.left, y - pad, lane.right, y + pad), Layer.MET3, Layer.MET4)


def middle(lane: Box) -> int:
    """Middle of a lane, on the grid of the cuts."""
    return int(lane.center().x // CUT_GRID_NM * CUT_GRID_NM)


def chain_x(edges: Edges, side: str) -> int:
    """Middle of the lane of the chain, on the left ("l") or the right ("r")."""
    return middle((edges.left if side == "l" else edges.right)[CHAIN])


def draw_chain_end(drawing: Drawing, edges: Edges, side: str, y: int) -> None:
    """The chain's track out to its lane."""
    x, start = chain_x(edges, side), 0 if side == "l" else edges.width
    draw_track(drawing, min(x, start) - TRACK_NM // 2, max(x, start) + TRACK_NM // 2, y)


def draw_chain(drawing: Drawing, x: int, bottom: int, top: int, *tracks: int) -> None:
    """Met3 in the lane of the chain from `bottom` to `top`, with a via down at each of `tracks`."""
    drawing.box(Layer.MET3, x - LINE_NM // 2, bottom, x + LINE_NM // 2, max(top, bottom + LEAST_NM))
    for y in tracks:
        draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, ends="h")
