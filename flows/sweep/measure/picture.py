"""The picture of a point, small enough for a page of many."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.flows.export.picture import close_up, few_colours, write_picture
from analoom.flows.report.page import data_uri

PICTURE_PX = 420


def draw_picture(cell: Cell) -> dict[str, Any]:
    """The result of a picture task: the cell, or its lower left corner where it is large, as a data: address."""
    with tempfile.TemporaryDirectory(prefix="analoom-picture-") as folder:
        gds = cell.write(Path(folder) / "point.gds")
        window = close_up(cell.bbox_nm)
        picture = write_picture(gds, Path(folder) / "point.png", window, PICTURE_PX, labels=False)
        return {"values": {"picture": data_uri(few_colours(picture))}, "units": {}}
