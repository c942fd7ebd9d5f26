"""The figures of a sweep's page: error against area with the front, the error budget, array sizes and corners."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from analoom.flows.report.mismatch_plots import LEAST_SHARE
from analoom.flows.sweep.plan.asked import Asked
from analoom.flows.sweep.table.pareto import evenly
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.table.table import Row, sound
from analoom.flows.sweep.table.words import ACCURACY, LOSS, VIEWS, point_html, short, title

COLOURS = ("#1a73e8", "#d93025", "#188038", "#e37400", "#8430ce", "#00838f", "#c2185b", "#5f6368")
MOST_LINES = 8
"""Settings shown against array size."""
FEW, MANY = 5, 1e4
"""Ratios of the values on an axis between which each decade has three ticks."""
PLOT_PX, LEGEND_LINE_PX, NAMES_A_LINE = 340, 22, 4
"""Height of a plot, and what each line of names below it adds."""


def figures(report: SweepReport) -> dict[str, Any]:
    """Plotly figures by name; `front` exists when there are points."""
    if not report.rows:
        return {}
    found = {"front": front_figure(report), "budget": budget_figure(report), "corners": corner_figure(report)}
    if report.job.sizes:
        found |= {"gain": size_figure(report, _measured(report, "column_gain_error"))}
        found |= {"sizes": size_figure(report, axes_of(report)[1])}
        found |= {"bits": size_figure(report, _measured(report, "enob"))}
    return {name: _fitted(figure) for name, figure in found.items() if figure is not None}


def front_figure(report: SweepReport) -> Any:
    """The second objective against the first, all points, the front, and the 1/sqrt(area) line through its middle."""
    figure = _figure(report, *axes_of(report), log_y=not axes_of(report)[1].startswith((f"{ACCURACY}.", f"{LOSS}.")))
    mode = "lines+markers" if len(report.objectives) < 3 else "markers"
    front, bad = set(report.pareto), {i for i, row in enumerate(report.rows) if not sound(row)}
    for number, (group, indices) in enumerate(_groups(report).items()):
        look = {"marker": {"color": COLOURS[number % len(COLOURS)], "size": 6}, "legendgroup": group}
        rest = [i for i in indices if i not in front and i not in bad]
        figure.add_scatter(**_points(report, rest), **look, opacity=0.35, mode="markers", showlegend=False)
        line = {"width": 2, "shape": "hv"}
        best = [i for i in report.pareto if i in set(indices)]
        figure.add_scatter(**_points(report, best), **look, name=f"front {group}".strip(), mode=mode, line=line)
    if bad:
        cross = {"color": "#5f6368", "symbol": "x", "size": 7}
        figure.add_scatter(**_points(report, sorted(bad)), marker=cross, name="not clean", mode="markers")
    if report.units.get(axes_of(report)[1]) != "bit":
        _add_root_line(figure, [report.rows[i] for i in report.pareto], *axes_of(report))
    return figure


def size_figure(report: SweepReport, column: str | None) -> Any:
    """A column against the number of synapses, a line a setting; None for a column that was not measured."""
    if column is None:
        return None
    figure = _figure(report, "synapses", column, log_y=report.units.get(column) != "bit")
    settings: dict[str, list[Row]] = {}
    for row in report.rows:
        name = ", ".join(f"{short(a)} {row[a]}" for a in report.job.settings)
        settings.setdefault(name or report.job.cell, []).append(row)
    for number, (name, rows) in enumerate(evenly(list(settings.items()), MOST_LINES)):
        rows = sorted((r for r in rows if r.get(column) is not None), key=lambda r: r["rows"] * r["cols"])
        figure.add_scatter(
            x=[r["rows"] * r["cols"] for r in rows],
            y=[r[column] for r in rows],
            customdata=[r["index"] for r in rows],
            text=[_point_html(report, r) for r in rows],
            mode="lines+markers",
            name=name,
            line={"color": COLOURS[number % len(COLOURS)]},
            hovertemplate="%{text}<extra></extra>",
        )
    return figure


def budget_figure(report: SweepReport) -> Any:
    """The error of points along the front by source, against area; None for fewer than two points."""
    if len(report.budget) < 2:
        return None
    figure = _figure(report, "area_um2", "error")
    sources = _sources(report.budget)
    for number, name in enumerate(sorted(sources, key=lambda name: name != "total")):
        rows = sources[name]
        total = {"color": "#9aa0a6", "size": 13, "symbol": "circle-open"}
        figure.add_scatter(
            x=[row["area_um2"] for row in rows],
            y=[row[name] for row in rows],
            customdata=[row["index"] for row in rows],
            name=name.replace("_", " "),
            mode="markers" if report.job.groups or name == "total" else "lines+markers",
            marker=total if name == "total" else {"color": COLOURS[(number - 1) % len(COLOURS)], "size": 6},
            hovertemplate="%{y:.3~p}",
        )
    return figure


def _sources(budget: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The points of each source whose error is more than rounding."""
    names = dict.fromkeys(name for row in budget for name in row if name not in ("index", "area_um2"))
    found = {n: [row for row in budget if (row.get(n) or 0) > LEAST_SHARE * (row.get("total") or 0)] for n in names}
    return {name: rows for name, rows in found.items() if rows}


