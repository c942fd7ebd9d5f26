"""A picture of who sits where in a matched cell: its units in the colour of their member, dummies grey, centres marked.

The eight heaviest members have a hue each that colour-blind eyes tell apart, the others a mark on each unit too: 64
members have a look of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import Box
from analoom.flows.files.outputs import whole_file

from .pattern_units import Pattern, Shown, enlarge, pattern_of

HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#661100")
"""The palette of Okabe and Ito, "Color Universal Design" (2008), its black replaced by a dark red of Tol's."""
INKS = ("white", "black", "white", "black", "black", "white", "black", "white")
"""What a mark or a name on a unit of each hue is drawn in."""
MARKS: tuple[tuple[tuple[float, float, float, float], ...], ...] = (
    (),
    ((0.3, 0.3, 0.7, 0.7),),
    ((0.4, 0.1, 0.6, 0.9),),
    ((0.1, 0.4, 0.9, 0.6),),
    ((0.4, 0.1, 0.6, 0.9), (0.1, 0.4, 0.9, 0.6)),
    ((0.1, 0.1, 0.35, 0.9), (0.65, 0.1, 0.9, 0.9)),
    ((0.1, 0.1, 0.9, 0.35), (0.1, 0.65, 0.9, 0.9)),
    ((0.1, 0.1, 0.4, 0.4), (0.6, 0.6, 0.9, 0.9), (0.1, 0.6, 0.4, 0.9), (0.6, 0.1, 0.9, 0.4)),
)
"""Per eight members one: boxes on a unit, as fractions of its width and height."""
MOST_MEMBERS = len(HUES) * len(MARKS)
GREY, OUTLINE = "#c4c7cc", "#80868b"
MOST_NAMED = 48
"""Up to so many units each carries its member's name; more of one group are drawn enlarged."""
_PLOT_IN, _DPI, _ROW_IN, _ROWS = 9.0, 130, 0.24, 34
_BESIDE = 2.2
"""Cells less wide than this by their height have the legend beside them, wider ones below."""
_DIAMOND = {"markeredgecolor": "black", "markersize": 8, "zorder": 4}

Entry = tuple[str, int | str]
"""Words of the legend, and the look they stand for: of a member, or a sign."""


def has_pattern(cell: Cell) -> bool:
    """Whether there is something to show: a group of at least two members, and no more members than looks."""
    groups = cell.match_groups
    return any(len(g.members) > 1 for g in groups) and sum(len(g.members) for g in groups) <= MOST_MEMBERS


def write_pattern(cell: Cell, path: Path) -> Path:
    """Writes the picture of a cell for which `has_pattern` holds as a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = pattern_of(cell)
    entries, aspect = _entries(drawn), cell.bbox_nm.height() / cell.bbox_nm.width()
    beside = aspect > 1 / _BESIDE
    column_in = 0.42 + 0.075 * max(len(words) for words, _ in entries)
    columns = -(-len(entries) // _ROWS) if beside else int(_PLOT_IN / column_in)
    plot_in = (min(_PLOT_IN, _PLOT_IN / aspect), min(_PLOT_IN, _PLOT_IN * aspect))
    legend_in = (columns * column_in, -(-len(entries) // columns) * _ROW_IN)
    corner = (plot_in[0] + 0.3, plot_in[1] - legend_in[1]) if beside else (0.0, -0.6 - legend_in[1])
    figure = Figure(figsize=(1, 1), dpi=_DPI)
    FigureCanvasAgg(figure)
    _plot(figure.add_axes((0, 0, *plot_in)), cell, drawn, 72 * plot_in[0] / (cell.bbox_nm.width() / 1e3))
    _legend(figure.add_axes((*corner, *legend_in)), entries, columns, legend_in)
    with whole_file(path) as draft:
        figure.savefig(draft, format="png", bbox_inches="tight", facecolor="white", metadata={"Software": None})
    return path


def _entries(drawn: Pattern) -> list[Entry]:
    """The members, then the signs that occur."""
    entries: list[Entry] = [(f"{m.name} ({len(m.boxes)})", m.look) for m in drawn.members]
    entries += [(drawn.dummies_are, "dummy")] if drawn.dummies else []
    entries.append(("common centre", "centre"))
    return [*entries, ("its own centre", "apart")] if any(m.off_centre for m in drawn.members) else entries


def _plot(axes: Any, cell: Cell, drawn: Pattern, points_um: float) -> None:
    named = drawn.units <= MOST_NAMED and len(drawn.members) <= len(HUES)
    true_size = named or len(cell.match_groups) > 1
    shown = drawn if true_size else enlarge(drawn)
    _draw_boxes(axes, shown.dummies, GREY)
    for member in shown.members:
        _draw_units(axes, member.boxes, member.look)
        if named:
            _name_units(axes, member, points_um)
    corners = [*_corners(cell.bbox_nm), (cell.bbox_nm.left, cell.bbox_nm.bottom)]
    axes.plot([x / 1e3 for x, _ in corners], [y / 1e3 for _, y in corners], color=OUTLINE, linewidth=1)
    _draw_centres(axes, drawn)
    axes.set_aspect("equal")
    axes.set_xlabel("µm" if true_size else "µm (units are drawn as wide as their pitch)")
    axes.tick_params(labelsize=8)
    axes.set_frame_on(False)
    pattern = getattr(cell.spec, "pattern", None)
    words = f"{cell.name}: {drawn.units} units, {len(drawn.members)} members"
    axes.set_title(f"{words}, {pattern}" if pattern else words, fontsize=11)


def _draw_units(axes: Any, boxes: list[Box], look: int) -> None:
    hue = look % len(HUES)
    _draw_boxes(axes, boxes, HUES[hue])
    for part in MARKS[look // len(HUES)]:
        _draw_boxes(axes, [_part(box, part) for box in boxes], INKS[hue])


def _name_units(axes: Any, member: Shown, points_um: float) -> None:
    """The member's name on each of its units, as large as it fits, along the longer side."""
    for box in member.boxes:
        long, short = (points_um * v / 1e3 for v in (max(box.width(), box.height()), min(box.width(), box.height())))
        look = {"color": INKS[member.look], "fontsize": min(9.0, 0.8 * short, 1.4 * long / len(member.name))}
        at, upright = box.center(), 90 if box.width() < box.height() else 0
        axes.text(at.x / 1e3, at.y / 1e3, member.name, rotation=upright, ha="center", va="center", **look)


