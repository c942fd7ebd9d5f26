"""Broken twins: a copy of a cell's layout that a test may damage, to show that a check bites."""

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource


def twin(cell, damage):
    """A copy of `cell` after `damage(layout, top)`, as a source that still knows its cell."""
    copy = kdb.Layout()
    copy.dbu = cell.layout.layout().dbu
    top = copy.create_cell(cell.name)
    top.copy_tree(cell.layout)
    damage(copy, top)
    return LayoutSource(cell.name, copy, top, cell)


def without(layer):
    """Damage: every shape of `layer` gone, in all cells."""
    return lambda copy, top: copy.clear_layer(copy.layer(*layer.value))


def with_box(layer, box):
    """Damage: one more rectangle (nm) on `layer` in the top cell."""
    return lambda copy, top: top.shapes(copy.layer(*layer.value)).insert(box)


def without_box(layer, box):
    """Damage: the shapes of `layer` in the top cell whose bounding box is `box` gone."""

    def damage(copy, top):
        shapes = top.shapes(copy.layer(*layer.value))
        for shape in [s for s in shapes.each() if s.bbox() == box]:
            shapes.erase(shape)

    return damage
