"""Sections of a mismatch report: what each is asked, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from analoom.cells.model.cell import Cell


@dataclass(frozen=True)
class Asked:
    """What a section of a mismatch report is asked: the family of models, the settings given, the seed of draws.

    `budget`: whether the error budget is wanted beside.
    """

    model: str
    settings: Mapping[str, object]
    seed: int | None = None
    budget: bool = True

    @property
    def seed_or_first(self) -> int:
        """The seed of draws that a section makes for itself."""
        return 1 if self.seed is None else self.seed


class Section(Protocol):
    """A part of a mismatch report, by key; nothing where a cell has none."""

    def __call__(self, cell: Cell, asked: Asked) -> Mapping[str, object]: ...
