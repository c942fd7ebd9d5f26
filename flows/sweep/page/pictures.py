"""Pictures of the points of a sweep, small enough for a page of many; drawn by the workers, kept with the points."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.cells.model.cell import Cell
from analoom.flows.export.picture import close_up, few_colours, write_picture
from analoom.flows.report.page import data_uri
from analoom.flows.sweep.pareto import evenly

if TYPE_CHECKING:
    from analoom.flows.sweep.workers.campaign import Campaign

MOST_PICTURES = 240
"""Points shown with a picture, those of the front first; of more an even selection."""
PICTURE_PX = 420


def picture_task(task: Mapping[str, Any]) -> dict[str, Any]:
    """The task that draws the picture of a point, whatever is measured of it."""
    return {**task, "key": f"{task['key']}-picture", "part": "picture"}


def drawn(cell: Cell) -> dict[str, Any]:
    """The result of a picture task: the cell, or its lower left corner where it is large, as a data: address."""
    with tempfile.TemporaryDirectory(prefix="analoom-picture-") as folder:
        gds = cell.write(Path(folder) / "point.gds")
        window = close_up(cell.bbox_nm)
        picture = write_picture(gds, Path(folder) / "point.png", window, PICTURE_PX, labels=False)
        return {"values": {"picture": data_uri(few_colours(picture))}, "units": {}}


def pictures(tasks: Sequence[Mapping[str, Any]], campaign: Campaign) -> dict[str, str]:
    """Pictures of points by the keys of their tasks, without those that failed."""
    asked = {str(task["key"]): picture_task(task) for task in tasks}
    results = campaign.run(list(asked.values())) if asked else {}
    return {k: results[t["key"]]["values"]["picture"] for k, t in asked.items() if "values" in results[t["key"]]}


def shown(rows: int, front: Sequence[int]) -> list[int]:
    """The rows to show with a picture: the front, and of the others as many as there is room for."""
    first = evenly(front, MOST_PICTURES)
    rest = [i for i in range(rows) if i not in set(front)]
    return [*first, *(evenly(rest, MOST_PICTURES - len(first)) if len(first) < MOST_PICTURES else ())]
