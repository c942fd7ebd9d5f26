"""How much of a layout a page may hold, and the words where it is more."""

from __future__ import annotations

MOST_NUMBERS = 400_000
"""Coordinates of shapes and places that are embedded: about 2 MB of text."""
MOST_PLACED = 3_000_000
"""Shapes with each repetition counted: a browser draws so many in about a second."""
MOST_SOLIDS = 10_000
"""Pieces of metal in the view in three dimensions."""

MOST_SHAPES = 50_000
"""Shapes on one layer before they are merged into such pieces."""


class TooMuch(Exception):
    """A layout that is beyond one of the bounds; the text says which."""


def within(count: int, most: int, what: str) -> None:
    """Raises TooMuch where `count` of `what` is beyond `most`."""
    if count > most:
        raise TooMuch(f"more than {most:,} {what}")
