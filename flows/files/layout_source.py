"""Where a flow gets its layout from: a cell drawn here, or any GDS or OASIS file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil, inf
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import library
from analoom.pdk.errors import InputError, nearest
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.units import DBU_UM

from .layout_trial import unreadable

SAFE_NAME = re.compile(r"[A-Za-z0-9_$]+")
"""Cell names every engine takes: Magic stumbles over "/" and blanks."""

MOST_NAMED = 5
"""So many missing cells are named."""

GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class LayoutSource:
    """A layout to check, extract or simulate: `top` within `layout` (1 nm database unit).

    `cell` is set when analoom drew it, so that its circuit is known; `notes` say what was done while reading, and which
    cells were missing.
    """

    name: str
    layout: kdb.Layout
    top: kdb.Cell
    cell: Cell | None = None
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Cells that are placed in the top cell or below but were not in the file that was read."""
        below = map(self.layout.cell, self.top.called_cells())
        return tuple(sorted(cell.name for cell in below if cell.is_ghost_cell()))

    @property
    def incomplete(self) -> str | None:
        """What is missing, in words; None for a whole layout."""
        more = f" and {len(self.missing) - MOST_NAMED} more" if len(self.missing) > MOST_NAMED else ""
        return f"cells that are not in the file: {', '.join(self.missing[:MOST_NAMED])}{more}" if self.missing else None

    def layers(self) -> dict[tuple[int, int], int]:
        """klayout's layer index by (layer, datatype)."""
        return {(info.layer, info.datatype): self.layout.layer(info) for info in self.layout.layer_infos()}

    def index(self, layer: Layer | Marker) -> int:
        """klayout's index of `layer`, made empty when the layout lacks it."""
        return self.layout.layer(kdb.LayerInfo(*layer.value))

    def drawn(self, layer: Layer | Marker, /) -> kdb.Region:
        """The merged polygons of `layer`, of the top cell and below, flat."""
        return kdb.Region(self.top.begin_shapes_rec(self.index(layer))).merged()

    def has(self, layer: Layer | Marker) -> bool:
        """Whether the top cell or one below holds a shape on `layer`."""
        return has_shapes(self.layout, self.top, layer)

    def write(self, path: Path) -> Path:
        """Writes the top cell and those below it, by the suffix of `path`, names unchanged."""
        options = kdb.SaveLayoutOptions()
        options.set_format_from_filename(str(path))
        options.clear_cells()
        options.add_cell(self.top.cell_index())
        options.gds2_write_timestamps = False
        self.layout.write(str(path), options)
        return path

    def write_safe(self, path: Path) -> str:
        """Writes the top cell with names every engine takes, and returns the top cell's name in that file."""
        copy = kdb.Layout()
        copy.dbu = self.layout.dbu
        top = copy.create_cell(self.top.name)
        top.copy_tree(self.top)
        for index, name in safe_names({c.cell_index(): c.name for c in copy.each_cell()}).items():
            copy.rename_cell(index, name)
        of_layout(copy, top, self.name).write(path)
        return top.name


def safe_names(names: Mapping[int, str]) -> dict[int, str]:
    """The cells to rename, by index, so that every name is safe and still unique."""
    taken = {name for name in names.values() if SAFE_NAME.fullmatch(name)}
    renamed: dict[int, str] = {}
    for index, name in sorted(names.items()):
        if name not in taken or not SAFE_NAME.fullmatch(name):
            renamed[index] = _free_name(re.sub(r"[^A-Za-z0-9_$]", "_", name) or "cell", taken)
            taken.add(renamed[index])
    return renamed


def has_shapes(layout: kdb.Layout, top: kdb.Cell, layer: Layer | Marker) -> bool:
    """Whether `top` or a cell below holds a shape on `layer`."""
    index = layout.find_layer(*layer.value)
    return index is not None and not top.bbox_per_layer(index).empty()


def of_cell(cell: Cell) -> LayoutSource:
    """The layout of a cell drawn here."""
    return LayoutSource(cell.name, library(), cell.layout, cell)


def of_layout(layout: kdb.Layout, top: kdb.Cell, name: str | None = None) -> LayoutSource:
    """A layout held in memory."""
    return _noted(LayoutSource(name or top.name, layout, top))


def dissolve(source: LayoutSource, cells: Iterable[str]) -> LayoutSource:
    """A copy with the named cells dissolved into those that hold them; a name that is not there dissolves all."""
    copy = kdb.Layout()
    copy.dbu = source.layout.dbu
    top = copy.create_cell(source.top.name)
    top.copy_tree(source.top)
    found = [copy.cell(name) for name in cells]
    if None in found:
        top.flatten(True)
    for cell in found if None not in found else ():
        for parent in copy.each_cell():
            for instance in [i for i in parent.each_inst() if i.cell_index == cell.cell_index()]:
                instance.flatten(1)
    return LayoutSource(source.name, copy, top, source.cell, source.notes)


