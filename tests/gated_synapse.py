"""A 3T1C synapse of the tests' own, as a reader would write one: its row gates a switch in series with the read gate.

    vdd - read (gate sn) - mid - gate (gate row) - col

The input is a level on a gate, the column rests at ground, all current comes from the supply: nothing about it is that
of the package's synapses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import klayout.db as kdb

from analoom.cells.fingers.finger import Finger, draw_finger, draw_gate_pad, finger_length
from analoom.cells.model import registry
from analoom.cells.model.cell import Cell, LengthUm, Spec, ruled_length
from analoom.cells.model.circuit import Cap, Circuit, Mos
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.reading import InputLine, Reading
from analoom.cells.model.registry import cell_name
from analoom.cells.parts.tap_strip import HEIGHT_NM as TAP_NM
from analoom.cells.parts.tile import Tile
from analoom.cells.parts.via_stack import cut_box, draw_stack, stack_centre
from analoom.cells.synapse.storage import (
    LINE_NM,
    WWL_FROM_IMPLANT_NM,
    draw_column,
    draw_implant,
    draw_node,
    draw_supply,
)
from analoom.cells.synapse.storage_cap import PITCH_ALONG_TAB_NM, PITCH_NM
from analoom.cells.synapse.storage_plan import NODE_GAP_NM, StorageNode
from analoom.pdk import rules
from analoom.pdk.corners import VDD_V
from analoom.pdk.devices import MIM_M3, MOS
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_nm

NAME = "synapse_gated"
NFET = MOS["nfet_01v8"]
W_UM, W_WRITE_UM, L_UM, C_UM = 0.42, 0.42, 0.15, 1.0
MARGIN_NM = GAP_NM = snap_up(rules.DIFF_SPACE.value_nm, CUT_GRID_NM)
LINE_PITCH_NM = LINE_NM + rules.MET1_SPACE.value_nm

READING = Reading(
    inputs={"row": InputLine(1.0, 0.0)},
    column="col",
    column_rest_v=0.0,
    supplies_v={"vdd": VDD_V, "vss": 0.0, "vc": 0.0},
    weights_v=(0.7, 1.0),
    v_read=VDD_V,
)
AS_A_CONDUCTANCE = replace(READING, v_read=0.05)
"""The wrong reading of it: 50 mV on a gate opens nothing."""


class GatedSpec(Spec):
    """Sizes of the gated synapse."""

    l_read: LengthUm = ruled_length(0.5, rules.POLY_WIDTH, 8.0, "Read transistor length")


class MisreadSpec(GatedSpec):
    """The same sizes."""


def synapse_gated(spec: GatedSpec) -> Cell:
    """Gated synapse: stored gate voltage gives the column current, the row lets it through."""
    return drawn(spec, NAME, READING)


def synapse_misread(spec: MisreadSpec) -> Cell:
    """Gated synapse whose reading is that of a conductance."""
    return drawn(spec, "synapse_misread", AS_A_CONDUCTANCE)


def drawn(spec: GatedSpec, generator: str, reading: Reading) -> Cell:
    """The cell, drawn from the house's parts; it abuts on all four sides."""
    name, w = cell_name(generator, spec), to_nm("w", W_UM)
    l_read, c_w = to_nm("l_read", spec.l_read), to_nm("c", C_UM)
    row_y = stack_centre(WWL_FROM_IMPLANT_NM)
    wwl_y = stack_centre(row_y + LINE_PITCH_NM)
    top = wwl_y + NODE_GAP_NM + w
    node_y = stack_centre(top + NODE_GAP_NM)
    contact_top = node_y + rules.LICON_SIZE.value_nm // 2
    past = rules.IMPLANT_ENCLOSES_DIFF.value_nm
    tap_y = stack_centre(contact_top + rules.POLY_LICON_TO_PSDM.value_nm + past + TAP_NM // 2)
    fingers = 2 * finger_length(to_nm("l", L_UM)) + finger_length(l_read)
    px = snap_up(max(fingers + 2 * GAP_NM + 2 * MARGIN_NM, c_w + PITCH_ALONG_TAB_NM), CUT_GRID_NM)
    py = snap_up(max(tap_y + TAP_NM // 2 + past, c_w + PITCH_NM), CUT_GRID_NM)
    tile = Tile(Drawing(name), px, py)
    gate = _finger(tile, MARGIN_NM, top, w, to_nm("l", L_UM))
    read = _finger(tile, gate.diff.right + GAP_NM, top, w, l_read)
    write = _finger(tile, read.diff.right + GAP_NM, top, to_nm("w", W_WRITE_UM), to_nm("l", L_UM))
    draw_implant(tile, Layer.NSDM, gate.diff + write.diff)
    _draw_gate(tile, "row", gate.gate, row_y)
    tile.drawing.box(Layer.LI1, gate.right.left, gate.right.bottom, read.left.right, gate.right.top)
    _draw_supply_end(tile, read, stack_centre(top - NFET.w_min_nm // 2 - CUT_GRID_NM // 2))
    draw_column(tile, "col", gate.left, node_y)
    _draw_gate(tile, "wwl", write.gate, wwl_y)
    draw_column(tile, "wbl", write.right, node_y)
    draw_node(tile, _node(read, px, node_y, c_w), read, write)
    draw_supply(tile, "vss", tap_y, MARGIN_NM, "ground")
    pins, fabric = tuple(tile.pins), tile.fabric
    return Cell(name, "synapse", spec, tile.drawing.cell, circuit(name, spec), pins, reading=reading, fabric=fabric)


def circuit(name: str, spec: GatedSpec) -> Circuit:
    """The netlist, typed apart from the drawing."""
    devices = (
        Mos("write", NFET, W_WRITE_UM, L_UM, {"d": "wbl", "g": "wwl", "s": "sn", "b": "vss"}),
        Mos("gate", NFET, W_UM, L_UM, {"d": "mid", "g": "row", "s": "col", "b": "vss"}),
        Mos("read", NFET, W_UM, spec.l_read, {"d": "vdd", "g": "sn", "s": "mid", "b": "vss"}),
        Cap("store", MIM_M3, C_UM, C_UM, {"top": "vc", "bottom": "sn"}),
    )
    return Circuit(name, ("row", "col", "wwl", "wbl", "vdd", "vss", "vc"), devices)


@contextmanager
def registered() -> Iterator[None]:
    """Both synapses in the registry, and out of it again."""
    for draw, spec_type in ((synapse_gated, GatedSpec), (synapse_misread, MisreadSpec)):
        registry.register(spec_type, system="synapse", kind="synapse")(draw)
    try:
        yield
    finally:
        for draw in (synapse_gated, synapse_misread):
            del registry._ENTRIES[draw.__name__]


def _finger(tile: Tile, left_nm: int, top_nm: int, w_nm: int, l_nm: int) -> Finger:
    return draw_finger(tile.drawing, snap_up(left_nm, CUT_GRID_NM), top_nm - w_nm, w_nm, l_nm)


def _draw_gate(tile: Tile, line: str, gate: Box, y_nm: int) -> None:
    x = stack_centre(gate.center().x)
    draw_gate_pad(tile.drawing, x, y_nm, gate)
    draw_stack(tile.drawing, x, y_nm, Layer.LI1, Layer.MET1, "h")
    tile.across(line, Layer.MET1, y_nm, LINE_NM)


def _draw_supply_end(tile: Tile, read: Finger, y_nm: int) -> None:
    draw_stack(tile.drawing, read.right.center().x, y_nm, Layer.LI1, Layer.MET1, "h")
    tile.across("vdd", Layer.MET1, y_nm, LINE_NM, "power")


def _node(read: Finger, px_nm: int, y_nm: int, c_w_nm: int) -> StorageNode:
    """The via stack beside the read gate, the top plate to the right of it."""
    x = stack_centre(read.right.center().x)
    left = cut_box(rules.VIA2_SIZE, x, y_nm).right + rules.CAPM_TO_VIA2.value_nm
    return StorageNode(x, y_nm, kdb.Box(left, y_nm - c_w_nm // 10 * 5, left + c_w_nm, y_nm + c_w_nm // 10 * 5))
