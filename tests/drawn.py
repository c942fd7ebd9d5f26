"""What a cell's layout holds, read back for tests."""

import hashlib

import klayout.db as kdb

from analoom.pdk.layers import Layer

GRID_NM = 5
"""x.1b of the deck."""


def region(cell, layer):
    """All shapes of a layer of an analoom cell, flat and merged, straight from the layout."""
    index = cell.layout.layout().layer(*layer.value)
    return kdb.Region(cell.layout.begin_shapes_rec(index)).merged()


def fingerprint(cell):
    """One hash of every shape, every text and the netlist; the order in which shapes were drawn does not count."""
    seen = [(layer.name, sorted(map(str, region(cell, layer).each())), texts(cell, layer)) for layer in Layer]
    return hashlib.sha256(repr((cell.name, cell.spice(), seen)).encode()).hexdigest()


def texts(cell, layer):
    """Every text of a layer with its place, sorted."""
    index = cell.layout.layout().layer(*layer.value)
    return sorted(map(str, kdb.Texts(cell.layout.begin_shapes_rec(index)).each()))


def assert_on_grid(cell):
    """Every vertex of every layer is on the manufacturing grid."""
    for layer in Layer:
        assert region(cell, layer).grid_check(GRID_NM, GRID_NM).count() == 0, layer


def assert_pins_inside_and_labelled(cell):
    """Each pin lies inside the cell, on its metal and a pin shape, with its label on it; ports and pins agree."""
    assert set(cell.circuit.ports) == {pin.name for pin in cell.pins}
    for pin in cell.pins:
        assert pin.box.inside(cell.bbox_nm), pin
        where = kdb.Region(pin.box)
        assert (where - region(cell, pin.layer)).is_empty(), pin
        assert (where - region(cell, pin.layer.pin)).is_empty(), pin
        labels = cell.layout.shapes(cell.layout.layout().layer(*pin.layer.label.value))
        assert any(s.text_string == pin.name and pin.box.contains(s.text_pos) for s in labels.each() if s.is_text()), (
            pin
        )
