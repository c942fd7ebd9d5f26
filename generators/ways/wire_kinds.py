"""What a router's wires are made of: the levels it may use, and the pads of a cut in either direction.

All sizes are those of the one wire table. Lengths are in nm.
"""

from __future__ import annotations

from typing import Literal

from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.parts.via_stack import cut_box
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS, VIAS, Pad, Via, WireLevel

Ends = Literal["v", "h"]
ENDS: tuple[Ends, Ends] = ("v", "h")
"""The directions in which a pad may be long, in the order of a router's tables."""

ROUTED: tuple[WireLevel, ...] = tuple(level for layer, level in LEVELS.items() if layer is not Layer.LI1)
"""The levels that wires run on, met1 to met5: their index is a router's level."""

CUTS: tuple[Via, ...] = VIAS[1:]
"""The vias between them: number k joins level k to level k + 1."""

ALONG: tuple[Ends, ...] = ("v", "h", "v", "h", "v")
"""The direction that wires of a level prefer: fingers have their pins on met2 and in rows, so met2 runs along them."""

OFF_NM = CUT_GRID_NM // 2
"""How far the middle of a cut may lie from the lines that it stands on, for the sake of its own grid."""

LEVEL_OF = {level.layer: k for k, level in enumerate(ROUTED)}


def half_nm(level: int) -> int:
    """Half the width of a wire."""
    return ROUTED[level].width_nm // 2


def pad_reach(pad: Pad, ends: Ends) -> tuple[int, int]:
    """How far a pad reaches in x and y from the middle of its cut."""
    short, long = pad.short_nm // 2, pad.long_nm // 2
    return (long, short) if ends == "h" else (short, long)


def pad_boxes(via: Via, x_nm: int, y_nm: int, ends: Ends) -> list[tuple[Layer, Box]]:
    """The cut nearest to a point, and its pads on the conductors below and above."""
    cut = cut_box(via.size, x_nm, y_nm)
    boxes = [(via.cut, cut)]
    for pad in via.pads:
        reach_x, reach_y = pad_reach(pad, ends)
        boxes.append((pad.layer, cut.enlarged(reach_x - via.size_nm // 2, reach_y - via.size_nm // 2)))
    return boxes