def of_file(path: Path, top: str | None = None, largest_mb: float = inf) -> LayoutSource:
    """The layout of a GDS or OASIS file, scaled to 1 nm database units.

    Raises InputError for a file that is missing, too large, truncated, not a layout or empty, where cells hold each
    other, and for a top cell that is absent or not named though there are several.
    """
    _check_size(Path(path), largest_mb)
    layout = _read(Path(path))
    cell = _top_cell(layout, Path(path), top)
    notes = _rescale(layout, Path(path))
    if cell.bbox().empty():
        raise InputError(f"{path}: cell {cell.name} holds no shapes", field="file", remedy="give a layout with shapes")
    return _noted(LayoutSource(cell.name, layout, cell, None, notes))


def _noted(source: LayoutSource) -> LayoutSource:
    """With a note of what is missing."""
    return replace(source, notes=(*source.notes, source.incomplete)) if source.incomplete else source


def _check_size(path: Path, largest_mb: float) -> None:
    """Refuses a file that is not there or larger, unpacked where gzip packed it, than `largest_mb`."""
    if not path.is_file():
        raise InputError(f"{path}: no such file", field="file", remedy="give a GDS or OASIS file")
    mb = max(path.stat().st_size, _unpacked_bytes(path)) / 1e6
    if not mb <= largest_mb:
        what = f"{path}: {mb:.1f} MB, and the limit is {largest_mb:g} MB"
        raise InputError(what, field="max_file_mb", remedy=f"--max-file-mb {ceil(mb)}")


def _unpacked_bytes(path: Path) -> int:
    """What a gzip file says it holds (modulo 4 GiB), 0 for any other file."""
    with path.open("rb") as stream:
        if stream.read(2) != GZIP_MAGIC:
            return 0
        stream.seek(-4, os.SEEK_END)
        return int.from_bytes(stream.read(4), "little")


def _read(path: Path) -> kdb.Layout:
    if why := unreadable(path):
        raise InputError(f"{path}: not a readable layout: {why}", field="file", remedy="write the file again")
    layout = kdb.Layout()
    try:
        layout.read(str(path))
    except (RuntimeError, UnicodeDecodeError) as error:
        what = f"{path}: not a readable layout: {_first_line(error)}"
        raise InputError(what, field="file", remedy="write the file again") from None
    if not layout.cells():
        raise InputError(f"{path}: holds no cell", field="file", remedy="give a GDS or OASIS file with cells")
    _check_names(layout, path)
    return layout


def _first_line(error: Exception) -> str:
    text = "it holds bytes that are no text" if isinstance(error, UnicodeDecodeError) else str(error)
    if "topological_sort" in text:
        return "cells that hold each other, or themselves"
    return text.splitlines()[0] if text else "no reason given"


def _check_names(layout: kdb.Layout, path: Path) -> None:
    """Refuses names that are no UTF-8 text: klayout cannot say them."""
    try:
        names = [cell.name for cell in layout.each_cell()]
    except (RuntimeError, UnicodeDecodeError):
        raise InputError(
            f"{path}: a cell name is no UTF-8 text", field="file", remedy="rename the cell in the tool that wrote it"
        ) from None
    if "" in names or not layout.top_cells():
        raise InputError(f"{path}: a cell without a name, or cells that hold each other", field="file")


def _top_cell(layout: kdb.Layout, path: Path, top: str | None) -> kdb.Cell:
    tops = sorted(cell.name for cell in layout.top_cells())
    if top is None and len(tops) == 1:
        return layout.top_cells()[0]
    if top is None:
        raise InputError(f"{path}: several top cells: {', '.join(tops)}", field="top", remedy=f"--top {tops[0]}")
    found = layout.cell(top)
    if found is None:
        what = f"{path}: no cell called {top!r}; top cells: {', '.join(tops)}"
        raise InputError(what, field="top", remedy=f"--top {nearest(top, tops) or tops[0]}")
    return found


def _rescale(layout: kdb.Layout, path: Path) -> tuple[str, ...]:
    """Brings the layout to 1 nm database units. Raises InputError where that would move a vertex."""
    before = layout.dbu
    if abs(before - DBU_UM) < 1e-12:
        return ()
    if before < DBU_UM and _finer_than_nm(layout):
        raise InputError(
            f"{path}: vertices between the nanometres (database unit {before} um)",
            field="file",
            remedy=f"write it with vertices on multiples of {DBU_UM} um",
        )
    layout.transform(kdb.ICplxTrans(before / DBU_UM))
    layout.dbu = DBU_UM
    return (f"database unit {before} um rescaled to {DBU_UM} um",)


def _finer_than_nm(layout: kdb.Layout) -> bool:
    step = round(DBU_UM / layout.dbu)
    regions = (kdb.Region(top.begin_shapes_rec(i)) for top in layout.top_cells() for i in layout.layer_indexes())
    return any(not region.grid_check(step, step).is_empty() for region in regions)


def _free_name(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    return name
