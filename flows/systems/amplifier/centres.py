"""Where the matched devices of a block have their centres, from the drawing: what a gradient acts on."""

from __future__ import annotations

import klayout.db as kdb

from analoom.cells.model.cell import Cell

Centre = tuple[float, float]


def centres_um(cell: Cell, at: kdb.Trans = kdb.Trans.R0, path: tuple[str, ...] = ()) -> dict[str, Centre]:
    """The centre of each device in a match group, (x, y) um, by its dotted path; of the cell and those below."""
    found = {}
    for group in cell.match_groups:
        for member in group.members:
            point = at.to_dtype(1.0) * kdb.DPoint(*group.centroid_nm(member))
            found[".".join([*path, member])] = (point.x / 1000, point.y / 1000)
    for instance in cell.instances:
        found |= centres_um(instance.cell, at * instance.trans, (*path, instance.name))
    return found
