"""Plots of a mismatch report as SVG text, from its JSON: histograms, both models over the area, errors by size."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import exp, pi, sqrt
from typing import Any

from .plots import SIZE_IN, svg_of

_MODELS = {"continuous": "#1a73e8", "binned": "#d93025", "binned_weak": "#e8710a"}
_NAMES = {"binned": "binned, vth0 alone", "binned_weak": "binned, with voff (weak inversion)"}
_SILICON = "#188038"
_MOST_HISTOGRAMS = 3
_SOURCES = ("random", "loop", "mirrors", "dac", "gradient", "routing", "ir_drop", "injection", "noise", "total")
LEAST_SHARE = 1e-6
"""Sources of the error budget below this share of the largest have no bar: they are rounding."""


def mismatch_plots(report: Mapping[str, Any]) -> dict[str, str]:
    """One SVG a figure that the report has data for."""
    plots = {}
    for name, histogram in list(report.get("histograms", {}).items())[:_MOST_HISTOGRAMS]:
        closed = report["metrics"].get(name, {}).get("sigma") if name != "worst_column_error" else None
        plots[f"histogram of {name}"] = _histogram(name, histogram, closed)
    if "area_scan" in report:
        plots["sigma against 1/sqrt(W L)"] = _area(report["area_scan"])
    if "size_scan" in report:
        plots["gain error against array size"] = _size(report["size_scan"])
    if "budget" in report:
        plots["error budget"] = _budget(report["budget"])
    return plots


def _histogram(name: str, histogram: Mapping[str, Any], sigma: float | None) -> str:
    def draw(axes: Any) -> None:
        edges, counts = histogram["edges"], histogram["counts"]
        axes.stairs(counts, edges, fill=True, color="#aecbfa", label=f"{histogram['draws']} draws")
        if sigma:
            width, total = edges[1] - edges[0], sum(counts)
            peak = total * width / (sigma * sqrt(2 * pi))
            middle = [(a + b) / 2 for a, b in pairwise(edges)]
            axes.plot(
                middle, [peak * exp(-((x / sigma) ** 2) / 2) for x in middle], color="#d93025", label="closed form"
            )
        axes.set_xlabel(f"{name} ({histogram['unit']})")
        axes.set_ylabel("draws")
        axes.ticklabel_format(axis="x", style="sci", scilimits=(-3, 4))
        axes.legend(frameon=False)

    return svg_of(draw, SIZE_IN)


def _area(scan: Mapping[str, Any]) -> str:
    lines = scan["lines"]
    x = lines["inverse_root_area"]

    def draw(axes: Any) -> None:
        for name, colour in _MODELS.items():
            if name in lines:
                axes.plot(x, [1e3 * y for y in lines[name]], color=colour, label=_NAMES.get(name, name))
        for slope in scan["silicon"]["slopes"]:
            low, high = slope["ci95"]
            axes.fill_between(x, [1e3 * low * u for u in x], [1e3 * high * u for u in x], color=_SILICON, alpha=0.12)
            axes.plot(
                x, [1e3 * slope["v_um"] * u for u in x], "--", color=_SILICON, label=f"silicon, {slope['pairs']} pairs"
            )
        for point in scan["silicon"]["points"]:
            y, (low, high) = point["sigma_v"], point["ci95"]
            bars = [[1e3 * (y - low)], [1e3 * (high - y)]]
            axes.errorbar([point["inverse_root_area"]], [1e3 * y], yerr=bars, fmt="o", color=_SILICON, capsize=3)
        axes.set_xlabel("1/sqrt(W L) (1/µm)")
        axes.set_ylabel(f"sigma of one {scan['device']} (mV)")
        axes.legend(frameon=False, fontsize=7)

    return svg_of(draw, SIZE_IN)


def _size(scan: Mapping[str, Any]) -> str:
    def draw(axes: Any) -> None:
        axes.loglog(scan["sizes"], [100 * y for y in scan["column"]], "o-", label="one column")
        axes.loglog(scan["sizes"], [100 * y for y in scan["worst_of_n"]], "s-", label="worst of N columns")
        axes.axhline(100 * scan["cell"], color="#80868b", linestyle=":", label="one cell")
        axes.set_xlabel("rows = columns = N")
        axes.set_ylabel("random error (%)")
        axes.legend(frameon=False)

    return svg_of(draw, SIZE_IN)


def _budget(budget: Mapping[str, float]) -> str:
    def draw(axes: Any) -> None:
        names = [name for name in _SOURCES if name in budget]
        percent = [100 * budget[name] for name in names]
        axes.bar(names, percent, color="#5f8dd3", width=0.6)
        axes.set_yscale("log")
        axes.set_ylim(bottom=LEAST_SHARE * max(percent))
        axes.set_ylabel("error (%)")

    return svg_of(draw, SIZE_IN)
