"""Pictures of the points of a sweep, small enough for a page of many; drawn by the workers, kept with the points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analoom.flows.sweep.measure.task import picture_task
from analoom.flows.sweep.table.pareto import evenly
from analoom.flows.sweep.workers.campaign import Campaign

MOST_PICTURES = 240
"""Points shown with a picture, those of the front first; of more an even selection."""


def pictures(tasks: Sequence[Mapping[str, Any]], campaign: Campaign) -> dict[str, str]:
    """Pictures of points by the keys of their tasks, without those that failed."""
    asked = {str(task["key"]): picture_task(task) for task in tasks}
    results = campaign.run(list(asked.values())) if asked else {}
    return {k: results[t["key"]]["values"]["picture"] for k, t in asked.items() if "values" in results[t["key"]]}


def rows_pictured(rows: int, front: Sequence[int]) -> list[int]:
    """The rows to show with a picture: the front, and of the others as many as there is room for."""
    first = evenly(front, MOST_PICTURES)
    rest = [i for i in range(rows) if i not in set(front)]
    return [*first, *(evenly(rest, MOST_PICTURES - len(first)) if len(first) < MOST_PICTURES else ())]
