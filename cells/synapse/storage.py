"""What both synapses draw alike: the write transistor, the node that stores the weight, supplies, the lines of all."""

from __future__ import annotations

from analoom.cells.fingers.finger import CONTACT_X_NM, LICON_NM, Finger, draw_finger, draw_gate_pad
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.parts.tap_strip import draw_tap_strip
from analoom.cells.parts.tile import Tile, Use
from analoom.cells.parts.via_stack import draw_stack, pad_size, stack_centre
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import LI1, MCON, MET2, VIA

from .storage_cap import draw_storage_cap
from .storage_plan import StorageNode, StoragePlan

LINE_NM = MCON.above.long_nm
"""Width of the met1 lines, in nm: an mcon with its larger enclosure across, as every tile has one under them."""

COLUMN_LINE_NM = VIA.above.short_nm
"""Width of the met2 lines, in nm."""

WWL_FROM_IMPLANT_NM = rules.POLY_LICON_TO_PSDM.value_nm + LICON_NM // 2
"""Smallest distance of the write word line's gate contact from the p-tap's implant below it, in nm."""

SN_PAD_NM = pad_size(Layer.MET2, Layer.LI1, Layer.MET3)[0]
"""Width of the storage node's met2 pad, in nm."""

NODE_FROM_COLUMN_NM = snap_up((COLUMN_LINE_NM + SN_PAD_NM) // 2 + MET2.space_nm, CUT_GRID_NM)
"""Smallest distance of the storage node's via stack from the middle of a met2 line, in nm."""

PAD_FROM_COLUMN_NM = LICON_NM + LI1.space_nm + rules.LI_ENCLOSES_LICON_ENDS.value_nm
"""Smallest distance of the read gate's contact from the contact column beside it, in nm."""


def draw_write_transistor(tile: Tile, plan: StoragePlan) -> Finger:
    """The write transistor alone, at the right of the tile."""
    return draw_finger(tile.drawing, plan.write_left, plan.n_top - plan.w_write, plan.w_write, plan.l_write)


def draw_write_lines(tile: Tile, plan: StoragePlan, write: Finger) -> None:
    """Brings the write gate down to the word line `wwl`, and the right side of the transistor to the bit line `wbl`."""
    x = stack_centre(write.gate.center().x)
    draw_gate_pad(tile.drawing, x, plan.wwl_y, write.gate)
    draw_stack(tile.drawing, x, plan.wwl_y, Layer.LI1, Layer.MET1, "h")
    tile.across("wwl", Layer.MET1, plan.wwl_y, LINE_NM)
    draw_column(tile, "wbl", write.right, plan.node_y)


def draw_node(tile: Tile, node: StorageNode, read: Finger, write: Finger) -> None:
    """Joins the read gate, the write transistor's left side and the capacitor; labels the node `sn`."""
    drawing, half = tile.drawing, LICON_NM // 2
    pad = draw_gate_pad(drawing, gate_pad_x(read), node.y_nm, read.gate)
    left = min(pad.left, node.x_nm - half)
    drawing.box(Layer.LI1, left, node.y_nm - half, max(write.left.right, node.x_nm + half), node.y_nm + half)
    drawing.box(Layer.LI1, write.left.left, write.left.bottom, write.left.right, node.y_nm + half)
    draw_stack(drawing, node.x_nm, node.y_nm, Layer.LI1, Layer.MET3)
    drawing.text(Layer.LI1.label, "sn", node.x_nm, node.y_nm)
    met4 = draw_storage_cap(drawing, node.capm, node.x_nm, node.y_nm)
    tile.across("vc", Layer.MET4, met4.center().y, met4.height(), "ground")


def gate_pad_x(read: Finger) -> int:
    """Middle of the contact to the read gate: over it, off the contact column beside it."""
    return stack_centre(max(read.gate.center().x, read.left.center().x + PAD_FROM_COLUMN_NM))


def draw_column(tile: Tile, name: str, strip: Box, y_nm: int) -> None:
    """Brings the li1 `strip` of a contact column to a vertical met2 line through a stack at `y_nm`."""
    half, x = LICON_NM // 2, strip.center().x
    tile.drawing.box(Layer.LI1, strip.left, min(strip.bottom, y_nm - half), strip.right, max(strip.top, y_nm + half))
    draw_stack(tile.drawing, x, y_nm, Layer.LI1, Layer.MET2)
    tile.along(name, Layer.MET2, x, COLUMN_LINE_NM)


def draw_row(tile: Tile, name: str, strip: Box, y_nm: int) -> None:
    """Brings the li1 `strip` of a contact column to a horizontal met1 line that crosses it at `y_nm`."""
    draw_stack(tile.drawing, strip.center().x, y_nm, Layer.LI1, Layer.MET1, "h")
    tile.across(name, Layer.MET1, y_nm, LINE_NM)


def draw_supply(tile: Tile, name: str, y_nm: int, margin_nm: int, use: Use) -> Box:
    """A tap strip from margin to margin, its implant to the tile's edges, and its met1 line; returns the tap."""
    grounded = use == "ground"
    tap = draw_tap_strip(tile.drawing, margin_nm, tile.px_nm - margin_nm, y_nm, "p" if grounded else "n")
    draw_implant(tile, Layer.PSDM if grounded else Layer.NSDM, tap)
    tile.across(name, Layer.MET1, y_nm, LINE_NM, use)
    return tap


def draw_implant(tile: Tile, layer: Layer, area: Box) -> None:
    """An implant from edge to edge over diffusions or taps inside `area`."""
    past = rules.IMPLANT_ENCLOSES_DIFF.value_nm
    tile.strip(layer, area.bottom - past, area.top + past)


def column_x(margin_nm: int) -> int:
    """Centre of the outermost contact column of a tile whose diffusions start at `margin_nm`."""
    return margin_nm + CONTACT_X_NM
