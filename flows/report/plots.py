"""Plots of the report as SVG text: simulated curves of both views, the largest capacitances."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SIZE_IN = (6.4, 3.4)
MOST_MAP_POINTS = 256
DECADES = 1e3
"""A curve over more than this ratio is drawn on logarithmic axes."""

COLOURS = {"schematic": "#1a73e8", "post": "#d93025"}
DASHES = {"schematic": (0, ()), "post": (0, (4, 3))}
STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "analoom",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e0e3e7",
    "axes.edgecolor": "#80868b",
}


def curve_plots(sim: Mapping[str, Any], most: int = 8) -> dict[str, str]:
    """One SVG a curve, both views in it where both hold it; none of a view that has pictures."""
    files = {view: _curve_files(sim[view]) for view in COLOURS if view in sim and not sim_pictures(sim[view])}
    names = list(dict.fromkeys(name for held in files.values() for name in held))[:most]
    return {
        name: _curve_svg(name, {view: held[name] for view, held in files.items() if name in held}) for name in names
    }


def sim_pictures(report: Mapping[str, Any]) -> dict[str, Path]:
    """The pictures that a simulation left, by name."""
    found = {
        name.removesuffix("_png"): Path(path) for name, path in report.get("files", {}).items() if path.endswith(".png")
    }
    return {name: path for name, path in found.items() if path.is_file()}


def map_plots(sim: Mapping[str, Any]) -> dict[str, str]:
    """One SVG a map of an array (the drops along its lines, V): row 0 at the bottom, as in the layout."""
    files = sim.get("post", {}).get("files", {})
    return {name: _map_svg(name, Path(path)) for name, path in files.items() if path.endswith(".npy")}


def bar_plot(rows: list[tuple[str, float]], label: str) -> str:
    """Horizontal bars, the largest on top; values in `label`'s unit."""

    def draw(axes: Any) -> None:
        names = [name for name, _ in reversed(rows)]
        axes.barh(names, [value for _, value in reversed(rows)], color="#5f8dd3", height=0.7)
        axes.set_xlabel(label)
        axes.grid(axis="y", visible=False)

    return svg_of(draw, (SIZE_IN[0], 0.9 + 0.24 * len(rows)))


def _map_svg(name: str, path: Path) -> str:
    import numpy as np

    values = np.load(path, allow_pickle=False)
    step = max(1, max(values.shape) // MOST_MAP_POINTS)

    def draw(axes: Any) -> None:
        shown = axes.imshow(values[::step, ::step] * 1e3, origin="lower", cmap="viridis", aspect="auto")
        axes.figure.colorbar(shown, label="mV")
        axes.set_title(name, loc="left", fontsize=10)
        axes.set_xlabel("column" if step == 1 else f"column / {step}")
        axes.set_ylabel("row" if step == 1 else f"row / {step}")
        axes.grid(visible=False)

    return svg_of(draw, SIZE_IN)


def _curve_files(report: Mapping[str, Any]) -> dict[str, Path]:
    return {
        name: Path(path) for name, path in report["files"].items() if path.endswith(".csv") and Path(path).is_file()
    }


def _curve_svg(name: str, paths: Mapping[str, Path]) -> str:
    def draw(axes: Any) -> None:
        for view, path in paths.items():
            (x_label, y_label), x, y = read_curve(path)
            axes.plot(x, y, color=COLOURS[view], linestyle=DASHES[view], linewidth=1.6, label=view)
            axes.set_xlabel(x_label)
            axes.set_ylabel(y_label)
        fitting_scales(axes, x, y)
        axes.set_title(name, loc="left", fontsize=10)
        axes.legend(frameon=False)

    return svg_of(draw, SIZE_IN)


def fitting_scales(axes: Any, x: Sequence[float], y: Sequence[float]) -> None:
    """Logarithmic axes for a curve over decades (a spectrum), else linear ones with a common power of ten."""
    if min(x) > 0 and max(x) >= DECADES * min(x):
        axes.set_xscale("log")
        if min(y) > 0:
            axes.set_yscale("log")
    else:
        axes.ticklabel_format(axis="both", style="sci", scilimits=(-3, 4))


def read_curve(path: Path) -> tuple[tuple[str, str], list[float], list[float]]:
    """The labels and the points of a two-column CSV file with a header."""
    with path.open(newline="") as stream:
        head, *rows = list(csv.reader(stream))
    return (head[0], head[1]), [float(row[0]) for row in rows], [float(row[1]) for row in rows]


def svg_of(draw: Any, size_in: tuple[float, float]) -> str:
    """What `draw` puts on a pair of axes, as SVG text."""
    return grid_of(lambda panels: draw(panels[0]), (1, 1), 1, size_in)


def grid_of(draw: Any, shape: tuple[int, int], count: int, size_in: tuple[float, float], x_label: str = "") -> str:
    """What `draw` puts on the first `count` of rows x columns of axes, as SVG text; `x_label` under all of them."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=size_in, layout="constrained")
        FigureCanvasSVG(figure)
        draw([figure.add_subplot(*shape, k + 1) for k in range(count)])
        if x_label:
            figure.supxlabel(x_label, fontsize=9)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None}, transparent=True)
    return stream.getvalue()
