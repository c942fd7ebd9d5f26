"""The placement of a capacitor array read back from its drawn plates, and what it costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.generators.matching.cost import placement_cost
from analoom.generators.matching.placement import DUMMY, Placement

from .sections import Asked


def placement_section(cell: Cell, asked: Asked) -> dict[str, Any]:
    """The section `placement` of a mismatch report: the four figures of the placement's cost and their total.

    Nothing for cells of fewer than two members.
    """
    if not cell.match_groups or len(cell.match_groups[0].members) < 2:
        return {}
    cost = placement_cost(drawn_placement(cell))
    return {"placement": {**asdict(cost), "total": cost.total}}


def drawn_placement(cell: Cell) -> Placement:
    """Which member's plate stands at each crossing of the columns and rows of plates; DUMMY where none does."""
    members = list(cell.match_groups[0].members.values())
    middles = [[(box.center().x, box.center().y) for box in boxes] for boxes in members]
    xs, ys = (sorted({spot[k] for spots in middles for spot in spots}) for k in (0, 1))
    col, row = ({v: k for k, v in enumerate(values)} for values in (xs, ys))
    owner = [[DUMMY] * len(xs) for _ in ys]
    for who, spots in enumerate(middles):
        for x, y in spots:
            owner[row[y]][col[x]] = who
    return Placement(tuple(map(tuple, owner)), _pitch(xs), _pitch(ys))


def _pitch(lines: list[int]) -> int:
    """Of evenly spaced lines; 1 for a single one."""
    return (lines[-1] - lines[0]) // (len(lines) - 1) if len(lines) > 1 else 1
