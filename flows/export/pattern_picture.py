"""A picture of who sits where in a matched cell: its units in the colour of their member, dummies grey, centres marked.

The eight heaviest members have a hue each that colour-blind eyes tell apart, the others a mark on each unit too: 64
members have a look of their own.
"""

from __future__ import annotations

from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.flows.files.outputs import whole_file

from .pattern_axes import BELOW_PX, LEFT_PX, MARGIN_PX, Axes
from .pattern_canvas import BLACK, WHITE, Canvas, text_width
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
GREY = "#c4c7cc"
MOST_NAMED = 48
"""Up to so many units each carries its member's name; more of one group are drawn enlarged."""
TITLE_PX, NAME_PX, LEAST_NAME_PX = 20, 16, 5
EDGE_PX = 14
SWATCH_PX, ROW_PX, COLUMN_PX, ROWS = 23, 31, 30, 34
"""A legend's swatch, the pitch of its rows, the space between its columns, and the rows it has beside the cell."""
BESIDE = 2.2
"""Cells less wide than this by their height have the legend beside them, wider ones below."""

Entry = tuple[str, int | str]
"""Words of the legend, and the look they stand for: of a member, or a sign."""


def has_pattern(cell: Cell) -> bool:
    """Whether there is something to show: a group of at least two members, and no more members than looks."""
    groups = cell.match_groups
    return any(len(g.members) > 1 for g in groups) and sum(len(g.members) for g in groups) <= MOST_MEMBERS


def write_pattern(cell: Cell, path: Path) -> Path:
    """Writes the picture of a cell for which `has_pattern` holds as a PNG."""
    drawn, title = pattern_of(cell), _title(cell)
    title_px = round(text_width(title, TITLE_PX))
    axes = Axes(cell.bbox_nm, EDGE_PX + LEFT_PX + MARGIN_PX, 2 * EDGE_PX + TITLE_PX + MARGIN_PX)
    right, bottom = axes.left_px + axes.width_px + MARGIN_PX, axes.top_px + axes.height_px + MARGIN_PX + BELOW_PX
    beside = cell.bbox_nm.width() < BESIDE * cell.bbox_nm.height()
    at = (right + COLUMN_PX, axes.top_px) if beside else (EDGE_PX, bottom + 2 * EDGE_PX)
    legend = _Legend(_entries(drawn), *at, None if beside else max(axes.width_px, title_px))
    middle = max(axes.left_px + axes.width_px / 2, EDGE_PX + title_px / 2)
    width = max(right, legend.right_px, round(middle + title_px / 2)) + EDGE_PX
    canvas = Canvas(width, max(bottom, legend.bottom_px) + EDGE_PX)
    canvas.text(middle, EDGE_PX + TITLE_PX / 2, title, TITLE_PX)
    _plot(canvas, axes, cell, drawn)
    legend.draw(canvas)
    with whole_file(path) as draft:
        canvas.save(draft)
    return path


def _title(cell: Cell) -> str:
    members = [boxes for group in cell.match_groups for boxes in group.members.values()]
    words = f"{cell.name}: {sum(map(len, members))} units, {len(members)} members"
    pattern = getattr(cell.spec, "pattern", None)
    return f"{words}, {pattern}" if pattern else words


def _entries(drawn: Pattern) -> list[Entry]:
    """The members, then the signs that occur."""
    entries: list[Entry] = [(f"{m.name} ({len(m.boxes)})", m.look) for m in drawn.members]
    entries += [(drawn.dummies_are, "dummy")] if drawn.dummies else []
    entries.append(("common centre", "centre"))
    return [*entries, ("its own centre", "apart")] if any(m.off_centre for m in drawn.members) else entries


def _plot(canvas: Canvas, axes: Axes, cell: Cell, drawn: Pattern) -> None:
    named = drawn.units <= MOST_NAMED and len(drawn.members) <= len(HUES)
    true_size = named or len(cell.match_groups) > 1
    shown = drawn if true_size else enlarge(drawn)
    for box in shown.dummies:
        axes.fill(canvas, box, GREY)
    for member in shown.members:
        for box in member.boxes:
            _draw_unit(canvas, (*axes.place(box.left, box.top), *axes.place(box.right, box.bottom)), member.look)
        if named:
            _name_units(canvas, axes, member)
    axes.draw(canvas, "um" if true_size else "um (units are drawn as wide as their pitch)")
    _draw_centres(canvas, axes, drawn)


def _draw_unit(canvas: Canvas, ends: tuple[float, float, float, float], look: int) -> None:
    """A unit with its mark between left, top and right, bottom (px)."""
    hue, (left, top, right, bottom) = look % len(HUES), ends
    canvas.box(*ends, HUES[hue])
    for x0, y0, x1, y1 in MARKS[look // len(HUES)]:
        width, height = right - left, bottom - top
        canvas.box(left + x0 * width, bottom - y1 * height, left + x1 * width, bottom - y0 * height, INKS[hue])


def _name_units(canvas: Canvas, axes: Axes, member: Shown) -> None:
    """The member's name on each of its units, as large as it fits, along the longer side."""
    for box in member.boxes:
        long, short = (axes.px_nm * side(box.width(), box.height()) for side in (max, min))
        size_px = int(min(NAME_PX, 0.8 * short, 1.4 * long / len(member.name)))
        if size_px >= LEAST_NAME_PX:
            write = canvas.upright if box.width() < box.height() else canvas.text
            x, y = axes.place(box.center().x, box.center().y)
            write(x, y, member.name, size_px, colour=INKS[member.look])


def _draw_centres(canvas: Canvas, axes: Axes, drawn: Pattern) -> None:
    """A cross at each group's centre; a diamond in its colour at that of a member, where it is another."""
    for member in drawn.members:
        if member.off_centre:
            canvas.diamond(*axes.place(*member.off_centre), 9, HUES[member.look % len(HUES)])
    for centre in drawn.centres:
        canvas.cross(*axes.place(*centre), 14, WHITE, 7)
        canvas.cross(*axes.place(*centre), 13, BLACK, 3)


class _Legend:
    """One entry a member, then what the other signs mean: in columns below each other, or rows within `width_px`."""

    def __init__(self, entries: list[Entry], left_px: int, top_px: int, width_px: int | None) -> None:
        self._entries, self._left, self._top = entries, left_px, top_px
        self._column = SWATCH_PX + COLUMN_PX + round(max(text_width(words, NAME_PX) for words, _ in entries))
        columns = -(-len(entries) // ROWS) if width_px is None else max(1, width_px // self._column)
        self._rows = -(-len(entries) // columns)
        self.right_px = left_px + -(-len(entries) // self._rows) * self._column
        self.bottom_px = top_px + self._rows * ROW_PX

    def draw(self, canvas: Canvas) -> None:
        """Draws every entry."""
        for order, (words, look) in enumerate(self._entries):
            left = self._left + order // self._rows * self._column
            top = self._top + order % self._rows * ROW_PX
            self._sign(canvas, left, top, look)
            canvas.text(left + SWATCH_PX + 10, top + SWATCH_PX / 2, words, NAME_PX, "lm")

    def _sign(self, canvas: Canvas, left: int, top: int, look: int | str) -> None:
        ends = (left, top, left + SWATCH_PX, top + SWATCH_PX)
        middle = (left + SWATCH_PX / 2, top + SWATCH_PX / 2)
        if isinstance(look, int):
            _draw_unit(canvas, ends, look)
        elif look == "dummy":
            canvas.box(*ends, GREY)
        elif look == "centre":
            canvas.cross(*middle, 7, BLACK, 2)
        else:
            canvas.diamond(*middle, 9, WHITE)
