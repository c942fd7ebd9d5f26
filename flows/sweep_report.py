"""The page of a sweep: one HTML file that opens offline, plotly inside, with pictures of the points on the front."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.cells.registry import build

from .outputs import write_whole
from .report import data_uri
from .sweep_figures import figures, hover_text, short
from .sweep_points import nested
from .sweep_table import csv_text

if TYPE_CHECKING:
    from .sweep import SweepReport

MOST_PICTURES = 48
"""Points of the front shown with a picture; of a longer front an even selection."""
PICTURE_PX = 420


def write_sweep_report(report: SweepReport) -> Path:
    """Writes the page of `report` beside its table."""
    import jinja2
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analoom.flows", "."), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    shown = [report.rows[i] for i in report.pareto]
    page = environment.get_template("sweep.html.j2").render(
        report=report,
        columns=_columns(report),
        front=shown,
        short=short,
        csv_all=_csv_uri(csv_text(report.rows)),
        csv_front=_csv_uri(csv_text(shown)),
        plotly=get_plotlyjs(),
        figures={name: json.loads(figure.to_json()) for name, figure in figures(report).items()},
        pictures=_pictures(report),
        told={row["index"]: hover_text(report, row) for row in shown},
        smallest=[{**s, "picture": data_uri(Path(s["files"]["png"]))} for s in report.smallest],
        provenance=json.loads((report.folder / "provenance.json").read_text()),
    )
    return write_whole(report.files["html"], page)


def _columns(report: SweepReport) -> list[str]:
    """The columns of the table on the page: what was varied, the size, the objectives."""
    return list(dict.fromkeys([*report.job.varied, "width_um", "height_um", *report.objectives]))


def _pictures(report: SweepReport) -> dict[int, str]:
    """PNGs as data: addresses by point index, of points on the front."""
    chosen = _evenly(report.pareto, MOST_PICTURES)
    with tempfile.TemporaryDirectory(prefix="analoom-pictures-") as folder:
        return {report.rows[i]["index"]: _picture(report, report.rows[i], Path(folder)) for i in chosen}


def _picture(report: SweepReport, row: dict[str, Any], folder: Path) -> str:
    """The cell, or its lower left corner where it is large."""
    from .picture import close_up, write_picture
    from .sweep_points import fields_of

    shown = {name: row[name] for name in report.job.varied}
    cell = build(report.job.cell, nested(fields_of(report.job, shown)))
    gds = cell.write(folder / "point.gds")
    return data_uri(write_picture(gds, folder / "point.png", close_up(cell.bbox_nm), PICTURE_PX))


def _evenly(indices: Sequence[int], most: int) -> Sequence[int]:
    if len(indices) <= most:
        return indices
    return [indices[round(k * (len(indices) - 1) / (most - 1))] for k in range(most)]


def _csv_uri(text: str) -> str:
    return "data:text/csv;base64," + base64.b64encode(text.encode()).decode()
