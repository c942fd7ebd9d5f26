"""One fault in an array that is drawn as a tree of shared cells: only the cells above the faulty one become copies."""

import klayout.db as kdb

from analoom.pdk.layers import Layer


def spot(cell, across=0.613, up=0.377):
    """A point (nm) of the array that is in no particular place."""
    box = cell.bbox_nm
    return kdb.Point(box.left + int(box.width() * across), box.bottom + int(box.height() * up))


def leaf_damage(at, layer, place=None):
    """Damage for `broken.twin`: in the leaf cell at point `at` the shapes of `layer` gone, those touching the box
    `place` (nm, in the leaf) if one is given."""

    def damage(copy, top):
        shapes = _own_leaf(copy, top, at).shapes(copy.layer(*layer.value))
        hit = [s for s in shapes.each() if not s.is_text() and (place is None or s.bbox().touches(place))]
        assert hit, layer
        for shape in hit:
            shape.delete()

    return damage


def longer_gate(at):
    """Damage: one gate of the leaf cell at `at` 5 nm longer to the right."""

    def damage(copy, top):
        leaf = _own_leaf(copy, top, at)
        diff, poly = (kdb.Region(leaf.begin_shapes_rec(copy.layer(*x.value))) for x in (Layer.DIFF, Layer.POLY))
        box = next((diff & poly).each_merged()).bbox()
        stripe = kdb.Box(box.right, box.bottom - 5, box.right + 5, box.top + 5)
        leaf.shapes(copy.layer(*Layer.POLY.value)).insert(stripe)

    return damage


def _own_leaf(copy, cell, at):
    """The leaf cell at `at`, made a cell of its own, with the cells above it. The tree holds single instances only."""
    while True:
        inst = next((inst for inst in cell.each_inst() if inst.bbox().contains(at)), None)
        if inst is None:
            return cell
        assert not inst.is_regular_array()
        child, trans = inst.cell, inst.trans
        own = copy.create_cell(f"{child.name}_bad")
        own.copy_shapes(child)
        for below in child.each_inst():
            own.insert(below)
        inst.delete()
        cell.insert(kdb.CellInstArray(own.cell_index(), trans))
        cell, at = own, trans.inverted() * at
