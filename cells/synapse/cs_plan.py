"""Where things lie in the tile of the common-source synapse, from its sizes in nm.

Low-threshold transistors lie under a mark each, one in the well and one outside: the marks keep their distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from analoom.cells.fingers.finger import finger_length
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.parts.tap_strip import HEIGHT_NM as TAP_NM
from analoom.cells.parts.via_stack import cut_box, stack_centre
from analoom.pdk import rules
from analoom.pdk.devices import MOS
from analoom.pdk.rules import Rule
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import VIA2

from .storage import NODE_FROM_COLUMN_NM, WWL_FROM_IMPLANT_NM, column_x
from .storage_cap import PITCH_ALONG_TAB_NM, PITCH_NM
from .storage_plan import NODE_GAP_NM, StorageNode, StoragePlan

MARGIN_NM = snap_up(rules.NWELL_ENCLOSES_PDIFF.value_nm, CUT_GRID_NM)
GAP_NM = snap_up(rules.DIFF_SPACE.value_nm, CUT_GRID_NM)
IMPLANT_NM = rules.IMPLANT_ENCLOSES_DIFF.value_nm
HALF_LICON_NM = rules.LICON_SIZE.value_nm // 2
MARKS_NM = rules.LVTN_SPACE.value_nm + 2 * rules.LVTN_ENCLOSES_GATE.value_nm
"""Between a low-threshold gate below and one above, in nm."""


@dataclass(frozen=True)
class CsPlan(StoragePlan):
    """Every coordinate of the tile, in nm: from below, p-tap, word line, n devices, storage node, p device, n-tap."""

    w_n: int
    w_p: int
    l_n: int
    l_p: int
    marked: bool

    right_margin_nm: ClassVar[int] = MARGIN_NM

    @property
    def px_by(self) -> dict[Rule, int]:
        """Smallest tile width, by the rule that asks for it."""
        devices = finger_length(self.l_n) + finger_length(self.l_write) + 2 * MARGIN_NM + GAP_NM
        devices = max(devices, finger_length(self.l_p) + 2 * MARGIN_NM)
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
        """The p-diffusion keeps its implant off the gate contact below it, well and mark off the n-diffusions."""
        by_implant = self.node_y + HALF_LICON_NM + rules.POLY_LICON_TO_PSDM.value_nm + IMPLANT_NM
        by_well = self.n_top + rules.NDIFF_TO_NWELL.value_nm + rules.NWELL_ENCLOSES_PDIFF.value_nm
        by_marks = self.n_top + MARKS_NM if self.marked else 0
        return max(by_implant, by_well, by_marks, self.node_y + NODE_GAP_NM)

    @property
    def p_top(self) -> int:
        return self.p_bottom + self.w_p

    @property
    def rowp_y(self) -> int:
        return stack_centre(self.p_bottom + MOS["pfet_01v8"].w_min_nm // 2)

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
