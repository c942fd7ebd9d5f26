"""The output end of a row of a charge-domain multiplier: the switches that reset and sample its common plate.

They lie above each other, the sampling one upside down, their wells one, below the line of `top`: under the lanes where
both fit between that line and the bus of vcm, else beside the lanes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import klayout.db as kdb

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.draw import draw_track
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TRACK_NM
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch, analog_switch_plan
from analoom.pdk import rules
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, MET3, MET4

from .edges import TOP, Edges, draw_rail_end, middle
from .floor import BUS_NM, FIRST_LINE_NM, LINE_NM, LINE_PITCH_NM, METAL_SPACE_NM, PAD_END_NM, TOP_LINE_NM
from .nets import SWITCH_CLOCKS

RESET, SAMPLE = "reset", "sample"
EN, ENB, A, B = "en", "enb", "a", "b"
CLOCKED = {"rst": (RESET, EN), "rstb": (RESET, ENB), "smp": (SAMPLE, EN), "smpb": (SAMPLE, ENB)}
"""The switch and its track that each clock is for."""
TO_LANES = ((TOP, SAMPLE, A), (TOP, RESET, B), ("vcm", RESET, A))
"""Lane, switch and track of what goes to the lanes."""
JUMP_NM = (390, 620)
"""Width and height of the met3 between two cuts of a jumper: its least area, and a space apart for both tracks."""


@dataclass(frozen=True)
class Output:
    """Coordinates (nm) of the switches of a row between `edges`, and of their lines."""

    edges: Edges

    @cached_property
    def specs(self) -> dict[str, AnalogSwitchSpec]:
        """The switches, the lower one first."""
        spec = self.edges.floor.spec
        widths = {RESET: spec.w_switch, SAMPLE: spec.w_sample}
        return {name: AnalogSwitchSpec(w=w, l=spec.l, dummy=spec.dummies) for name, w in widths.items()}

    @cached_property
    def plans(self) -> dict[str, StripPlan]:
        """Their plans, which are equally wide."""
        return {name: analog_switch_plan(spec) for name, spec in self.specs.items()}

    @property
    def width(self) -> int:
        return self.plans[RESET].width

    @property
    def height(self) -> int:
        """From the lowest rail to the highest."""
        return sum(plan.height for plan in self.plans.values())

    @property
    def _highest(self) -> int:
        """Where the frame begins if the highest rail lies just below the line of `top`."""
        below = TOP_LINE_NM + MET4.space_nm + RAIL_NM
        return (self.edges.floor.top_y - below - self.height - AXIS_NM) // CUT_GRID_NM * CUT_GRID_NM

    @property
    def _under_lanes(self) -> bool:
        """Whether no wire of the tiles to a lane comes between."""
        bus = self.edges.floor.vcm_y + BUS_NM // 2
        return self._highest + AXIS_NM - RAIL_NM // 2 >= bus + METAL_SPACE_NM

    @property
    def x(self) -> int:
        """Left end of the switches: their well away from that of the tiles."""
        wells = self.edges.width + rules.NWELL_SPACE.value_nm + 2 * rules.NWELL_ENCLOSES_NTAP.value_nm
        beside = self.edges.right[VDD].right + MET1.space_nm
        return snap_up(wells if self._under_lanes else max(wells, beside), CUT_GRID_NM)

    @cached_property
    def y(self) -> int:
        """Where the frame of the lower one begins: as high as nothing comes beside another wire on its way to a lane.

        Raises SpecError where the switches are too high for the row.
        """
        if self._under_lanes:
            return self._highest
        for y in range(self._highest, self.edges.floor.rail_y(VDD)[0], -CUT_GRID_NM):
            wires = [(y + at, half) for at, half in self._wires]
            if all(abs(at - y) >= half + other + METAL_SPACE_NM for at, half in wires for y, other in self._others):
                return y
        bound, instead = "less, as switches are not higher than a row", "a smaller w_switch or a larger unit.w"
        raise SpecError("w_switch", self.edges.floor.spec.w_switch, bound, instead=instead)

    @cached_property
    def _others(self) -> list[tuple[int, int]]:
        """Middles and half widths of what joins the tiles to lanes."""
        floor = self.edges.floor
        return [(floor.vcm_y, BUS_NM // 2), *((y, RAIL_NM // 2) for y in (*floor.rail_y(VDD), *floor.rail_y(VSS)))]

    @cached_property
    def _wires(self) -> list[tuple[int, int]]:
        """Middles and half widths of what joins the switches to lanes, above the frame of the lower one."""
        tracks = [(self._above(switch, track), TRACK_NM - TRACK_NM // 2) for _, switch, track in TO_LANES]
        return [*((y, RAIL_NM // 2) for y in self._rails), *tracks]

    @property
    def _rails(self) -> tuple[int, int, int]:
        """Middles of the rails above the frame of the lower one: vss, vdd and vss."""
        return AXIS_NM, AXIS_NM + self.plans[RESET].height, AXIS_NM + self.height

    @property
    def rails(self) -> list[tuple[str, int]]:
        """(net, middle) of each rail."""
        return [(net, self.y + y) for net, y in zip((VSS, VDD, VSS), self._rails, strict=True)]

    @property
    def top(self) -> int:
        """Where the frame of the upper switch, which lies upside down, has its own lower end."""
        return self.y + self.height + 2 * AXIS_NM

    def track(self, switch: str, net: str) -> int:
        """Middle of a track."""
        return self.y + self._above(switch, net)

    def _above(self, switch: str, net: str) -> int:
        at = self.plans[switch].tracks[net]
        return at if switch == RESET else self.height + 2 * AXIS_NM - at

    @property
    def jump_x(self) -> int:
        """Middle of the jumpers' met3."""
        taken = max(self.x + self.width, self.edges.right[VDD].right)
        return snap_up(taken + MET3.space_nm + JUMP_NM[0] // 2, CUT_GRID_NM)

    @cached_property
    def lines(self) -> dict[str, int]:
        """Middles of the clocks' met3 lines, which run from row to row and cross no node that is left floating.

        A line is left free between the clocks of the two switches, which would make each other costly to drive.
        """
        first = snap_up(self.jump_x + JUMP_NM[0] // 2 + MET3.space_nm + LINE_NM // 2, CUT_GRID_NM)
        lanes = (*SWITCH_CLOCKS[:2], None, *SWITCH_CLOCKS[2:])
        return {net: first + k * LINE_PITCH_NM for k, net in enumerate(lanes) if net}

    def jump_end(self, switch: str) -> int:
        """Right end of the jumpers to a switch: those of a clock and of its complement couple alike."""
        return max(self.lines[net] for net, (other, _) in CLOCKED.items() if other == switch) + LINE_NM // 2

    @property
    def end(self) -> int:
        """Right end of the row."""
        return max(self.lines.values()) + FIRST_LINE_NM


def switches(output: Output) -> tuple[Instance, Instance]:
    """The reset and the sampling switch; `b` is the side with the dummy, which is the node that is left floating."""
    supplies = {VDD: VDD, VSS: VSS}
    reset = {A: "vcm", B: TOP, EN: "rst", ENB: "rstb", **supplies}
    sample = {A: TOP, B: "out", EN: "smp", ENB: "smpb", **supplies}
    lower, upper = (analog_switch(output.specs[name]) for name in (RESET, SAMPLE))
    return (
        Instance(RESET, lower, kdb.Trans(output.x, output.y), reset),
        Instance(SAMPLE, upper, kdb.Trans(kdb.Trans.M0, output.x, output.top), sample),
    )


def draw_output(drawing: Drawing, output: Output) -> None:
    """Draws the wires of the switches; not the switches."""
    edges = output.edges
    for net, y in output.rails:
        draw_rail_end(drawing, edges.right[net], output.x, y)
    _to_lanes(drawing, output)
    for net, (switch, track) in CLOCKED.items():
        x, y = output.lines[net], output.track(switch, track)
        drawing.box(Layer.MET3, x - LINE_NM // 2, 0, x + LINE_NM // 2, edges.floor.height)
        draw_track(drawing, output.x + output.width // 2, output.jump_x + PAD_END_NM, y)
        _jumper(drawing, (output.jump_x, x, output.jump_end(switch)), y)
    draw_track(drawing, output.x + output.width // 2, output.end, output.track(SAMPLE, B))


def _to_lanes(drawing: Drawing, output: Output) -> None:
    """Tracks to lanes; that of `top` lies over all clocks' tracks, so that each and its complement couple alike."""
    edges, inside = output.edges, output.x + output.width // 2
    lane = edges.right[TOP]
    low = output.track(RESET, A) - LINE_NM // 2
    drawing.box(Layer.MET3, lane.left, low, lane.right, edges.floor.top_y)
    for net, switch, track in TO_LANES:
        x, y = middle(edges.right[net]), output.track(switch, track)
        draw_track(drawing, x - PAD_END_NM, inside, y)
        draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, ends="h")


def _jumper(drawing: Drawing, xs: tuple[int, int, int], y: int) -> None:
    """From a track up to met4, over to a line and down to it: while met3 is made the line reaches no gate (antenna)."""
    (x, line_x, end), (wide, high) = xs, JUMP_NM
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, ends="h")
    drawing.box(Layer.MET3, x - wide // 2, y - high // 2, x - wide // 2 + wide, y - high // 2 + high)
    half = MET4.width_nm // 2
    drawing.box(Layer.MET4, x, y - half, end, y - half + MET4.width_nm)
    for at in (x, line_x):
        draw_stack(drawing, at, y, Layer.MET3, Layer.MET4, ends="v")