def corner_figure(report: SweepReport) -> Any:
    """A simulated objective at each corner against area; None where no objective is simulated at several corners."""
    named = re.fullmatch(rf"({'|'.join(VIEWS)})\.\w+\.(\w+)", axes_of(report)[1])
    if named is None or len(report.job.corners) < 2:
        return None
    view, metric = named.groups()
    figure = _figure(report, "area_um2", axes_of(report)[1])
    figure.update_layout(yaxis_title=title(f"{view}.by corner.{metric}", {f"{view}.by corner.{metric}": _unit(report)}))
    for number, corner in enumerate(report.job.corners):
        rows = [r for r in report.rows if r.get(f"{view}.{corner}.{metric}") is not None]
        figure.add_scatter(
            x=[r["area_um2"] for r in rows],
            y=[r[f"{view}.{corner}.{metric}"] for r in rows],
            customdata=[r["index"] for r in rows],
            text=[_point_html(report, r) for r in rows],
            name=corner,
            mode="markers",
            marker={"color": COLOURS[number % len(COLOURS)], "size": 6},
            hovertemplate="%{text}<extra></extra>",
        )
    return figure


def _point_html(report: SweepReport, row: Row) -> str:
    return point_html(report.job, row, report.units, [*report.objectives])


def _unit(report: SweepReport) -> str:
    return report.units.get(axes_of(report)[1], "")


def axes_of(report: SweepReport) -> tuple[str, str]:
    """The columns of the figure of the front: the first two objectives, or the only one and the error."""
    names = list(report.objectives)
    return names[0], names[1] if len(names) > 1 else report.judged


def _measured(report: SweepReport, metric: str) -> str | None:
    return next((f"{e}.{metric}" for e in ("closed", "mc") if f"{e}.{metric}" in report.rows[0]), None)


def _groups(report: SweepReport) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for index, row in enumerate(report.rows):
        groups.setdefault(_group_name(report.job, row), []).append(index)
    return groups


def _group_name(job: Asked, row: Row) -> str:
    """Such as `64 x 64`, `8 bits`, `ratios [2, 4]`."""
    rest = [g for g in job.groups if g not in job.listed]
    between = " x " if job.sizes else ", "
    size = between.join(str(row[g]) for g in rest) + (" bits" if rest == ["bits"] else "")
    return ", ".join([*([size] if size else []), *(f"{short(g)} {row[g]}" for g in job.listed)])


def _points(report: SweepReport, indices: Sequence[int]) -> dict[str, Any]:
    x_name, y_name = axes_of(report)
    rows = [report.rows[i] for i in indices]
    return {
        "x": [r.get(x_name) for r in rows],
        "y": [r.get(y_name) for r in rows],
        "customdata": [r["index"] for r in rows],
        "text": [_point_html(report, r) for r in rows],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _add_root_line(figure: Any, rows: Sequence[Row], x_name: str, y_name: str) -> None:
    """A line of sigma ~ 1/sqrt(area) through the middle point of the front, for the eye."""
    held = sorted((r[x_name], r[y_name]) for r in rows if r.get(y_name))
    is_sigma = y_name.startswith(("closed.", "mc.", "room.error"))
    if len(held) < 3 or x_name != "area_um2" or held[0][0] <= 0 or not is_sigma:
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


def _figure(report: SweepReport, x: str, y: str, *, log_y: bool = True) -> Any:
    import plotly.graph_objects as go

    units: Mapping[str, str] = {"area_um2": "um2", "error": "frac", **report.units}
    figure = go.Figure()
    axis = {"showgrid": True, "gridcolor": "#e0e3e7", "linecolor": "#80868b", "automargin": True}
    scale = {"tickformat": ".2~p"} if units.get(y) == "frac" else {"exponentformat": "SI"}
    figure.update_layout(
        template="plotly_white",
        margin={"l": 60, "r": 16, "t": 16, "b": 50},
        legend={"orientation": "h", "yref": "container", "yanchor": "bottom", "y": 0, "x": 0},
        xaxis={**axis, "exponentformat": "SI", "title": title(x, units), "type": "log"},
        yaxis={**axis, **scale, "title": title(y, units), "type": "log" if log_y else "linear"},
        font={"family": "system-ui, sans-serif", "size": 13},
        hoverlabel={"align": "left"},
    )
    return figure


def _fitted(figure: Any) -> Any:
    """Room for the names below the plot, and ticks at 1, 2 and 5 of each decade where there are few."""
    held = [y for trace in figure.data for y in trace.y or () if y is not None and y > 0]
    if figure.layout.yaxis.type == "log" and held and FEW * min(held) < max(held) < MANY * min(held):
        figure.update_layout(yaxis_dtick="D2")
    names = sum(trace.showlegend is not False for trace in figure.data)
    lines = math.ceil(names / NAMES_A_LINE) if names > 1 else 0
    figure.update_layout(height=PLOT_PX + 60 + lines * LEGEND_LINE_PX, margin_b=60 + lines * LEGEND_LINE_PX)
    return figure
