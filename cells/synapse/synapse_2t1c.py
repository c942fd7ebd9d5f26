"""The 2T1C synapse: a write transistor, a MIM capacitor that holds the weight, a read transistor whose gate it drives.

The capacitor lies above the transistors and its bottom plate is the storage node `sn`, so the top plate `vc` is common
to all and goes to ground at the array's edge. A shared bottom plate would allow capm at 1.84 um, but then every
storage node has to climb to met4 through a hole in it, and unrelated met3 stays 1.34 um from capm on both sides:
4.36 x 1.84 um at the least. Separate plates fit 2.745 x 2.48 um, and there is room for both transistors below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from analoom.cells.fingers.finger import Finger, draw_finger, finger_length
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec, ruled_length
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.model.reading import InputLine, Reading
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.tap_strip import HEIGHT_NM as TAP_NM
from analoom.cells.parts.tile import Tile
from analoom.cells.parts.via_stack import cut_box, stack_centre
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import VIA2

from .storage import (
    NODE_FROM_COLUMN_NM,
    WWL_FROM_IMPLANT_NM,
    column_x,
    draw_column,
    draw_implant,
    draw_node,
    draw_row,
    draw_supply,
    draw_write_lines,
    draw_write_transistor,
)
from .storage_cap import PITCH_ALONG_TAB_NM, PITCH_NM, TAB_NM, TAB_VIA_NM
from .storage_plan import NFET, StorageNode, StoragePlan, storage_devices

MARGIN_NM = snap_up(rules.DIFF_SPACE.value_nm // 2, CUT_GRID_NM)
RIGHT_MARGIN_NM = rules.DIFF_SPACE.value_nm - MARGIN_NM
GAP_NM = snap_up(rules.DIFF_SPACE.value_nm, CUT_GRID_NM)
IMPLANT_NM = rules.IMPLANT_ENCLOSES_DIFF.value_nm
READING = Reading(
    inputs={"row": InputLine(1.0, 0.0)},
    column="col",
    column_rest_v=0.0,
    supplies_v={"vss": 0.0, "vc": 0.0},
    weights_v=(0.7, 1.0),
    v_read=0.05,
)
"""A conductance: the input on the row, the column held at VSS."""


class Synapse2t1cSpec(Spec):
    """Sizes of the 2T1C synapse."""

    w_read: LengthUm = ruled_length(0.42, rules.MOS_WIDTH, 5.0, "Read transistor width")
    l_read: LengthUm = ruled_length(0.5, rules.POLY_WIDTH, 8.0, "Read transistor length")
    w_write: LengthUm = ruled_length(0.42, rules.MOS_WIDTH, 5.0, "Write transistor width")
    l_write: LengthUm = ruled_length(0.15, rules.POLY_WIDTH, 8.0, "Write transistor length")
    c_w: LengthUm = ruled_length(1.0, rules.CAPM_WIDTH, 10.0, "Side of the storage capacitor's top plate")


@dataclass(frozen=True)
class Plan(StoragePlan):
    """Every coordinate of the tile, in nm."""

    w_read: int
    l_read: int

    right_margin_nm: ClassVar[int] = RIGHT_MARGIN_NM

    @property
    def px_by(self) -> dict[Rule, int]:
        """Smallest tile width, by the rule that asks for it."""
        margins = MARGIN_NM + GAP_NM + RIGHT_MARGIN_NM
        devices = finger_length(self.l_read) + finger_length(self.l_write) + margins
        return {rules.CAPM_TO_OTHER_PLATE: self.c_w + PITCH_ALONG_TAB_NM, rules.DIFF_SPACE: devices}

    @property
    def py_by(self) -> dict[Rule, int]:
        """Smallest tile height, by the rule that asks for it."""
        devices = self.tap_low + TAP_NM // 2 + IMPLANT_NM
        return {rules.CAPM_PLATE_SPACE: self.c_w + PITCH_NM, rules.POLY_LICON_TO_PSDM: devices}

    @property
    def w_beside(self) -> int:
        return self.w_read

    @property
    def wwl_y(self) -> int:
        """The tile starts where the implant of the tap below it may end."""
        return stack_centre(WWL_FROM_IMPLANT_NM)

    @property
    def tap_low(self) -> int:
        """Lowest centre of the tap: its implant stays off the storage node's gate contact."""
        contact_top = self.node_y + rules.LICON_SIZE.value_nm // 2
        return stack_centre(contact_top + rules.POLY_LICON_TO_PSDM.value_nm + IMPLANT_NM + TAP_NM // 2)

    @property
    def tap_y(self) -> int:
        """Centre of the tap, half way between the storage node and the tile above."""
        return self.tap_low + (self.py - self.py_by[rules.POLY_LICON_TO_PSDM]) // 2 // CUT_GRID_NM * CUT_GRID_NM

    @property
    def node(self) -> StorageNode:
        """The plates stand in the middle of the tile, as far as their via2 allows."""
        width = self.c_w + TAB_NM + rules.CAPM_ENCLOSED_BY_MET3.value_nm
        left = (self.px - width) // 10 * 5
        tab_to_via = TAB_NM - TAB_VIA_NM
        middle = min(stack_centre(left + tab_to_via), column_x(self.write_left))
        x = max(middle, column_x(MARGIN_NM) + NODE_FROM_COLUMN_NM)
        reach = self.c_w // 10 * 5 + rules.CAPM_ENCLOSED_BY_MET3.value_nm - tab_to_via
        middle = min(max(self.py // 10 * 5, self.node_y - reach), self.node_y + reach)
        bottom = middle - self.c_w // 10 * 5
        capm_left = cut_box(VIA2.size, x, self.node_y).right + rules.CAPM_TO_VIA2.value_nm
        return StorageNode(x, self.node_y, Box(capm_left, bottom, capm_left + self.c_w, bottom + self.c_w))


@register(
    Synapse2t1cSpec,
    system="synapse",
    kind="synapse",
    examples=[{"l_read": 1.0}, {"w_read": 1.2, "w_write": 0.6}, {"c_w": 2.0}],
)
def synapse_2t1c(spec: Synapse2t1cSpec) -> Cell:
    """2T1C synapse: stored gate voltage times row voltage gives column current; abuts on all four sides."""
    plan, name = Plan.of(spec), cell_name("synapse_2t1c", spec)
    tile = Tile(Drawing(name), plan.px, plan.py)
    read = _draw_transistors(tile, plan)
    draw_supply(tile, "vss", plan.tap_y, MARGIN_NM, "ground")
    return Cell(
        name,
        "synapse",
        spec,
        tile.drawing.cell,
        _circuit(name, spec),
        tuple(tile.pins),
        match_groups=(MatchGroup("read", {"read": (read.gate,)}),),
        notes=_notes(plan, tile.fabric),
        reading=READING,
        fabric=tile.fabric,
    )


def _draw_transistors(tile: Tile, plan: Plan) -> Finger:
    """Draws both transistors, the capacitor and the signal lines; returns the read transistor."""
    read = draw_finger(tile.drawing, MARGIN_NM, plan.n_top - plan.w_read, plan.w_read, plan.l_read)
    write = draw_write_transistor(tile, plan)
    draw_implant(tile, Layer.NSDM, read.diff + write.diff)
    draw_row(tile, "row", read.right, plan.source_y)
    draw_column(tile, "col", read.left, plan.node_y)
    draw_write_lines(tile, plan, write)
    draw_node(tile, plan.node, read, write)
    return read


def _circuit(name: str, spec: Synapse2t1cSpec) -> Circuit:
    write, store = storage_devices(spec.w_write, spec.l_write, spec.c_w)
    read = Mos("read", NFET, spec.w_read, spec.l_read, {"d": "col", "g": "sn", "s": "row", "b": "vss"})
    return Circuit(name, ("row", "col", "wwl", "wbl", "vss", "vc"), (write, read, store))


def _notes(plan: Plan, fabric: Fabric) -> dict[str, object]:
    return {
        "tile_nm": fabric.pitch_nm,
        "lines": fabric.lines,
        "storage_node": READING.stored,
        "binding_rule": plan.binding_rule,
    }
