"""Metal-finger units joined on their highest metal, through the openings of their frames."""

from __future__ import annotations

from typing import ClassVar

from analoom.cells.capacitor.fingers import STUB_ROOM_NM, Fingers
from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box
from analoom.generators.matching.wire_model import FINGER_CROSSES, WireModel
from analoom.pdk.layers import Layer
from analoom.pdk.units import GRID_NM

from .grid import TOP
from .top_plates import TopWires, whole_steps


class FingerTops(TopWires):
    """For `mom`: the same cross for every unit, out to the middle of the gaps; neighbours' arms meet there."""

    wires: ClassVar[WireModel] = FINGER_CROSSES

    def unit(self, row: int, col: int) -> None:
        """Arms from the bar to the left and right, from the middle finger up and down."""
        size, placement = self._size, self.grid.placement
        x, y = self.grid.origin_nm(row, col)
        low_x = x - _half(placement.pitch_x_nm - size.box.width())
        low_y = y - _half(placement.pitch_y_nm - size.box.height())
        left, width = x + size.arm_x_nm, size.width_nm
        self.drawing.box(Layer.MET4, low_x, y + size.bar.bottom, low_x + placement.pitch_x_nm, y + size.bar.top)
        self.drawing.box(Layer.MET4, left, low_y, left + width, low_y + placement.pitch_y_nm)

    def dummy(self, row: int, col: int) -> None:
        """One finger reaches the frame."""
        self.drawing.add(Layer.MET4, self.at(self._size.strap(), row, col))

    def stub(self, row: int, col: int, growth_nm: int) -> None:
        """The finger beside the middle one grows."""
        if growth_nm:
            self.drawing.add(Layer.MET4, self.at(self._size.stub_box(growth_nm), row, col))

    def way_out(self) -> Pin:
        """The middle finger's arm goes on up, over sites that hold no unit."""
        size, last = self._size, self.exit_row()
        x, y = self.grid.origin_nm(last, self.exit_col())
        left, end = x + size.arm_x_nm, self.upper_edge_nm()
        self.drawing.box(Layer.MET4, left, y + size.bar.bottom, left + size.width_nm, end)
        pin = Pin(TOP, Layer.MET4, Box(left, end - size.width_nm, left + size.width_nm, end))
        return draw_pin(self.drawing, pin)

    @staticmethod
    def stub_room_nm(unit: UnitCapSpec) -> int:
        return whole_steps(STUB_ROOM_NM)

    @property
    def _size(self) -> Fingers:
        return self.grid.unit.fingers.size


def _half(gap_nm: int) -> int:
    """Half a gap, down to the grid."""
    return gap_nm // (2 * GRID_NM) * GRID_NM
