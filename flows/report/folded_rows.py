"""Rows of a table that read the same for like things (`out1`, `out2`; `c_1_2`, `c_2_1`), folded into one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_NAMED = 3
"""So many names stand in a folded row; of more, the first and the last."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Row:
    """One row, or several that read the same: their names, and the other cells as text."""

    names: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def title(self) -> str:
        """The names, or the first and the last of many."""
        return ", ".join(self.names) if len(self.names) <= MOST_NAMED else f"{self.names[0]} … {self.names[-1]}"


def folded(rows: Iterable[tuple[str, ...]]) -> list[Row]:
    """The rows, name first, each where the first of those that it stands for was.

    Two are one where all cells are the same text, thus equal within the rounding shown, and the names differ in
    numbers alone.
    """
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, *cells in rows:
        alike.setdefault((_NUMBER.sub("#", name), tuple(cells)), []).append(name)
    return [Row(tuple(names), cells) for (_, cells), names in alike.items()]
