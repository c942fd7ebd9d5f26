"""Pictures of whole measurements, drawn: their panels under each other as PNG."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from analoom.flows.bench.picture import Line, Panel, Picture

from .plots import STYLE

WIDTH_IN, HEIGHT_IN, DPI = 11.0, 2.3, 130
"""Of the picture, and of a row of it."""
COLOURS = ("#1a73e8", "#d93025", "#188038", "#e37400", "#9334e6", "#12b5cb", "#80868b", "#b06000")
TARGET, SHADE = "#202124", "#e8eaed"


def png_of(picture: Picture) -> bytes:
    """The picture as a PNG, WIDTH_IN by HEIGHT_IN a row of panels, at DPI."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    placed = list(_placed(picture.panels))
    rows = placed[-1][1] + 1
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN * rows + 0.3), layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(picture.title, fontsize=11, x=0.01, ha="left")
        grid = figure.add_gridspec(rows, 2)
        for panel, row, column in placed:
            _draw(figure.add_subplot(grid[row, column]), panel)
        held = io.BytesIO()
        figure.savefig(held, format="png", dpi=DPI, metadata={"Software": None})
    return held.getvalue()


def _placed(panels: tuple[Panel, ...]) -> Iterator[tuple[Panel, int, Any]]:
    """Each panel with its row, and its column or, if it is wide, both."""
    row, column = 0, 0
    for panel in panels:
        if panel.wide and column:
            row, column = row + 1, 0
        yield panel, row, slice(None) if panel.wide else column
        column = 0 if panel.wide else 1 - column
        row += column == 0


def _draw(axes: Any, panel: Panel) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    for k, (start, end) in enumerate(panel.shaded):
        axes.axvspan(start, end, color=SHADE, linewidth=0, label=panel.shaded_are if k == 0 else None)
    for line in panel.lines:
        axes.plot(line.x, line.y, **_look(line), label=line.label or None)
    axes.set_title(panel.title, loc="left", fontsize=10)
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    axes.margins(x=0.005)
    if panel.log:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False, fontsize=7.5, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _look(line: Line) -> dict[str, Any]:
    if line.dots:
        return {"color": COLOURS[line.colour % len(COLOURS)], "linestyle": "none", "marker": "o", "markersize": 4}
    if line.dashed:
        return {"color": TARGET, "linestyle": (0, (4, 2)), "linewidth": 0.8}
    return {"color": COLOURS[line.colour % len(COLOURS)], "linewidth": 0.9}
