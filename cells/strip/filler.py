"""Room left in a row of CMOS strips: rails, wells, taps and the tracks that go through, and no transistor."""

from __future__ import annotations

from collections.abc import Iterable

import klayout.db as kdb

from analoom.cells.model.drawing import Drawing, library

from .draw import draw_frame, draw_track
from .plan import StripPlan


def strip_filler(name: str, plan: StripPlan, width: int, through: Iterable[str]) -> kdb.Cell:
    """The layout of a filler `width` nm wide that hands on the tracks of the nets `through`, drawn once a process."""
    full = f"{name}_filler{width}"
    if library().has_cell(full):
        return library().cell(full)
    drawing = Drawing(full)
    draw_frame(drawing, 0, width, plan)
    for net in through:
        draw_track(drawing, 0, width, plan.tracks[net])
    return drawing.cell
