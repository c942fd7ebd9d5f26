"""Distance from diffusion to a tap, hierarchical: a block whose own taps reach all its diffusion is looked at once.

Growing every tap of an array by 15 um makes each shape meet hundreds of others, so the question is put from the bottom
of the hierarchy up: what a cell's own taps do not reach is handed to the cells above, and only that.
"""

from __future__ import annotations

from dataclasses import dataclass

import klayout.db as kdb

from analoom.pdk import rules

SQUARE = 2
"""klayout's corner mode for growing by a box, as Magic grows."""


def out_of_reach(
    diffusion: kdb.Region, contacts: kdb.Region, well: kdb.Region, reach_nm: int, *, within: bool
) -> kdb.Region:
    """The parts of `diffusion` farther than `reach_nm` from all `contacts`.

    The way may not leave `well` when `within`, nor cross it otherwise.
    """
    scene = _Scene(diffusion, contacts, well, reach_nm, within)
    return scene.rest(scene.layout.top_cell())


@dataclass
class _Scene:
    """The three layers in a layout of their own, hierarchy kept."""

    diffusion: kdb.Region
    contacts: kdb.Region
    well: kdb.Region
    reach_nm: int
    within: bool

    def __post_init__(self) -> None:
        self.layout = kdb.Layout()
        top = self.layout.create_cell("TOP").cell_index()
        self.layers = [self.layout.layer(n, 0) for n in range(3)]
        for region, layer in zip((self.diffusion, self.contacts, self.well), self.layers, strict=True):
            region.insert_into(self.layout, top, layer)
        self._rest: dict[int, kdb.Region] = {}

    def rest(self, cell: kdb.Cell) -> kdb.Region:
        """What the contacts at and below `cell` do not reach of the diffusion there."""
        if cell.cell_index() not in self._rest:
            waiting = self._waiting(cell)
            self._rest[cell.cell_index()] = waiting if waiting.is_empty() else waiting - self._reached(cell, waiting)
        return self._rest[cell.cell_index()]

    def _waiting(self, cell: kdb.Cell) -> kdb.Region:
        """The cell's own diffusion and what the cells in it could not reach by themselves."""
        waiting = kdb.Region(cell.shapes(self.layers[0]))
        for instance in cell.each_inst():
            below = self.rest(instance.cell)
            if not below.is_empty():
                for placed in instance.cell_inst.each_cplx_trans():
                    waiting += below.transformed(placed)
        return waiting.merged()

    def _reached(self, cell: kdb.Cell, waiting: kdb.Region) -> kdb.Region:
        """Where the contacts near `waiting` reach to."""
        near = kdb.Region([box.bbox().enlarged(self.reach_nm) for box in waiting.each()]).merged()
        seed = self._shapes(cell, 1, near)
        well = self._shapes(cell, 2, near)
        if seed.is_empty() or (self.within and well.is_empty()):
            return kdb.Region()
        return self._grown(seed, well)

    def _shapes(self, cell: kdb.Cell, layer: int, near: kdb.Region) -> kdb.Region:
        found = kdb.RecursiveShapeIterator(self.layout, cell, self.layers[layer], near, True)
        return kdb.Region(found).merged()

    def _grown(self, seed: kdb.Region, well: kdb.Region) -> kdb.Region:
        """`seed` grown by the reach, in steps too short to jump over a well or the gap between two wells."""
        if well.is_empty():
            return seed.sized(self.reach_nm, SQUARE)
        step = (rules.NWELL_SPACE if self.within else rules.NWELL_WIDTH).value_nm
        for done in range(0, self.reach_nm, step):
            larger = seed.sized(min(step, self.reach_nm - done), SQUARE)
            seed = larger & well if self.within else larger - well
        return seed
