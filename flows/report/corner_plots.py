"""Plots of a table over corners: every curve at each corner, and each metric over temperature in both views, as SVG."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from .plots import SIZE_IN, fitting_scales, grid_of, svg_of

Report = Mapping[str, Any]
Line = tuple[list[float], list[float]]

COLOURS = {"tt": "#3c4043", "ss": "#1a73e8", "ff": "#d93025", "sf": "#e37400", "fs": "#188038"}
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1, 2)))
VIEW_DASHES = {"schematic": "-", "post": (0, (4, 3))}
METRICS = "metrics over corners"
COLUMNS = 2
PANEL_IN = (3.2, 1.5)
DECADES = 50
"""A metric that varies by more than this ratio is drawn on a logarithmic axis."""


def corner_plots(corners: Mapping[str, Report]) -> dict[str, str]:
    """One SVG a curve and view, and one of all metrics; `corners` holds the report of each view there is."""
    plots = {METRICS: _metrics_svg(corners)} if corners else {}
    for view, report in corners.items():
        for name, path in curve_files(report).items():
            plots[f"{name} over corners, {view}"] = _curve_svg(f"{name}, {view}", path, report)
    return plots


def curve_files(report: Report) -> dict[str, Path]:
    """The CSV files of the curves, by curve."""
    found = {name.removesuffix("_csv"): Path(path) for name, path in report["files"].items() if name.endswith("_csv")}
    return {name: path for name, path in found.items() if name != "metrics" and path.is_file()}


def lines_of(path: Path, report: Report) -> tuple[tuple[str, str], dict[tuple[str, float], Line]]:
    """Labels, and x and y by corner and temperature; where the supply varies, those at the nominal one."""
    width = len(report["axes"])
    kept = [f"{value:.9g}" for value in report["nominal"][2:]]
    found: dict[tuple[str, float], Line] = {}
    with path.open(newline="") as stream:
        heads, *rows = list(csv.reader(stream))
    for row in rows:
        if row[2:width] == kept:
            xs, ys = found.setdefault((row[0], float(row[1])), ([], []))
            xs.append(float(row[width]))
            ys.append(float(row[width + 1]))
    return (heads[width], heads[width + 1]), found


def _curve_svg(title: str, path: Path, report: Report) -> str:
    (x_label, y_label), lines = lines_of(path, report)
    temps = list(report["axes"][1]["values"])

    def draw(axes: Any) -> None:
        for (corner, temp), (x, y) in lines.items():
            dash = DASHES[temps.index(temp) % len(DASHES)]
            axes.plot(x, y, color=COLOURS[corner], linestyle=dash, linewidth=1.2, label=f"{corner} {temp:g} °C")
        fitting_scales(axes, *next(iter(lines.values())))
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_title(title, loc="left", fontsize=10)
        axes.legend(frameon=False, fontsize=7, ncols=ceil(len(lines) / 8), loc="best")

    return svg_of(draw, SIZE_IN)


def _metrics_svg(corners: Mapping[str, Report]) -> str:
    """A panel a metric: over temperature, or by corner where there is one temperature; post-layout dashed."""
    first = next(iter(corners.values()))
    names = list(dict.fromkeys(name for report in corners.values() for name in report["metrics"]))
    height = ceil(len(names) / COLUMNS)

    def draw(panels: Sequence[Any]) -> None:
        for axes, name in zip(panels, names, strict=False):
            for view, report in corners.items():
                if name in report["metrics"]:
                    _metric_lines(axes, view, report, report["metrics"][name])
            _scale(axes, corners, name)
            axes.set_title(f"{name} ({_unit(corners, name)})", loc="left", fontsize=8)
            axes.tick_params(labelsize=7)
        handles, labels = panels[0].get_legend_handles_labels()
        panels[0].figure.legend(handles, labels, loc="outside upper center", ncols=5, frameon=False, fontsize=8)

    size = (PANEL_IN[0] * COLUMNS, PANEL_IN[1] * height + 0.5)
    return grid_of(draw, (height, COLUMNS), len(names), size, _over(first))


def _metric_lines(axes: Any, view: str, report: Report, metric: Report) -> None:
    names, temps = (axis["values"] for axis in report["axes"][:2])
    values = [[_nominal(report, cell) for cell in row] for row in metric["values"]]
    if len(temps) > 1:
        for corner, row in zip(names, values, strict=True):
            style = {"color": COLOURS[corner], "linestyle": VIEW_DASHES[view], "label": f"{corner} {view}"}
            axes.plot(temps, row, marker="o", markersize=2.5, linewidth=1.2, **style)
    else:
        marker = "o" if view == "schematic" else "x"
        axes.plot(names, [row[0] for row in values], marker, color="#1a73e8", markersize=4, label=view)


def _scale(axes: Any, corners: Mapping[str, Report], name: str) -> None:
    ends = [report["metrics"][name] for report in corners.values() if name in report["metrics"]]
    low = [end["min"]["value"] for end in ends if end["min"]]
    high = [end["max"]["value"] for end in ends if end["max"]]
    if low and min(low) > 0 and max(high) > DECADES * min(low):
        axes.set_yscale("log")
    else:
        axes.ticklabel_format(axis="y", style="sci", scilimits=(-3, 4))


def _nominal(report: Report, cell: Any) -> float:
    """The value of one corner and temperature; where the supply varies, that at the nominal one; NaN for none."""
    for axis, place in zip(report["axes"][2:], report["nominal"][2:], strict=True):
        cell = cell[axis["values"].index(place)]
    return float("nan") if cell is None else float(cell)


def _over(report: Report) -> str:
    return "temperature (°C)" if len(report["axes"][1]["values"]) > 1 else "corner"


def _unit(corners: Mapping[str, Report], name: str) -> str:
    return str(next(report["metrics"][name]["unit"] for report in corners.values() if name in report["metrics"]))
