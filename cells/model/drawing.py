"""Drawing on klayout.db in integer nm: one process-wide layout, boxes by layer, contacts and vias by rule."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from functools import cache
from typing import Self

import klayout.db as kdb

from analoom.pdk.layers import Layer, Marker
from analoom.pdk.units import CUT_GRID_NM as CUT_GRID_NM
from analoom.pdk.units import DBU_UM, snap_up

Box = kdb.Box


@cache
def library() -> kdb.Layout:
    """The process-wide layout that holds every cell drawn, under unique names.

    It has all layers from the start, in the order of their table: a file's bytes do not tell what was drawn before.
    """
    layout = kdb.Layout()
    layout.dbu = DBU_UM
    for layer in (*Layer, *Marker):
        layout.layer(*layer.value)
    return layout


@cache
def layer_index(layer: Layer | Marker) -> int:
    """klayout's index of `layer` in the library."""
    number, datatype = layer.value
    return library().layer(kdb.LayerInfo(number, datatype))


def copy_alone(top: kdb.Cell) -> kdb.Layout:
    """A layout of a cell and those below, in the order of their names."""
    source, alone = top.layout(), kdb.Layout()
    alone.dbu = source.dbu
    below = sorted((top.cell_index(), *top.called_cells()), key=source.cell_name)
    copies = {index: alone.create_cell(source.cell_name(index)) for index in below}
    for index, alike in copies.items():
        alike.copy_shapes(source.cell(index))
        for instance in source.cell(index).each_inst():
            placed = instance.cell_inst.dup()
            placed.cell_index = copies[placed.cell_index].cell_index()
            alike.insert(placed)
    return alone


def discard(name: str) -> None:
    """Removes what an interrupted or refused drawing left under `name`."""
    if library().has_cell(name):
        library().cell(name).delete()


class Drawing:
    """A cell being drawn. Coordinates in nm."""

    def __init__(self, name: str) -> None:
        if library().has_cell(name):
            raise ValueError(f"a cell called {name} is drawn already")
        self.cell = library().create_cell(name)
        self.origin = kdb.Vector(0, 0)

    def moved(self, x_nm: int, y_nm: int) -> Self:
        """The same cell with the origin moved: what is drawn there keeps coordinates of its own."""
        other = copy(self)
        other.origin = self.origin + kdb.Vector(x_nm, y_nm)
        return other

    def box(self, layer: Layer | Marker, left: int, bottom: int, right: int, top: int) -> Box:
        """Draws a rectangle and returns it."""
        return self.add(layer, Box(left, bottom, right, top))

    def add(self, layer: Layer | Marker, shape: Box) -> Box:
        """Draws `shape` on `layer` and returns it."""
        self.cell.shapes(layer_index(layer)).insert(shape.moved(self.origin))
        return shape

    def text(self, layer: Layer, name: str, x_nm: int, y_nm: int) -> None:
        """Writes a net name on a label layer."""
        self.cell.shapes(layer_index(layer)).insert(kdb.Text(name, kdb.Trans(kdb.Vector(x_nm, y_nm) + self.origin)))

    def cuts(self, layer: Layer, area: Box, size_nm: int, space_nm: int) -> list[Box]:
        """Fills `area` with as many cuts as fit, centred. `area` is where cut metal may lie (enclosures taken off)."""
        xs = spread(area.left, area.right, size_nm, space_nm)
        ys = spread(area.bottom, area.top, size_nm, space_nm)
        return [self.box(layer, x, y, x + size_nm, y + size_nm) for y in ys for x in xs]

    def instance(self, child: kdb.Cell, trans: kdb.Trans, nx: int = 1, ny: int = 1, dx: int = 0, dy: int = 0) -> None:
        """Places `child` once or as an nx x ny array with pitch (dx, dy)."""
        trans = kdb.Trans(self.origin) * trans
        if nx == ny == 1:
            self.cell.insert(kdb.CellInstArray(child.cell_index(), trans))
        else:
            a, b = kdb.Vector(dx, 0), kdb.Vector(0, dy)
            self.cell.insert(kdb.CellInstArray(child.cell_index(), trans, a, b, nx, ny))


def spread(low: int, high: int, size_nm: int, space_nm: int, grid_nm: int = CUT_GRID_NM) -> list[int]:
    """Left edges of as many cuts as fit between low and high, at the closest spacing, on the cut grid, centred."""
    low, pitch = snap_up(low, grid_nm), snap_up(size_nm + space_nm, grid_nm)
    count = max(0, (high - low - size_nm) // pitch + 1)
    slack = high - low - size_nm - (count - 1) * pitch
    start = low + slack // 2 // grid_nm * grid_nm
    return [start + i * pitch for i in range(count)]


def hull(boxes: Iterable[Box]) -> Box:
    """The bounding box of `boxes`."""
    out = Box()
    for b in boxes:
        out += b
    return out
