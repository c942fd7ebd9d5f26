"""Cells beside each other in one layout, so that the slow engines start once for all of them, not once a cell."""

import klayout.db as kdb

from analoom.flows.files.layout_source import of_layout

APART_NM, ACROSS = 20_000, 10
"""From cell to cell, beyond every rule on distance but that to a tap, and how many stand in a row."""


def shelf(cells, name="shelf"):
    """A layout with each of `cells` in rows; the places of an engine's findings tell which is meant."""
    layout = kdb.Layout()
    layout.dbu = 0.001
    top, y = layout.create_cell(name), 0
    for start in range(0, len(cells), ACROSS):
        row, x = cells[start : start + ACROSS], 0
        for cell in row:
            _put(top, cell, x, y)
            x += cell.bbox_nm.width() + APART_NM
        y += max(cell.bbox_nm.height() for cell in row) + APART_NM
    return of_layout(layout, top)


def _put(top, cell, x, y):
    """A copy of the cell with its lower left corner there."""
    copy = top.layout().create_cell(cell.name)
    copy.copy_tree(cell.layout)
    box = cell.bbox_nm
    top.insert(kdb.CellInstArray(copy.cell_index(), kdb.Trans(x - box.left, y - box.bottom)))