def _part(box: Box, part: tuple[float, float, float, float]) -> Box:
    x0, y0, x1, y1 = part
    width, height = box.width(), box.height()
    ends = (box.left + x0 * width, box.bottom + y0 * height, box.left + x1 * width, box.bottom + y1 * height)
    return Box(*(round(v) for v in ends))


def _draw_boxes(axes: Any, boxes: Iterable[Box], colour: str) -> None:
    from matplotlib.collections import PolyCollection

    corners = [[(x / 1e3, y / 1e3) for x, y in _corners(box)] for box in boxes]
    axes.add_collection(PolyCollection(corners, facecolors=colour, edgecolors="none"))


def _corners(box: Box) -> list[tuple[int, int]]:
    return [(box.left, box.bottom), (box.right, box.bottom), (box.right, box.top), (box.left, box.top)]


def _draw_centres(axes: Any, drawn: Pattern) -> None:
    """A cross at each group's centre; a diamond in its colour at that of a member, where it is another."""
    for member in drawn.members:
        if member.off_centre:
            x, y = member.off_centre
            axes.plot([x / 1e3], [y / 1e3], "D", color=HUES[member.look % len(HUES)], **_DIAMOND)
    for x, y in drawn.centres:
        axes.plot([x / 1e3], [y / 1e3], "+", color="white", markersize=15, markeredgewidth=3.5, zorder=5)
        axes.plot([x / 1e3], [y / 1e3], "+", color="black", markersize=14, markeredgewidth=1.5, zorder=6)


def _legend(axes: Any, entries: list[Entry], columns: int, size_in: tuple[float, float]) -> None:
    """One entry a member, then what the other signs mean; coordinates are inches."""
    axes.set_axis_off()
    axes.set_xlim(0, size_in[0])
    axes.set_ylim(0, size_in[1])
    rows = -(-len(entries) // columns)
    for order, (words, look) in enumerate(entries):
        x, y = (order // rows) * size_in[0] / columns, size_in[1] - (order % rows + 1) * _ROW_IN
        swatch = Box(round(1e3 * x), round(1e3 * y) + 30, round(1e3 * x) + 180, round(1e3 * y) + 210)
        if isinstance(look, int):
            _draw_units(axes, [swatch], look)
        elif look == "dummy":
            _draw_boxes(axes, [swatch], GREY)
        else:
            sign = {"marker": "+", "color": "black"} if look == "centre" else {"marker": "D", "color": "white"}
            axes.plot([x + 0.09], [y + 0.12], **_DIAMOND, **sign)
        axes.text(x + 0.26, y + 0.12, words, va="center", fontsize=9)
