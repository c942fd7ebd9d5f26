"""Whether a layout file is what a cell draws: the same bytes, or else the same polygons and labels layer by layer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.cell import Cell
from analoom.flows.files.layout_source import LayoutSource, of_cell, of_file
from analoom.pdk.units import to_um

Label = tuple[str, int, int]


def layout_differences(path: Path, cell: Cell) -> list[str]:
    """What of the file at `path` is not as `cell` is drawn now. Raises InputError for a file that cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = cell.write(Path(folder) / path.name)
        if drawn.read_bytes() == path.read_bytes():
            return []
    return list(_differences(of_file(path, cell.name), of_cell(cell)))


def _differences(file: LayoutSource, drawn: LayoutSource) -> Iterator[str]:
    for gds in sorted(file.layers().keys() | drawn.layers().keys()):
        name = f"{gds[0]}/{gds[1]}"
        odd = _polygons(file, gds) ^ _polygons(drawn, gds)
        if not odd.is_empty():
            at = odd.bbox().center()
            yield f"{name}: {odd.count()} polygons differ, about ({to_um(at.x):g}, {to_um(at.y):g}) um"
        if words := sorted(_labels(file, gds) ^ _labels(drawn, gds)):
            yield f"{name}: {len(words)} labels differ, first {words[0][0]!r}"


def _polygons(source: LayoutSource, gds: tuple[int, int]) -> kdb.Region:
    index = source.layers().get(gds)
    return kdb.Region() if index is None else kdb.Region(source.top.begin_shapes_rec(index)).merged()


def _labels(source: LayoutSource, gds: tuple[int, int]) -> set[Label]:
    index = source.layers().get(gds)
    texts = [] if index is None else kdb.Texts(source.top.begin_shapes_rec(index)).each()
    return {(text.string, text.x, text.y) for text in texts}
