"""The cell's box on a picture: where a place in nm lies in px, its outline, and the numbers along it in um."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

from analoom.cells.model.drawing import Box

from .pattern_canvas import Canvas

LONGEST_PX = 1064
"""The longer side of the cell's box."""
MARGIN_PX = 26
"""Between the box and the numbers."""
TICK_PX, NUMBER_PX, LABEL_PX = 6, 15, 19
LEFT_PX, BELOW_PX = 44, 56
"""Room for the numbers beyond the margin; below also for the label."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
ACROSS_PX, UP_PX = 110, 80
"""Numbers lie at least so far apart."""
OUTLINE = "#80868b"


@dataclass(frozen=True)
class Axes:
    """`box` (nm) drawn with its upper left corner at `left_px`, `top_px`."""

    box: Box
    left_px: int
    top_px: int

    @property
    def px_nm(self) -> float:
        """Pixels a nm."""
        return LONGEST_PX / max(self.box.width(), self.box.height())

    @property
    def width_px(self) -> int:
        return round(self.box.width() * self.px_nm)

    @property
    def height_px(self) -> int:
        return round(self.box.height() * self.px_nm)

    def place(self, x_nm: float, y_nm: float) -> tuple[float, float]:
        """Where a place lies, in px."""
        return self.left_px + (x_nm - self.box.left) * self.px_nm, self.top_px + (self.box.top - y_nm) * self.px_nm

    def fill(self, canvas: Canvas, box: Box, colour: str) -> None:
        """A box of the cell (nm)."""
        canvas.box(*self.place(box.left, box.top), *self.place(box.right, box.bottom), colour)

    def draw(self, canvas: Canvas, label: str) -> None:
        """The outline, and the numbers along it with their `label`."""
        right, bottom = self.left_px + self.width_px, self.top_px + self.height_px
        canvas.frame(self.left_px, self.top_px, right, bottom, OUTLINE)
        below = bottom + MARGIN_PX
        for x_nm, words in _numbers(self.box.left, self.box.right, ACROSS_PX / self.px_nm):
            x, _ = self.place(x_nm, 0)
            canvas.line((x, below, x, below + TICK_PX), "black")
            canvas.text(x, below + TICK_PX + NUMBER_PX, words, NUMBER_PX)
        canvas.text(self.left_px + self.width_px / 2, below + BELOW_PX - LABEL_PX / 2, label, LABEL_PX)
        beside = self.left_px - MARGIN_PX
        for y_nm, words in _numbers(self.box.bottom, self.box.top, UP_PX / self.px_nm):
            _, y = self.place(0, y_nm)
            canvas.line((beside - TICK_PX, y, beside, y), "black")
            canvas.text(beside - 2 * TICK_PX, y, words, NUMBER_PX, "rm")


def _numbers(low_nm: int, high_nm: int, least_nm: float) -> Iterator[tuple[float, str]]:
    """Round numbers of um from low to high, at least `least_nm` apart: their places and words."""
    least_um = least_nm / 1e3
    power = 10.0 ** floor(log10(least_um))
    step_um = next(s * power for s in STEPS if s * power >= least_um * (1 - 1e-9))
    digits = max(0, -floor(log10(step_um)) + (step_um / 10.0 ** floor(log10(step_um)) == 2.5))
    for k in range(ceil(low_nm / 1e3 / step_um), floor(high_nm / 1e3 / step_um) + 1):
        yield 1e3 * k * step_um, f"{k * step_um:.{digits}f}"
