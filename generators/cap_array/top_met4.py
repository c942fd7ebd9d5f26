"""Top plates on capm joined by met4: arms from gap to gap and two spines."""

from __future__ import annotations

from typing import ClassVar

from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box
from analoom.generators.matching.placement import Placement
from analoom.generators.matching.wire_model import MET4_SPINES, Array, WireModel, met_by_site
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA3

from .grid import LINK_NM, TOP, across, along, tab_top_nm
from .spines import beside_spines, middle_gap, rows_used
from .top_plates import TopWires, whole_steps

STUB_NM = 100
"""Length of the stub of `top` that every unit has."""


class Met4Tops(TopWires):
    """For `cap_mim_m3_1`."""

    wires: ClassVar[WireModel] = MET4_SPINES
    makes_way: ClassVar[bool] = False

    @classmethod
    def met(cls, placement: Placement) -> dict[str, Array]:
        """Beside the spines and below the way out."""
        middle, highest = middle_gap(placement), rows_used(placement)[-1]
        way_out = {(highest, col) for col in (middle, middle + 1) if col < placement.cols}
        return met_by_site(placement, way_out, beside_spines(placement))

    def unit(self, row: int, col: int) -> None:
        """Met4 across a unit's top plate, from gap to gap, the same for every unit: neighbours' arms meet.

        It crosses no wire of a weight that a plate, or met2 on vss, does not hide.
        """
        middle = self.grid.middle_nm(row, col)[1]
        self.drawing.add(Layer.MET4, across(*self.grid.window_nm(col), middle, LINK_NM))

    def dummy(self, row: int, col: int) -> None:
        """Via3 beside capm, met4 over it."""
        area = self.at(self.grid.outline.landing, row, col)
        inset = VIA3.below.ends_nm
        room = area.enlarged(-inset, 0)
        self.drawing.cuts(Layer.VIA3, room, VIA3.size_nm, VIA3.space_nm)
        plate, top = self.grid.plate_nm(row, col), area.top + VIA3.above.around_nm
        self.drawing.box(Layer.MET4, plate.left, plate.top, plate.right, top)

    def stub(self, row: int, col: int, growth_nm: int) -> None:
        """Met4 from the plate out over the tab of its own bottom plate."""
        top = self.grid.plate_nm(row, col).top
        end = top + STUB_NM + growth_nm
        self.drawing.add(Layer.MET4, along(top, end, self.grid.middle_nm(row, col)[0], LINK_NM))

    def way_out(self) -> Pin:
        """Met4 that joins the rows' arms and brings the top plates out, up to the edge.

        Two spines stand in the outermost gaps that every row reaches: few units have one beside them, and of every
        weight no larger share than of the heaviest.
        """
        grid, rows = self.grid, rows_used(self.grid.placement)
        low, high = (grid.middle_nm(row, 0)[1] for row in (rows[0], rows[-1]))
        for x in grid.spines_x_nm():
            self.drawing.add(Layer.MET4, along(low - LINK_NM // 2, high + LINK_NM // 2, x, LINK_NM))
        x, end = grid.window_nm(grid.middle_col)[1], self.upper_edge_nm()
        self.drawing.add(Layer.MET4, along(high, end, x, LINK_NM))
        pin = Pin(TOP, Layer.MET4, Box(x - LINK_NM // 2, end - LINK_NM, x + LINK_NM // 2, end))
        return draw_pin(self.drawing, pin)

    @staticmethod
    def stub_room_nm(unit: UnitCapSpec) -> int:
        """Its end keeps inside the tab by as much as a plate does."""
        most = tab_top_nm(unit.outline) - unit.w_nm - rules.CAPM_ENCLOSED_BY_MET3.value_nm
        return whole_steps(most - STUB_NM)
