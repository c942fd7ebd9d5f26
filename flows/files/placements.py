"""How often, and where, a cell stands in a layout: counted and walked without flattening anything."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb


def placements(layout: kdb.Layout, top: kdb.Cell) -> dict[int, int]:
    """How many times each cell stands below `top`, by cell index; `top` itself once."""
    found = {top.cell_index(): 1}
    for index in layout.each_cell_top_down():
        for instance in layout.cell(index).each_inst() if index in found else ():
            times = found[index] * max(1, instance.na) * max(1, instance.nb)
            found[instance.cell_index] = found.get(instance.cell_index, 0) + times
    return found


def places(cell: kdb.Cell, top: kdb.Cell) -> Iterator[kdb.ICplxTrans]:
    """The transformation into `top` of each place of `cell`, one after the other."""
    yield from _places(cell, top, {top.cell_index(), *top.called_cells()})


def _places(cell: kdb.Cell, top: kdb.Cell, within: set[int]) -> Iterator[kdb.ICplxTrans]:
    if cell.cell_index() == top.cell_index():
        yield kdb.ICplxTrans()
        return
    for parent in cell.each_parent_inst():
        if parent.parent_cell_index() in within:
            above = cell.layout().cell(parent.parent_cell_index())
            for outer in _places(above, top, within):
                yield from (outer * inner for inner in parent.child_inst().cell_inst.each_cplx_trans())
