"""What a cell's layout holds, read back for tests."""

import klayout.db as kdb


def region(cell, layer):
    """All shapes of a layer of an analoom cell, flat and merged, straight from the layout."""
    index = cell.layout.layout().layer(*layer.value)
    return kdb.Region(cell.layout.begin_shapes_rec(index)).merged()
