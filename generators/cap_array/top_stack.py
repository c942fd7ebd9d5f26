"""Stacked units joined on the met4 between their films; dummies have via3 from it down to their met3."""

from __future__ import annotations

from typing import ClassVar

from analoom.cells.capacitor import mim_stack
from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box
from analoom.generators.matching.wire_model import MET4_ARMS, WireModel
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET4, VIA3

from .grid import TOP
from .top_plates import TopWires, whole_steps

STUB_NM, STUB_WIDE_NM = 100, 900
"""Length of the stub of `top` that every unit has, and width: as wide as fits beside the arm at the least plate."""
ARM_NM = mim_stack.ARM_NM


class StackTops(TopWires):
    """For `stacked`: arms to the next unit only, as met4 past a plate keeps 1.34 um from a foreign cap2m."""

    wires: ClassVar[WireModel] = MET4_ARMS

    def unit(self, row: int, col: int) -> None:
        """Met4 to the unit on the right, and to the one above, past the pad of the tie.

        Where no unit is above, the arm ends where the plate there asks it to (MR_cap2m.SP.2): nearly alike for all.
        """
        plate = self._plate(row, col)
        if self.joined(row, col):
            y = self.grid.middle_nm(row, col)[1] - ARM_NM // 2
            self.drawing.box(Layer.MET4, plate.right, y, self._plate(row, col + 1).left, y + ARM_NM)
        above = self._plate(row + 1, col).bottom
        joined = self.joined(row, col, below=True)
        self._up(plate, above if joined else above - rules.CAP2M_PLATE_SPACE.value_nm)

    def dummy(self, row: int, col: int) -> None:
        """Via3 beside cap2m down to the met3 plate, met4 over it: the pad stays alone, as MR_cap2m.SP.2 wants it."""
        w_nm, plate = self.grid.unit.w_nm, self._plate(row, col)
        area = self.at(mim_stack.dummy_via3(w_nm), row, col)
        self.drawing.cuts(Layer.VIA3, area, VIA3.size_nm, VIA3.space_nm)
        self.drawing.box(Layer.MET4, plate.left, plate.top, plate.right, area.top + VIA3.above.around_nm)

    def bare(self, row: int, col: int) -> None:
        """The met3 plate under the way out."""
        self.drawing.add(Layer.MET3, self.grid.bottom_nm(row, col))
        self.joint(row, col)

    def stub(self, row: int, col: int, growth_nm: int) -> None:
        """Met4 from the plate out over the tab of its own met3 plate, towards the pad."""
        plate, pad = self._plate(row, col), self.at(mim_stack.tie_pad(self.grid.unit.w_nm), row, col)
        right = pad.right - rules.CAPM_ENCLOSED_BY_MET3.value_nm
        self.drawing.box(Layer.MET4, right - STUB_WIDE_NM, plate.top, right, plate.top + STUB_NM + growth_nm)

    def way_out(self) -> Pin:
        """An arm up from the highest row, over sites that hold no unit; at the edge as wide as a plate, so that a wire
        from outside finds its way between the blockages on its sides.
        """
        site = self.exit_row(), self.exit_col()
        plate, pad = self._plate(*site), self.at(mim_stack.tie_pad(self.grid.unit.w_nm), *site)
        end = max(self.drawing.cell.bbox().top, pad.top + MET4.wide_space_nm + ARM_NM)
        self._up(plate, end)
        box = self.drawing.box(Layer.MET4, plate.left, end - ARM_NM, plate.right, end)
        return draw_pin(self.drawing, Pin(TOP, Layer.MET4, box))

    @staticmethod
    def stub_room_nm(unit: UnitCapSpec) -> int:
        """Up to the space from the pad."""
        plate, pad = mim_stack.top_box(unit.w_nm), mim_stack.tie_pad(unit.w_nm)
        return whole_steps(pad.bottom - MET4.wide_space_nm - plate.top - STUB_NM)

    def _plate(self, row: int, col: int) -> Box:
        return self.at(mim_stack.top_box(self.grid.unit.w_nm), row, col)

    def _up(self, plate: Box, end: int) -> None:
        self.drawing.box(Layer.MET4, plate.left, plate.top, plate.left + ARM_NM, end)
