"""The figures of a sweep's page: error against area with the front, and error and bits against array size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .pareto import evenly

if TYPE_CHECKING:
    from .sweep import SweepReport
    from .sweep_table import Row

COLOURS = ("#1a73e8", "#d93025", "#188038", "#e37400", "#8430ce", "#00838f", "#c2185b", "#5f6368")
MOST_LINES = 8
"""Settings shown against array size."""


def figures(report: SweepReport) -> dict[str, Any]:
    """Plotly figures by name; `front` exists when there are points."""
    out: dict[str, Any] = {}
    if report.rows:
        out["front"] = front_figure(report)
        if budget := budget_figure(report):
            out["budget"] = budget
        if report.job.sizes:
            out["sizes"] = size_figure(report)
            if any(f"{engine}.enob" in report.rows[0] for engine in ("closed", "mc")):
                out["bits"] = size_figure(report, "enob")
    return out


def front_figure(report: SweepReport) -> Any:
    """The second objective against the first, all points, the front, and the 1/sqrt(area) line through its middle."""
    figure = _figure(*_axis_titles(report))
    x_name, y_name = _axes(report)
    for number, (group, indices) in enumerate(_groups(report).items()):
        colour = COLOURS[number % len(COLOURS)]
        rest = [i for i in indices if i not in set(report.pareto)]
        best = [i for i in report.pareto if i in set(indices)]
        figure.add_scatter(**_points(report, rest, colour), name=f"{group} points", opacity=0.35, mode="markers")
        line = {"color": colour, "width": 2, "shape": "hv"}
        figure.add_scatter(**_points(report, best, colour), name=f"{group} front", mode="lines+markers", line=line)
    _add_root_line(figure, [report.rows[i] for i in report.pareto], x_name, y_name)
    return figure


def size_figure(report: SweepReport, metric: str | None = None) -> Any:
    """The error (or another metric) against the number of synapses, a line a setting."""
    column = _column(report, metric) if metric else _axes(report)[1]
    figure = _figure("synapses (rows x cols)", _title(column, report.units), log_y=metric is None)
    axes = list(report.job.axes)
    settings: dict[str, list[Row]] = {}
    for row in report.rows:
        settings.setdefault(", ".join(f"{short(a)} {row[a]}" for a in axes) or report.job.cell, []).append(row)
    shown = evenly(list(settings.items()), MOST_LINES)
    for number, (name, rows) in enumerate(shown):
        rows = sorted((r for r in rows if r.get(column) is not None), key=lambda r: r["rows"] * r["cols"])
        figure.add_scatter(
            x=[r["rows"] * r["cols"] for r in rows],
            y=[r[column] for r in rows],
            text=[f"{r['rows']} x {r['cols']}" for r in rows],
            mode="lines+markers",
            name=name,
            line={"color": COLOURS[number % len(COLOURS)]},
            hovertemplate="%{text}<br>%{y:.4g}",
        )
    return figure


def budget_figure(report: SweepReport) -> Any:
    """The error of points along the front by source, against area."""
    if len(report.budget) < 2:
        return None
    figure = _figure("area (µm²)", "error (fraction of full scale)")
    sources = list(dict.fromkeys(name for row in report.budget for name in row if name not in ("index", "area_um2")))
    for number, name in enumerate(sources):
        rows = [row for row in report.budget if row.get(name)]
        figure.add_scatter(
            x=[row["area_um2"] for row in rows],
            y=[row[name] for row in rows],
            name=name.replace("_", " "),
            mode="markers" if report.job.groups else "lines+markers",
            line={"color": COLOURS[number % len(COLOURS)], "dash": "dot" if name == "total" else "solid"},
        )
    return figure


def hover_text(report: SweepReport, row: Row) -> str:
    """A point in a few lines of HTML."""
    varied = [f"{short(name)} = {row[name]}" for name in report.job.varied]
    errors = [_value(c, row[c], report.units) for c in row if c.startswith(("closed.", "mc.")) and _main(c)]
    return "<br>".join([", ".join(varied), f"area {row['area_um2']:.6g} um2", *errors[:6]])


def short(name: str) -> str:
    """`synapse.w_read` as `w_read`."""
    return name.rsplit(".", 1)[-1]


def _main(column: str) -> bool:
    return not column.endswith((".low", ".high")) and not column.split("_")[-1].startswith("b")


def _value(column: str, value: Any, units: Mapping[str, str]) -> str:
    return f"{column} = {value:.4g} {units.get(column, '')}" if isinstance(value, float) else f"{column} = {value}"


def _axes(report: SweepReport) -> tuple[str, str]:
    names = list(report.objectives)
    return names[0], names[1] if len(names) > 1 else _column(report, None)


def _column(report: SweepReport, metric: str | None) -> str:
    if metric is None:
        from .search import error_column

        return error_column(report.job)
    return next(f"{e}.{metric}" for e in ("closed", "mc") if f"{e}.{metric}" in report.rows[0])


def _axis_titles(report: SweepReport) -> tuple[str, str]:
    x_name, y_name = _axes(report)
    return _title(x_name, report.units), _title(y_name, report.units)


def _title(column: str, units: Mapping[str, str]) -> str:
    unit = units.get(column, "")
    said = {"area_um2": "area"}.get(
        column, column.replace("_", " ").replace("closed.", "sigma of ").replace("mc.", "drawn sigma of ")
    )
    if column.endswith("enob"):
        said = "equivalent bits"
    return f"{said} ({ {'um2': 'µm²', 'frac': 'fraction', 'bit': 'bit'}.get(unit, unit) })" if unit else said


def _groups(report: SweepReport) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for index, row in enumerate(report.rows):
        name = " x ".join(str(row[g]) for g in report.job.groups) + (" bits" if report.job.groups == ("bits",) else "")
        groups.setdefault(name.strip(), []).append(index)
    return groups


def _points(report: SweepReport, indices: Sequence[int], colour: str) -> dict[str, Any]:
    x_name, y_name = _axes(report)
    rows = [report.rows[i] for i in indices]
    return {
        "x": [r.get(x_name) for r in rows],
        "y": [r.get(y_name) for r in rows],
        "customdata": [r["index"] for r in rows],
        "text": [hover_text(report, r) for r in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": colour, "size": 6},
    }


def _add_root_line(figure: Any, rows: Sequence[Row], x_name: str, y_name: str) -> None:
    """A line of sigma ~ 1/sqrt(area) through the middle point of the front, for the eye."""
    held = sorted((r[x_name], r[y_name]) for r in rows if r.get(y_name))
    if len(held) < 3 or x_name != "area_um2" or held[0][0] <= 0:
        return
    middle_x, middle_y = held[len(held) // 2]
    ends = [held[0][0], held[-1][0]]
    figure.add_scatter(
        x=ends,
        y=[middle_y * math.sqrt(middle_x / x) for x in ends],
        mode="lines",
        name="1/sqrt(area)",
        line={"color": "#80868b", "dash": "dash"},
        hoverinfo="skip",
    )


def _figure(x_title: str, y_title: str, *, log_y: bool = True) -> Any:
    import plotly.graph_objects as go

    figure = go.Figure()
    axis = {
        "showgrid": True,
        "gridcolor": "#e0e3e7",
        "linecolor": "#80868b",
        "automargin": True,
        "exponentformat": "SI",
    }
    figure.update_layout(
        template="plotly_white",
        margin={"l": 60, "r": 16, "t": 16, "b": 50},
        height=440,
        legend={"orientation": "h", "y": -0.22, "x": 0},
        xaxis={**axis, "title": x_title, "type": "log"},
        yaxis={**axis, "title": y_title, "type": "log" if log_y else "linear"},
        font={"family": "system-ui, sans-serif", "size": 13},
    )
    return figure
