"""An upright lane of met3 that is broken by a jumper of met4 where gates hang on it.

While met3 is etched a long lane so reaches no gate, and what it collects no gate has to bear (antenna).
"""

from __future__ import annotations

from collections.abc import Sequence

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.pulse_width.wires import LEAST_NM
from analoom.generators.memory.lanes import line_box
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3, VIA3

END_NM = LINE_NM // 2
JUMP_NM = snap_up(LEAST_NM // 2 + MET3.space_nm + VIA3.below.long_nm // 2, CUT_GRID_NM)
"""From the middle of what hangs on a lane to the cut in the lane: least areas of met3 keep their space."""


def draw_broken_lane(drawing: Drawing, x: int, bottom: int, top: int, taps: Sequence[int]) -> None:
    """Met3 from `bottom` to `top` with a jumper up and down from each height of `taps`; none up from one at `top`."""
    cuts = [y + way for y in sorted(taps, reverse=True) for way in (JUMP_NM, -JUMP_NM)]
    edges = [top, *cuts, bottom]
    for high, low in zip(edges[::2], edges[1::2], strict=True):
        if high > low:
            drawing.add(Layer.MET3, line_box(x, low, high))
    for y in taps:
        _jumper(drawing, x, y, upward=y < top)


def _jumper(drawing: Drawing, x: int, y: int, *, upward: bool) -> None:
    """The least met3 on what hangs there, and met4 to the lane below it and above."""
    least = y - LEAST_NM // 2
    drawing.add(Layer.MET3, line_box(x, least, least + LEAST_NM))
    ends = (y - JUMP_NM, y + JUMP_NM * upward)
    drawing.add(Layer.MET4, line_box(x, ends[0] - END_NM, ends[1] + END_NM))
    for at in {y, *ends}:
        draw_stack(drawing, x, at, Layer.MET3, Layer.MET4, "v")
