"""What a page shows of a layout: shapes and solids as data, or why there are none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import klayout.db as kdb

from analoom.flows.export.picture import close_up

from .bounds import TooMuch
from .shapes import drawn_shapes
from .solids import solids

SCALE = "heights and thicknesses are those of the layer stack, to the same scale as the plane; diffusions are flat"


@dataclass(frozen=True)
class Shown:
    """The data of one view, and in words what it shows; without data, why there is none."""

    data: Mapping[str, Any] | None
    words: str


@dataclass(frozen=True)
class LayoutView:
    """A layout in two and in three dimensions."""

    shapes: Shown
    solids: Shown


def view_of_file(gds: Path, top: str) -> LayoutView:
    """The views of the cell `top` of a layout file of 1 nm database units."""
    layout = kdb.Layout()
    layout.read(str(gds))
    return view_of(layout, layout.cell(top) or layout.top_cell())


def view_of(layout: kdb.Layout, top: kdb.Cell) -> LayoutView:
    """The views of a layout in memory."""
    return LayoutView(_shapes(layout, top), _solids(layout, top))


def embedded_json(value: Any) -> str:
    """`value` as JSON for a script element: no text of it can end the element or start another."""
    from jinja2.utils import htmlsafe_json_dumps

    return htmlsafe_json_dumps(value, json.dumps, separators=(",", ":"))


def _shapes(layout: kdb.Layout, top: kdb.Cell) -> Shown:
    try:
        return Shown(drawn_shapes(layout, top), "The whole cell")
    except TooMuch as beyond:
        return Shown(None, f"A picture alone, without zoom: the layout holds {beyond}")


def _solids(layout: kdb.Layout, top: kdb.Cell) -> Shown:
    """All of the cell, else the lower left corner of a large one."""
    window = close_up(top.bbox())
    try:
        return _solid_view(layout.dbu, solids(layout, top), "The whole cell")
    except TooMuch as beyond:
        if window is None:
            return Shown(None, f"Not shown in three dimensions: {beyond}")
        corner = f"The lower left corner, {window.width():.1f} × {window.height():.1f} µm (the whole has {beyond})"
    try:
        return _solid_view(layout.dbu, solids(layout, top, window), corner)
    except TooMuch as beyond:
        return Shown(None, f"Not shown in three dimensions: even the lower left corner has {beyond}")


def _solid_view(dbu_um: float, found: Sequence[Mapping[str, Any]], what: str) -> Shown:
    if not found:
        return Shown(None, f"Nothing to show in three dimensions: {what.lower()} holds no conductor, cut or diffusion")
    return Shown({"dbu_um": dbu_um, "layers": found}, f"{what}; {SCALE}")
