"""Both ends of a row of a charge-domain multiplier: lanes that join the rows, switches that reset and sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import klayout.db as kdb

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, layer_index
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.cells.strip.draw import draw_track
from analoom.cells.strip.filler import strip_filler
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TRACK_NM
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch, analog_switch_plan
from analoom.cells.switch.weight_bit import CLOCKS
from analoom.pdk import rules
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET2, MET3, MET4, VIA3

from .floor import (
    BUS_NM,
    FIRST_LINE_NM,
    LEAST_NM,
    LINE_NM,
    LINE_PITCH_NM,
    METAL_SPACE_NM,
    PAD_END_NM,
    TOP_LINE_NM,
    TileFloor,
)

SUPPLY_NM = 1000
"""Width of a supply's lane."""
CHAIN = "chain"
LEFT_LANES = {CHAIN: LINE_NM, **dict.fromkeys(CLOCKS, LINE_NM), "vcm": BUS_NM, VSS: SUPPLY_NM, VDD: SUPPLY_NM}
RIGHT_LANES = {CHAIN: LINE_NM, "vcm": BUS_NM, VSS: SUPPLY_NM, VDD: SUPPLY_NM}
"""Widths of the lanes on met3, from the tiles outward."""
LINES_OVER_SWITCH = 2
VIA3_PAD_NM = snap_up(VIA3.below.long_nm + CUT_GRID_NM, 2 * CUT_GRID_NM)
"""Side of a square pad over a via3: a step more than it needs, as its middle may lie off the cuts' grid."""
TOP_SHIFT_NM = snap_up((VIA3_PAD_NM - LINE_NM) // 2, CUT_GRID_NM)
"""A line that ends in a via3 is wider there than others."""


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

    def switch_spec(self, w_um: float) -> AnalogSwitchSpec:
        """A switch whose rails stand as the wider one's."""
        spec = self.floor.spec
        room = max(spec.w_switch, spec.w_sample)
        return AnalogSwitchSpec(w=w_um, l=spec.l, dummy=spec.dummies, room=room)

    @cached_property
    def plan(self) -> StripPlan:
        """The plan of the reset switch; the sampling switch has its width, rails and tracks."""
        return analog_switch_plan(self.switch_spec(self.floor.spec.w_switch))

    @property
    def reset_x(self) -> int:
        """Left end of the reset switch: four lines off the lanes, and its well away from that of the tiles."""
        wells = rules.NWELL_SPACE.value_nm + 2 * rules.NWELL_ENCLOSES_NTAP.value_nm
        lanes = self.right[VDD].right + MET3.space_nm
        clocks = lanes + LINE_NM // 2 + 4 * LINE_PITCH_NM - MET3.space_nm // 2
        return snap_up(max(self.width + wells, clocks), CUT_GRID_NM)

    @property
    def filler(self) -> int:
        """Width between the switches: two lines have to fit over the first."""
        return max(0, LINES_OVER_SWITCH * LINE_PITCH_NM + TRACK_NM - self.plan.width)

    @property
    def sample_x(self) -> int:
        return self.reset_x + self.plan.width + self.filler

    @cached_property
    def switch_y(self) -> int:
        """Where the switches' frame begins: below the line of `top`, and their rails not beside others on their way.

        Raises SpecError where the switches are too high for the row.
        """
        below = TOP_LINE_NM + MET4.space_nm + RAIL_NM
        highest = (self.floor.top_y - below - self.plan.height - AXIS_NM) // CUT_GRID_NM * CUT_GRID_NM
        for y in range(highest, self.link_y, -CUT_GRID_NM):
            rails = y + AXIS_NM, y + AXIS_NM + self.plan.height
            if all(abs(rail - other) >= RAIL_NM + METAL_SPACE_NM for rail in rails for other in self._others):
                return y
        instead = "a smaller w_switch or a larger unit.w"
        raise SpecError(
            "w_switch", self.floor.spec.w_switch, "less, as switches are not higher than a row", instead=instead
        )

    @property
    def link_y(self) -> int:
        """Middle of the track that takes vcm to the reset switch: that of a clock, which goes out on the left."""
        return self.floor.track_y(CLOCKS[0], 0)

    @cached_property
    def _others(self) -> list[int]:
        """Middles of the wires that the rails of the switches would meet."""
        return [self.link_y, *self.floor.rail_y(VDD), *self.floor.rail_y(VSS)]

    @property
    def end(self) -> int:
        """Right end of the row."""
        return max(self.lines.values()) + LINE_PITCH_NM

    @cached_property
    def lines(self) -> dict[str, int]:
        """Middles of the met3 lines at the switches that run from row to row.

        Clocks stand beside their switch, as over it they would cross the node that is left floating; those of the
        reset a line away from it, or the nearer one would couple more.
        """
        left, right = self.reset_x, self.sample_x + self.plan.width
        out = (LINE_NM + MET3.space_nm) // 2
        beside = snap_up(out, CUT_GRID_NM)
        return {
            "rst": left - beside - 2 * LINE_PITCH_NM,
            "rstb": left - beside - LINE_PITCH_NM,
            "vcm": left + FIRST_LINE_NM,
            "smp": right + beside,
            "smpb": right + beside + LINE_PITCH_NM,
        }

    @property
    def top_x(self) -> tuple[int, int]:
        """Middles of the lines of `top` over the reset and the sampling switch."""
        clear = TRACK_NM // 2 + MET2.space_nm + CUT_GRID_NM
        return self.lines["vcm"] + LINE_PITCH_NM + TOP_SHIFT_NM, snap_up(self.sample_x + clear, CUT_GRID_NM)

    def switch_track(self, net: str) -> int:
        return self.switch_y + self.plan.tracks[net]


def _lanes(widths: dict[str, int], clear_nm: int) -> Iterator[tuple[str, int, int]]:
    """(net, near edge, far edge) of each lane, from `clear_nm` off the tiles outward."""
    near = max(clear_nm, MET3.space_nm // 2)
    for net, width in widths.items():
        near = snap_up(near + width // 2, CUT_GRID_NM) - width // 2
        yield net, near, near + width
        near += width + MET3.space_nm


def switches(edges: Edges) -> tuple[Instance, Instance]:
    """The reset and the sampling switch; `b` is the side with the dummy, which is the node that is left floating."""
    spec, supplies = edges.floor.spec, {VDD: VDD, VSS: VSS}
    cells = [analog_switch(edges.switch_spec(w)) for w in (spec.w_switch, spec.w_sample)]
    reset = {"a": "vcm", "b": "top", "en": "rst", "enb": "rstb", **supplies}
    sample = {"a": "top", "b": "out", "en": "smp", "enb": "smpb", **supplies}
    at = [kdb.Trans(x, edges.switch_y) for x in (edges.reset_x, edges.sample_x)]
    return Instance("reset", cells[0], at[0], reset), Instance("sample", cells[1], at[1], sample)


def draw_edges(drawing: Drawing, edges: Edges) -> None:
    """Draws lanes, what joins them to the tiles, and the wires of the switches; not the chain, nor the switches."""
    for net, lane in (*edges.left.items(), *edges.right.items()):
        if net != CHAIN:
            drawing.add(Layer.MET3, lane)
    _clocks(drawing, edges)
    _supplies(drawing, edges)
    _vcm(drawing, edges)
    _switch_lines(drawing, edges)
    _top(drawing, edges)


def _clocks(drawing: Drawing, edges: Edges) -> None:
    for net in CLOCKS:
        x = _middle(edges.left[net])
        for row in range(edges.floor.grid.rows):
            y = edges.floor.track_y(net, row)
            draw_track(drawing, x, 0, y)
            draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, ends="h")


def _supplies(drawing: Drawing, edges: Edges) -> None:
    """Every rail out to the lanes on both sides, and those of the switches."""
    plan, half = edges.plan, RAIL_NM // 2
    for net in (VDD, VSS):
        for y in edges.floor.rail_y(net):
            for lane, start in ((edges.left[net], 0), (edges.right[net], edges.width)):
                _rail(drawing, lane, start, y - half)
        y = edges.switch_y + AXIS_NM + (plan.height if net == VDD else 0)
        _rail(drawing, edges.right[net], edges.reset_x, y - half)
    if edges.filler:
        cell = strip_filler(analog_switch(edges.switch_spec(edges.floor.spec.w_switch)).name, plan, edges.filler, ())
        drawing.instance(cell, kdb.Trans(edges.reset_x + plan.width, edges.switch_y))


def _rail(drawing: Drawing, lane: Box, start: int, bottom: int) -> None:
    drawing.box(Layer.MET1, min(lane.left, start), bottom, max(lane.right, start), bottom + RAIL_NM)
    draw_via_arrays(drawing, Box(lane.left, bottom, lane.right, bottom + RAIL_NM), Layer.MET1, Layer.MET3)


def _vcm(drawing: Drawing, edges: Edges) -> None:
    """The bus of vcm out to its lanes, and from the right one to the line over the reset switch."""
    y, half = edges.floor.vcm_y, BUS_NM // 2
    for lane, start in ((edges.left["vcm"], 0), (edges.right["vcm"], edges.width)):
        drawing.box(Layer.MET2, min(lane.left, start), y - half, max(lane.right, start), y + half)
        draw_via_arrays(drawing, Box(lane.left, y - half, lane.right, y + half), Layer.MET2, Layer.MET3)
    ends = _middle(edges.right["vcm"]), edges.lines["vcm"]
    draw_track(drawing, ends[0] - PAD_END_NM, ends[1] + PAD_END_NM, edges.link_y)
    for x in ends:
        draw_stack(drawing, x, edges.link_y, Layer.MET2, Layer.MET3, ends="h")


def _switch_lines(drawing: Drawing, edges: Edges) -> None:
    """Lines from row to row over the switches, each on its track; the output out to the right."""
    tracks = {"rst": "en", "rstb": "enb", "vcm": "a", "smp": "en", "smpb": "enb"}
    for net, x in edges.lines.items():
        drawing.box(Layer.MET3, x - LINE_NM // 2, 0, x + LINE_NM // 2, edges.floor.height)
        y = edges.switch_track(tracks[net])
        if net != "vcm":
            draw_track(drawing, *_reach(edges, net), y)
        draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, ends="h")
    y, half = edges.switch_track("b"), edges.plan.width // 2
    draw_track(drawing, edges.sample_x + half, edges.end, y)
    draw_track(drawing, edges.reset_x + half, edges.top_x[0] + PAD_END_NM, y)


def _reach(edges: Edges, net: str) -> tuple[int, int]:
    """Ends of a clock's track from inside its switch: those of a clock and of its complement are alike."""
    half = edges.plan.width // 2
    if net.startswith("rst"):
        return edges.lines["rst"] - PAD_END_NM, edges.reset_x + half
    return edges.sample_x + half, edges.lines["smpb"] + PAD_END_NM


def _top(drawing: Drawing, edges: Edges) -> None:
    """The line of `top` on over the switches, and down to both; on the left a little on too, as past any other x.

    Both ways down cross the tracks of a clock and of its complement, whichever track they are for.
    """
    y, half, pad = edges.floor.top_y, TOP_LINE_NM // 2, VIA3_PAD_NM // 2
    drawing.box(Layer.MET4, -LINE_PITCH_NM, y - half, 0, y + half)
    drawing.box(Layer.MET4, edges.width, y - half, edges.top_x[1] + pad, y + half)
    for x, track in zip(edges.top_x, ("b", "a"), strict=True):
        at, low = edges.switch_track(track), edges.switch_track("a") - LINE_NM // 2
        drawing.box(Layer.MET3, x - LINE_NM // 2, low, x + LINE_NM // 2, y)
        draw_stack(drawing, x, at, Layer.MET2, Layer.MET3, ends="h")
        draw_via_arrays(drawing, Box(x - pad, y - pad, x + pad, y + pad), Layer.MET3, Layer.MET4)


def _middle(lane: Box) -> int:
    """Middle of a lane, on the grid of the cuts."""
    return lane.center().x // CUT_GRID_NM * CUT_GRID_NM


def chain_x(edges: Edges, side: str) -> int:
    """Middle of the lane of the chain, on the left ("l") or the right ("r")."""
    return _middle((edges.left if side == "l" else edges.right)[CHAIN])


def draw_chain_end(drawing: Drawing, edges: Edges, side: str, y: int) -> None:
    """The chain's track out to its lane."""
    x, start = chain_x(edges, side), 0 if side == "l" else edges.width
    draw_track(drawing, min(x, start) - TRACK_NM // 2, max(x, start) + TRACK_NM // 2, y)


def draw_chain(drawing: Drawing, x: int, bottom: int, top: int, *tracks: int) -> None:
    """Met3 in the lane of the chain from `bottom` to `top`, with a via down at each of `tracks`."""
    drawing.box(Layer.MET3, x - LINE_NM // 2, bottom, x + LINE_NM // 2, max(top, bottom + LEAST_NM))
    for y in tracks:
        draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, ends="h")
