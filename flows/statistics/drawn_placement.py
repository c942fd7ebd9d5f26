"""The placement of a capacitor array read back from its drawn plates, and what it costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analoom.cells.model.cell import Cell, Kind
from analoom.generators.matching.cost import placement_cost
from analoom.generators.matching.placement import DUMMY, Placement


def placement_section(cell: Cell) -> dict[str, Any] | None:
    """The section `placement` of a mismatch report: the four figures of `centroid_cost` and their total.

    None for other cells than capacitor arrays of at least two weights.
    """
    if cell.kind != Kind.CAPACITOR or not cell.match_groups or len(cell.match_groups[0].members) < 2:
        return None
    cost = placement_cost(drawn_placement(cell))
    return {**asdict(cost), "total": cost.total}


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
