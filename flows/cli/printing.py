"""Tables and lines on the terminal, and what both look like where the output is a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Column, Table

Report = Mapping[str, Any]
WIDTH_OF_FILES = 160
"""Characters a line when the output is no terminal."""
MOST_ROWS = 20
"""Longer listings are cut, and say so."""


def print_table(heads: Iterable[str], rows: Iterable[Iterable[Any]], most: int = MOST_ROWS) -> None:
    rows = [["-" if word is None else str(word) for word in row] for row in rows]
    table = Table(*(Column(head, overflow="fold") for head in heads), box=None, pad_edge=False, header_style="bold")
    for row in rows[:most]:
        table.add_row(*row)
    console = _console()
    console.print(table, markup=False)
    if len(rows) > most:
        console.print(f"... and {len(rows) - most} more (--json lists all)", markup=False)


def say(line: str) -> None:
    _console().print(line, markup=False, highlight=False, soft_wrap=True)


def _console() -> Console:
    """A terminal's width where there is one, else wide enough for paths."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_OF_FILES)
