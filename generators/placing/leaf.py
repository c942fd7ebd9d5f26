"""One part of a block: a cell with its nets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analoom.cells.model.cell import Cell

Turned = Literal["", "x", "y"]


@dataclass(frozen=True, eq=False)
class Leaf:
    """One part: a cell with its nets, mirrored about the x or the y axis if `turned`."""

    name: str
    cell: Cell
    nets: Mapping[str, str]
    turned: Turned = ""

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        return (self,)
