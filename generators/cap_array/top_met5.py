"""Top plates on cap2m joined by met5; dummies' met5 is tied to their met4 beyond the ends of the rows."""

from __future__ import annotations

from typing import ClassVar

from analoom.cells.capacitor import mim_m4
from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.generators.matching.wire_model import MET5_PADS, WireModel
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import GRID_NM, snap_up
from analoom.pdk.wire_levels import MET2, MET3, MET4, VIA2, VIA3, VIA4

from .grid import LINE_NM, TOP
from .top_plates import TopWires, whole_steps

ARM_NM = mim_m4.PAD_NM
VIA4_NM = VIA4.size_nm
LEAST_STUB_NM = MET4.width_nm
"""A stub beside an arm is at least this wide, or there is none."""


class Met5Tops(TopWires):
    """For `cap_mim_m3_2`: a pad a unit, joined to the pads beside and above it."""

    wires: ClassVar[WireModel] = MET5_PADS

    def joint(self, row: int, col: int) -> None:
        """Via3 on via2, with met3 between them."""
        super().joint(row, col)
        area = self.at(self.grid.outline.landing, row, col)
        self.drawing.cuts(Layer.VIA3, area, VIA3.size_nm, VIA3.space_nm)
        self.drawing.add(Layer.MET3, self._island(row, col))

    def unit(self, row: int, col: int) -> None:
        """Met5 of least width from the unit's pad to the middle of the gaps around it: the same for every unit.

        Only towards a dummy within the grid there is none; the ring stands far enough off.
        """
        pad, (right, up) = self._pad(row, col), self._arms_nm()
        left, down = self._gap_nm(0) - right, self._gap_nm(1) - up
        boxes = {
            (row, col + 1): Box(pad.right, pad.bottom, pad.right + right, pad.bottom + ARM_NM),
            (row, col - 1): Box(pad.left - left, pad.bottom, pad.left, pad.bottom + ARM_NM),
            (row + 1, col): Box(pad.left, pad.top, pad.left + ARM_NM, pad.top + up),
            (row - 1, col): Box(pad.left, pad.bottom - down, pad.left + ARM_NM, pad.bottom),
        }
        for site, box in boxes.items():
            if not self._blocked(*site):
                self.drawing.add(Layer.MET5, box)

    def dummy(self, row: int, col: int) -> None:
        """From the pad to the dummy on the right; at the ends of a row a via4 beside the plate takes it to met4."""
        pad = self._pad(row, col)
        first, last = -int(self.grid.ring), self.grid.placement.cols - 1 + int(self.grid.ring)
        if col < last and self._is_dummy(row, col + 1):
            self._right(pad, self._pad(row, col + 1).left)
        if col == first:
            self._tie(row, col, left=True)
        if col == last:
            self._tie(row, col, left=False)

    def bare(self, row: int, col: int) -> None:
        """The met4 plate under the way out."""
        self.drawing.add(Layer.MET4, self.grid.bottom_nm(row, col))
        self.joint(row, col)

    def stub(self, row: int, col: int, growth_nm: int) -> None:
        """The pad grows over the tab of its own bottom plate, beside the arm up where there is one."""
        pad = self._pad(row, col)
        past = 0 if self._blocked(row + 1, col) else ARM_NM
        if growth_nm:
            self.drawing.box(Layer.MET5, pad.left + past, pad.top, pad.right, pad.top + growth_nm)

    def shields(self) -> None:
        """Met3 on vss, ring to ring, between the rows' landings: it hides all wires below from met4 and met5.

        Via2 in the ring's columns joins it to the met2 below, which is on vss.
        """
        if not self.grid.ring:
            return
        rows, apart = self.grid.placement.rows, MET3.wide_space_nm
        left, right = self.grid.bottom_nm(0, -1).left, self.grid.bottom_nm(0, self.grid.placement.cols).right
        for row in range(-1, rows):
            low, high = self._island(row, 0).top + apart, self._island(row + 1, 0).bottom - apart
            self.drawing.box(Layer.MET3, left, low, right, high)
            for strip in self.grid.shields_nm():
                self._stitch(strip & Box(left, low, right, high))

    def way_out(self) -> Pin:
        """Met5 up from the highest row, over sites that hold no unit, to where a wire keeps off the other arms."""
        last = self.exit_row()
        pad = self._pad(last, self.exit_col())
        end = max(self.drawing.cell.bbox().top, pad.bottom + ARM_NM + mim_m4.APART_NM)
        self._up(pad, end)
        return draw_pin(self.drawing, Pin(TOP, Layer.MET5, Box(pad.left, end - ARM_NM, pad.left + ARM_NM, end)))

    @staticmethod
    def stub_room_nm(unit: UnitCapSpec) -> int:
        """Up to the space from the pad above; none where the pad is hardly wider than an arm."""
        pad = mim_m4.top_pad(unit.w_nm)
        room = unit.outline.pitch_y().nm - pad.height() - mim_m4.APART_NM
        return whole_steps(room) if pad.width() >= ARM_NM + LEAST_STUB_NM else 0

    @staticmethod
    def ring_gap_nm(unit: UnitCapSpec, pitch_x_nm: int, pitch_y_nm: int) -> tuple[int, int]:
        """The arms' lengths."""
        side = mim_m4.top_pad(unit.w_nm).width()
        return snap_up((pitch_x_nm - side) / 2, CUT_GRID_NM), snap_up((pitch_y_nm - side) / 2, CUT_GRID_NM)

    def _arms_nm(self) -> tuple[int, int]:
        """Lengths of the arms to the right and up."""
        return self._gap_nm(0) // (2 * GRID_NM) * GRID_NM, self._gap_nm(1) // (2 * GRID_NM) * GRID_NM

    def _gap_nm(self, axis: int) -> int:
        """Between the pads of neighbours in x (0) or y (1)."""
        placement = self.grid.placement
        return (placement.pitch_x_nm, placement.pitch_y_nm)[axis] - mim_m4.top_pad(self.grid.unit.w_nm).width()

    def _blocked(self, row: int, col: int) -> bool:
        """Whether a dummy stands at a site within the grid."""
        placement = self.grid.placement
        inside = 0 <= row < placement.rows and 0 <= col < placement.cols
        return inside and self._is_dummy(row, col)

    def _is_dummy(self, row: int, col: int) -> bool:
        return not self.grid.is_unit(row, col) and (row, col) not in self.grid.way_out

    def _pad(self, row: int, col: int) -> Box:
        return self.at(mim_m4.top_pad(self.grid.unit.w_nm), row, col)

    def _island(self, row: int, col: int) -> Box:
        """Met3 between via2 and via3, up to where the met2 on vss hides the wires below."""
        area, ends = self.at(self.grid.outline.landing, row, col), VIA3.below.ends_nm
        top = self.grid.bar_y_nm(row) + LINE_NM // 2 + MET2.space_nm
        return Box(area.left - ends, area.bottom - VIA2.above.around_nm, area.right + ends, top)

    def _right(self, pad: Box, end: int) -> None:
        self.drawing.box(Layer.MET5, pad.right, pad.bottom, end, pad.bottom + ARM_NM)

    def _up(self, pad: Box, end: int) -> None:
        self.drawing.box(Layer.MET5, pad.left, pad.top, pad.left + ARM_NM, end)

    def _tie(self, row: int, col: int, *, left: bool) -> None:
        """Via4 outside the plate, its met4 beside the bottom plate (over it LVS would lose its hierarchy), its met5
        joined to the pad.
        """
        plate, bottom, pad = self.grid.plate_nm(row, col), self.grid.bottom_nm(row, col), self._pad(row, col)
        x = self._tie_x(plate, pad, left=left)
        y = snap_up(pad.bottom + mim_m4.PAD_PAST_VIA4_NM, CUT_GRID_NM)
        via = self.drawing.box(Layer.VIA4, x, y, x + VIA4_NM, y + VIA4_NM)
        around, past = VIA4.below.around_nm, mim_m4.PAD_PAST_VIA4_NM
        edges = (via.left - around, bottom.left) if left else (bottom.right, via.right + around)
        self.drawing.box(Layer.MET4, edges[0], bottom.bottom, edges[1], bottom.top)
        ends = via.enlarged(past, 0)
        self.drawing.box(
            Layer.MET5, min(pad.left, ends.left), pad.bottom, max(pad.right, ends.right), pad.bottom + ARM_NM
        )

    def _tie_x(self, plate: Box, pad: Box, *, left: bool) -> int:
        """Left edge of that via4: off cap2m (cap2m.5) and off the via4 on it (via4.2)."""
        off_plate, apart = rules.CAP2M_TO_VIA4.value_nm, VIA4.space_nm - mim_m4.PAD_PAST_VIA4_NM
        if left:
            return (min(plate.left - off_plate, pad.left - apart) - VIA4_NM) // CUT_GRID_NM * CUT_GRID_NM
        return snap_up(max(plate.right + off_plate, pad.right + apart), CUT_GRID_NM)

    def _stitch(self, overlap: Box) -> None:
        """A row of via2 where met2 and met3 on vss overlap, under the ring's outer columns."""
        inset, size = VIA2.below.ends_nm, VIA2.size_nm
        inside = overlap.enlarged(-inset, -inset)
        if overlap.empty() or inside.empty() or inside.height() < size + CUT_GRID_NM:
            return
        for col in (-1, self.grid.placement.cols):
            plate = self.grid.plate_nm(0, col)
            room = Box(plate.left, inside.bottom, plate.right, inside.bottom + size + CUT_GRID_NM) & inside
            self.drawing.cuts(Layer.VIA2, room, size, VIA2.space_nm)
