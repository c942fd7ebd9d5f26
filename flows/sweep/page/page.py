"""The page of a sweep: one HTML file that opens offline, plotly inside, with pictures of the points on the front."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from analoom.flows.files.outputs import write_whole
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.table.table import csv_text
from analoom.flows.sweep.table.words import column_words, head, proof_words, short, whole_point_html

from .figures import axes_of, figures


def write_sweep_report(report: SweepReport) -> Path:
    """Writes the page of `report` beside its table."""
    import jinja2
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analoom.flows.sweep.page", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = report.front
    page = environment.get_template("sweep.html.j2").render(
        report=report,
        columns=_columns(report),
        heads={column: head(column, report.units) for column in _columns(report)},
        front=shown,
        short=short,
        column_words=column_words,
        proof_words=proof_words,
        axes=axes_of(report),
        tables={name: _csv_uri(csv_text(rows)) for name, rows in _tables(report).items() if rows},
        plotly=get_plotlyjs(),
        figures={name: json.loads(figure.to_json()) for name, figure in figures(report).items()},
        pictures={row["index"]: report.pictures[row["key"]] for row in report.rows if row["key"] in report.pictures},
        told={
            row["index"]: whole_point_html(report.job, row, report.units, [*report.objectives]) for row in report.rows
        },
        smallest=[{**s, "picture": report.pictures.get(s["key"])} for s in report.smallest],
        provenance=json.loads((report.folder / "provenance.json").read_text()),
    )
    return write_whole(report.files["html"], page)


def _columns(report: SweepReport) -> list[str]:
    """The columns of the table on the page: what was varied, the size, the objectives, the bits."""
    bits = [name for name in ("bits.random", "bits.all") if any(name in row for row in report.front)]
    return list(dict.fromkeys([*report.job.varied, *report.job.told, *report.objectives, *bits]))


def _tables(report: SweepReport) -> dict[str, list[dict[str, Any]]]:
    """The tables to download, by name."""
    return {
        "front": report.front,
        "points": list(report.rows),
        "budget": [dict(row) for row in report.budget],
        "failed": [{**f, "error": f["error"]["message"]} for f in report.failures],
    }


def _csv_uri(text: str) -> str:
    return "data:text/csv;base64," + base64.b64encode(text.encode()).decode()
