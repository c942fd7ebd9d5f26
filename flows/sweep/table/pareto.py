"""The Pareto front: the points that no other point beats in every objective."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

Sense = Literal["min", "max"]
Row = Mapping[str, Any]
T = TypeVar("T")


def front(rows: Sequence[Row], objectives: Mapping[str, Sense], groups: Sequence[str] = ()) -> list[int]:
    """Indices of the rows on the front, each group by itself, in rising order of the first objective.

    A row that lacks an objective, or has no finite value for it, is never on the front; of equal rows the first is.
    """
    members: dict[tuple[Any, ...], list[int]] = {}
    for index, row in enumerate(rows):
        if all(isinstance(row.get(c), int | float) and math.isfinite(row[c]) for c in objectives):
            members.setdefault(tuple(str(row.get(g)) for g in groups), []).append(index)
    return [index for indices in members.values() for index in _front_of(rows, indices, objectives)]


def _front_of(rows: Sequence[Row], indices: list[int], objectives: Mapping[str, Sense]) -> list[int]:
    """Sorted by the objectives, a row can only be beaten by one before it, and by one on the front if by any."""
    costs = {
        i: tuple(rows[i][c] if sense == "min" else -rows[i][c] for c, sense in objectives.items()) for i in indices
    }
    kept: list[int] = []
    for index in sorted(indices, key=lambda i: (costs[i], i)):
        if not any(all(a <= b for a, b in zip(costs[k], costs[index], strict=True)) for k in reversed(kept)):
            kept.append(index)
    return kept


def evenly(items: Sequence[T], most: int) -> Sequence[T]:
    """Up to `most` of `items`, evenly spread with both ends."""
    if len(items) <= most:
        return items
    return [items[round(k * (len(items) - 1) / max(most - 1, 1))] for k in range(most)]
