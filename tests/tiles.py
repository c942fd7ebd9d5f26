"""Tiles placed side by side by plain translation, as a crossbar does."""

import klayout.db as kdb

from analoom.flows.files.layout_source import of_layout
from drawn import region


def abutted(cell, columns, rows, less_x=0, less_y=0):
    """`columns` x `rows` copies of a tile at its pitch, less `less_x` and `less_y` nm, as a source."""
    copy = kdb.Layout()
    copy.dbu = cell.layout.layout().dbu
    unit, top = copy.create_cell(cell.name), copy.create_cell("array")
    unit.copy_tree(cell.layout)
    px, py = cell.fabric.pitch_nm
    step_x, step_y = kdb.Vector(px - less_x, 0), kdb.Vector(0, py - less_y)
    top.insert(kdb.CellInstArray(unit.cell_index(), kdb.Trans(), step_x, step_y, columns, rows))
    return of_layout(copy, top)


def line_ends_meet(cell):
    """Whether the metal of each line's pin reaches both edges of the tile, at one position."""
    px, py = cell.fabric.pitch_nm
    boxes = {pin.name: pin for pin in cell.pins}
    ends = {"h": lambda b: (b.left, b.right) == (0, px), "v": lambda b: (b.bottom, b.top) == (0, py)}
    return all(
        ends[way](boxes[name].box) and (kdb.Region(boxes[name].box) - region(cell, boxes[name].layer)).is_empty()
        for name, way in cell.fabric.lines.items()
    )
