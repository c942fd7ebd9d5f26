"""A cell as the last line of a notebook's cell shows it: its picture beside a table of its fields, size and pins."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.cells.model.functions import field_words
from analoom.pdk.units import to_um

from .picture import write_picture

WIDTH_PX = 640


def picture_of(cell: Cell) -> bytes:
    """The cell's layout as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        gds = cell.write(Path(folder) / "cell.gds")
        return write_picture(gds, Path(folder) / "cell.png", width_px=WIDTH_PX).read_bytes()


def table_of(cell: Cell) -> str:
    """Name, size, area (um2), pins and fields as an HTML table."""
    box = cell.bbox_nm
    size = f"{to_um(box.width()):g} x {to_um(box.height()):g} um"
    meanings = field_words(type(cell.spec))
    rows = [("size", size, ""), ("area", f"{cell.area_um2:g} um2", ""), ("pins", ", ".join(cell.circuit.ports), "")]
    rows += [(name, str(value), meanings.get(name, "")) for name, value in cell.spec]
    return f"<table><caption>{escape(cell.name)}</caption>{''.join(map(_row, rows))}</table>"


def page_of(cell: Cell) -> str:
    """Picture and table as one piece of HTML that needs no file beside it."""
    picture = base64.b64encode(picture_of(cell)).decode()
    return f'<img width="{WIDTH_PX}" src="data:image/png;base64,{picture}">{table_of(cell)}'


def _row(words: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(word)}</td>' for word in words)}</tr>"
