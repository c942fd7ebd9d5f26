"""A white picture to draw boxes, signs and words on, in px from its upper left corner; Pillow's own font.

Pillow is imported when a picture is made: matplotlib takes ten times as long to start.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

WHITE, BLACK = "white", "black"
COMPRESSION = 6
"""Of the PNG; the largest, 9, takes three times as long for 2 % less."""


class Canvas:
    """A picture of `width_px` by `height_px`."""

    def __init__(self, width_px: int, height_px: int) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("RGB", (width_px, height_px), WHITE)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A filled box, a pixel wide and high at least."""
        x0, y0, x1, y1 = (round(v) for v in (left, top, right, bottom))
        self._draw.rectangle((x0, y0, max(x1 - 1, x0), max(y1 - 1, y0)), fill=colour)

    def line(self, ends: tuple[float, float, float, float], colour: str, width_px: int = 1) -> None:
        """A line from x, y to x, y."""
        self._draw.line(ends, fill=colour, width=width_px)

    def frame(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """The outline of a box."""
        self._draw.rectangle(tuple(round(v) for v in (left, top, right, bottom)), outline=colour, width=2)

    def cross(self, x: float, y: float, reach_px: int, colour: str, width_px: int) -> None:
        """An upright cross."""
        self.line((x - reach_px, y, x + reach_px, y), colour, width_px)
        self.line((x, y - reach_px, x, y + reach_px), colour, width_px)

    def diamond(self, x: float, y: float, reach_px: int, colour: str) -> None:
        """A diamond with a black edge."""
        corners = ((x, y - reach_px), (x + reach_px, y), (x, y + reach_px), (x - reach_px, y))
        self._draw.polygon(corners, fill=colour, outline=BLACK, width=2)

    def text(self, x: float, y: float, words: str, size_px: int, anchor: str = "mm", colour: str = BLACK) -> None:
        """Words with their `anchor` (Pillow's: "mm" middle, "lm" left, "rm" right) at x, y."""
        self._draw.text((x, y), words, fill=colour, font=_font(size_px), anchor=anchor)

    def upright(self, x: float, y: float, words: str, size_px: int, colour: str) -> None:
        """Words read from below, their middle at x, y."""
        from PIL import Image, ImageDraw

        width, height = round(text_width(words, size_px)) + 2, size_px + 4
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).text((width / 2, height / 2), words, fill=255, font=_font(size_px), anchor="mm")
        self._image.paste(colour, (round(x - height / 2), round(y - width / 2)), mask.rotate(90, expand=True))

    def save(self, path: Path) -> None:
        """Writes the picture as a PNG."""
        self._image.save(path, format="PNG", compress_level=COMPRESSION)


def text_width(words: str, size_px: int) -> float:
    """How wide `words` are, in px."""
    return _font(size_px).getlength(words)


@cache
def _font(size_px: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size_px)
