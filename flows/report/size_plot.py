"""The plot of mismatch over sizes as SVG text, from its JSON: error against the number of units, both families."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .plots import svg_of

COLOURS = {"continuous": "#1a73e8", "binned": "#d93025"}
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1, 2)))
SIZE = (8.0, 3.4)
"""In inches, the legend beside the plot included."""
MOST = 4
"""So many metrics are drawn, the first ones of the report."""


def size_plot(report: Mapping[str, Any]) -> str:
    """Sigmas that are fractions, in percent; where there are none, those of the first unit."""
    sizes = report["sizes"]
    shown = {name: x["unit"] for name, x in sizes[0]["metrics"].items() if "sigma" in x and "_b" not in name}
    unit = "frac" if "frac" in shown.values() else next(iter(shown.values()))
    names = [name for name, its in shown.items() if its == unit][:MOST]
    scale, label = (100, "%") if unit == "frac" else (1, unit)
    labels = [size["size"] for size in sizes]

    def draw(axes: Any) -> None:
        for family, colour in COLOURS.items():
            for name, dash in zip(names, DASHES, strict=False):
                values = [scale * size["families"][family][name]["sigma"] for size in sizes]
                axes.plot(labels, values, color=colour, linestyle=dash, marker="o", ms=3, label=f"{name}, {family}")
        axes.set_yscale("log")
        axes.set_xlabel(f"size: {report['meaning']}")
        axes.set_ylabel(f"sigma ({label})")
        for axis in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
            axis("{x:.3g}")
        axes.legend(frameon=False, fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))

    return svg_of(draw, SIZE)
