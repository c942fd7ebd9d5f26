"""The common-source synapse: an n and a p transistor with one stored gate voltage drive a signed current into a column.

The p source hangs on line `rowp`, the n source on `rown`, the common drain is the column. Bodies are at the supplies,
so that one n-well runs along each row; the source of the idea ties each body to its source, which costs an isolated
well a row. Source: analog-mlp-circuit (J. Metzger, 2025), synapse of analog_circuit.ipynb, with its widths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from analoom.cells.fingers.finger import Finger, draw_finger, finger_length
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec, ruled_length
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.reading import InputLine, Reading
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.tap_strip import HEIGHT_NM as TAP_NM
from analoom.cells.parts.tile import Tile
from analoom.cells.parts.via_stack import cut_box, stack_centre
from analoom.pdk import rules
from analoom.pdk.corners import VDD_V
from analoom.pdk.devices import MOS
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
from .storage_cap import PITCH_ALONG_TAB_NM, PITCH_NM
from .storage_plan import NFET, NODE_GAP_NM, StorageNode, StoragePlan, storage_devices

PFET = MOS["pfet_01v8"]
MARGIN_NM = snap_up(rules.NWELL_ENCLOSES_PDIFF.value_nm, CUT_GRID_NM)
GAP_NM = snap_up(rules.DIFF_SPACE.value_nm, CUT_GRID_NM)
IMPLANT_NM = rules.IMPLANT_ENCLOSES_DIFF.value_nm
HALF_LICON_NM = rules.LICON_SIZE.value_nm // 2
READING = Reading(
    inputs={"rowp": InputLine(1.0, VDD_V / 2), "rown": InputLine(-1.0, VDD_V / 2)},
    column="col",
    column_rest_v=VDD_V / 2,
    supplies_v={"vdd": VDD_V, "vss": 0.0, "vc": 0.0},
    weights_v=(0.0, VDD_V),
    v_read=0.1,
)
"""A signed current: the input up and down about half the supply, the column held there."""


class SynapseCsSpec(Spec):
    """Sizes of the common-source synapse."""

    l: LengthUm = ruled_length(0.15, rules.POLY_WIDTH, 8.0, "Length of n and p transistor")  # noqa: E741
    w_n: LengthUm = ruled_length(0.42, rules.MOS_WIDTH, 5.0, "Width of the n transistor")
    w_p: LengthUm = ruled_length(1.3, rules.MOS_WIDTH, 5.0, "Width of the p transistor")
    w_write: LengthUm = ruled_length(0.42, rules.MOS_WIDTH, 5.0, "Write transistor width")
    l_write: LengthUm = ruled_length(0.15, rules.POLY_WIDTH, 8.0, "Write transistor length")
    c_w: LengthUm = ruled_length(1.0, rules.CAPM_WIDTH, 10.0, "Side of the storage capacitor's top plate")


@dataclass(frozen=True)
class Plan(StoragePlan):
    """Every coordinate of the tile, in nm: from below, p-tap, word line, n devices, storage node, p device, n-tap."""

    l: int  # noqa: E741
    w_n: int
    w_p: int

    right_margin_nm: ClassVar[int] = MARGIN_NM

    @property
    def px_by(self) -> dict[Rule, int]:
        """Smallest tile width, by the rule that asks for it."""
        devices = finger_length(self.l) + finger_length(self.l_write) + 2 * MARGIN_NM + GAP_NM
        return {rules.CAPM_PLATE_SPACE: self.c_w + PITCH_NM, rules.DIFF_SPACE: devices}

    @property
    def py_by(self) -> dict[Rule, int]:
        """Smallest tile height, by the rule that asks for it."""
        devices = self.well[1] + rules.PTAP_TO_NWELL.value_nm - (self.ptap_y - TAP_NM // 2)
        plate_top = self.capm.top + rules.CAPM_ENCLOSED_BY_MET3.value_nm
        plates = max(self.c_w + PITCH_ALONG_TAB_NM, plate_top)
        return {rules.CAPM_PLATE_SPACE: plates, rules.PTAP_TO_NWELL: devices}

    @property
    def ptap_y(self) -> int:
        return stack_centre(IMPLANT_NM + TAP_NM // 2)

    @property
    def w_beside(self) -> int:
        return self.w_n

    @property
    def wwl_y(self) -> int:
        return stack_centre(self.ptap_y + TAP_NM // 2 + IMPLANT_NM + WWL_FROM_IMPLANT_NM)

    @property
    def p_bottom(self) -> int:
        """The p-diffusion keeps its implant off the gate contact below it and its well off the n-diffusions."""
        by_implant = self.node_y + HALF_LICON_NM + rules.POLY_LICON_TO_PSDM.value_nm + IMPLANT_NM
        by_well = self.n_top + rules.NDIFF_TO_NWELL.value_nm + rules.NWELL_ENCLOSES_PDIFF.value_nm
        return max(by_implant, by_well, self.node_y + NODE_GAP_NM)

    @property
    def p_top(self) -> int:
        return self.p_bottom + self.w_p

    @property
    def rowp_y(self) -> int:
        return stack_centre(self.p_bottom + PFET.w_min_nm // 2)

    @property
    def ntap_y(self) -> int:
        return stack_centre(self.p_top + rules.DIFF_SPACE.value_nm + TAP_NM // 2)

    @property
    def well(self) -> tuple[int, int]:
        """Lower and upper edge of the n-well."""
        top = self.ntap_y + TAP_NM // 2 + rules.NWELL_ENCLOSES_NTAP.value_nm
        return self.p_bottom - rules.NWELL_ENCLOSES_PDIFF.value_nm, top

    @property
    def capm(self) -> Box:
        """The top plate, in the middle of the tile's width as far as its via2 below it allows."""
        left = min((self.px - self.c_w) // 10 * 5, column_x(self.write_left) - self.c_w // 10 * 5)
        left = max(left, rules.CAPM_ENCLOSED_BY_MET3.value_nm)
        bottom = cut_box(VIA2.size, 0, self.node_y).top + rules.CAPM_TO_VIA2.value_nm
        return Box(left, bottom, left + self.c_w, bottom + self.c_w)

    @property
    def node(self) -> StorageNode:
        """The via2 stands below the middle of the top plate, no further right than the write transistor."""
        x = min(stack_centre(self.capm.center().x), column_x(self.write_left))
        return StorageNode(max(x, column_x(MARGIN_NM) + NODE_FROM_COLUMN_NM), self.node_y, self.capm)


@register(SynapseCsSpec, system="synapse", kind="synapse", examples=[{"l": 0.5}, {"w_p": 0.42}, {"c_w": 2.0}])
def synapse_cs(spec: SynapseCsSpec) -> Cell:
    """Common-source synapse: n and p transistor with one stored gate voltage, signed column current."""
    plan, name = Plan.of(spec), cell_name("synapse_cs", spec)
    tile = Tile(Drawing(name), plan.px, plan.py)
    n, p = _draw_transistors(tile, plan)
    groups = MatchGroup("n", {"n": (n.gate,)}), MatchGroup("p", {"p": (p.gate,)})
    draw_supply(tile, "vdd", plan.ntap_y, MARGIN_NM, "power")
    draw_supply(tile, "vss", plan.ptap_y, MARGIN_NM, "ground")
    tile.strip(Layer.NWELL, *plan.well)
    notes = {
        "tile_nm": tile.fabric.pitch_nm,
        "lines": tile.fabric.lines,
        "storage_node": READING.stored,
        "binding_rule": plan.binding_rule,
    }
    return Cell(
        name,
        "synapse",
        spec,
        tile.drawing.cell,
        _circuit(name, spec),
        tuple(tile.pins),
        match_groups=groups,
        notes=notes,
        reading=READING,
        fabric=tile.fabric,
    )


def _draw_transistors(tile: Tile, plan: Plan) -> tuple[Finger, Finger]:
    """Draws all transistors, the capacitor and the signal lines; returns the n and the p transistor of the synapse."""
    drawing = tile.drawing
    n = draw_finger(drawing, MARGIN_NM, plan.n_top - plan.w_n, plan.w_n, plan.l)
    p = draw_finger(drawing, MARGIN_NM, plan.p_bottom, plan.w_p, plan.l)
    write = draw_write_transistor(tile, plan)
    draw_implant(tile, Layer.NSDM, n.diff + write.diff)
    draw_implant(tile, Layer.PSDM, p.diff)
    draw_row(tile, "rowp", p.right, plan.rowp_y)
    draw_row(tile, "rown", n.right, plan.source_y)
    draw_write_lines(tile, plan, write)
    _draw_pair(tile, plan, n, p)
    draw_node(tile, plan.node, n, write)
    return n, p


def _draw_pair(tile: Tile, plan: Plan, n: Finger, p: Finger) -> None:
    """One gate and one drain for both transistors."""
    tile.drawing.add(Layer.POLY, n.gate + p.gate)
    draw_column(tile, "col", n.left + p.left, plan.node_y)


def _circuit(name: str, spec: SynapseCsSpec) -> Circuit:
    write, store = storage_devices(spec.w_write, spec.l_write, spec.c_w)
    devices = (
        write,
        Mos("n", NFET, spec.w_n, spec.l, {"d": "col", "g": "sn", "s": "rown", "b": "vss"}),
        Mos("p", PFET, spec.w_p, spec.l, {"d": "col", "g": "sn", "s": "rowp", "b": "vdd"}),
        store,
    )
    return Circuit(name, ("rowp", "rown", "col", "wwl", "wbl", "vdd", "vss", "vc"), devices)
