"""The page of a sweep: one HTML file that opens offline, plotly inside, with pictures of the points on the front."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.cells.registry import build

from .outputs import write_whole
from .pareto import evenly
from .picture import close_up, close_up_of_file, few_colours, write_picture
from .report import data_uri
from .sweep_figures import figures
from .sweep_points import expanded, nested
from .sweep_table import csv_text
from .sweep_words import called, short, told

if TYPE_CHECKING:
    from .sweep import SweepReport

MOST_PICTURES = 240
"""Points shown with a picture, those of the front first; of more an even selection."""
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
        called=called,
        tables={name: _csv_uri(csv_text(rows)) for name, rows in _tables(report).items() if rows},
        plotly=get_plotlyjs(),
        figures={name: json.loads(figure.to_json()) for name, figure in figures(report).items()},
        pictures=_pictures(report),
        told={row["index"]: told(report.job, row, report.units, [*report.objectives]) for row in report.rows},
        smallest=[{**s, "picture": _smallest_picture(s)} for s in report.smallest],
        provenance=json.loads((report.folder / "provenance.json").read_text()),
    )
    return write_whole(report.files["html"], page)


def _columns(report: SweepReport) -> list[str]:
    """The columns of the table on the page: what was varied, the size, the objectives."""
    return list(dict.fromkeys([*report.job.varied, "width_um", "height_um", *report.objectives]))


def _tables(report: SweepReport) -> dict[str, list[dict[str, Any]]]:
    """The tables to download, by name."""
    return {
        "front": [report.rows[i] for i in report.pareto],
        "points": list(report.rows),
        "budget": [dict(row) for row in report.budget],
        "failed": [{**f, "error": f["error"]["message"]} for f in report.failures],
    }


def _pictures(report: SweepReport) -> dict[int, str]:
    """PNGs as data: addresses by point index: of the front, and of the other points as far as there is room."""
    front = evenly(report.pareto, MOST_PICTURES)
    rest = [i for i in range(len(report.rows)) if i not in set(report.pareto)]
    chosen = [*front, *evenly(rest, MOST_PICTURES - len(front))]
    with tempfile.TemporaryDirectory(prefix="analoom-pictures-") as folder:
        return {report.rows[i]["index"]: _picture(report, report.rows[i], Path(folder)) for i in chosen}


def _picture(report: SweepReport, row: dict[str, Any], folder: Path) -> str:
    """The cell, or its lower left corner where it is large."""
    shown = {name: row[name] for name in report.job.varied}
    cell = build(report.job.cell, nested({**report.job.fields, **expanded(shown)}))
    return _drawn(cell.write(folder / "point.gds"), close_up(cell.bbox_nm), folder)


def _smallest_picture(found: Mapping[str, Any]) -> str:
    with tempfile.TemporaryDirectory(prefix="analoom-pictures-") as folder:
        gds = Path(found["files"]["gds"])
        return _drawn(gds, close_up_of_file(gds), Path(folder))


def _drawn(gds: Path, window: Any, folder: Path) -> str:
    return data_uri(few_colours(write_picture(gds, folder / "point.png", window, PICTURE_PX)))


def _csv_uri(text: str) -> str:
    return "data:text/csv;base64," + base64.b64encode(text.encode()).decode()
