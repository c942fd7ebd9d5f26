"""Plots of a compiled network: what each die reaches, by kind of weights; what each source costs; mistakes by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analoom.flows.report.plots import svg_of

COLOURS = {"unaware": "#9aa0a6", "aware": "#188038", "other_die": "#d93025"}
WORDS = {"unaware": "any die", "aware": "this die", "other_die": "another die"}
SIZE_IN = (5.6, 2.6)
SQUARE_IN = (3.2, 3.0)
SPREAD = 0.22
"""How far points of one kind lie apart."""
MOST_NUMBERED = 12
"""Classes up to which a square of the confusion matrix says its number."""


def dies_plot(accuracies: Mapping[str, Sequence[float]], software: float) -> str:
    """Every die's accuracy as a point, by the kind of its weights, the mean as a line, that of the software dashed."""

    def draw(axes: Any) -> None:
        rng = np.random.default_rng(1)
        for k, (kind, values) in enumerate(accuracies.items()):
            at = k + SPREAD * rng.uniform(-1, 1, len(values))
            axes.plot(at, 100 * np.asarray(values), ".", color=COLOURS[kind], markersize=4, alpha=0.7)
            axes.hlines(100 * float(np.mean(values)), k - 0.35, k + 0.35, color=COLOURS[kind], linewidth=2)
        axes.axhline(100 * software, color="#3c4043", linewidth=1, linestyle="--")
        axes.set_xticks(range(len(accuracies)), [f"trained for {WORDS[kind]}" for kind in accuracies])
        axes.set_ylabel("accuracy (%)")

    return svg_of(draw, SIZE_IN)


def losses_plot(losses: Mapping[str, float]) -> str:
    """Points of accuracy lost by source, bars."""

    def draw(axes: Any) -> None:
        names = list(losses)[::-1]
        axes.set_axisbelow(True)
        axes.barh([name.replace("_", " ") for name in names], [100 * losses[n] for n in names], color="#1a73e8")
        axes.axvline(0, color="#3c4043", linewidth=0.8)
        axes.set_xlabel("points of accuracy lost")

    return svg_of(draw, SIZE_IN)


def confusion_plot(counts: Sequence[Sequence[int]]) -> str:
    """Shares of each class by what dies say, shades, with numbers where there is room."""
    whole = np.asarray(counts, dtype=float)
    shares = 100 * whole / np.maximum(whole.sum(axis=1, keepdims=True), 1)

    def draw(axes: Any) -> None:
        axes.grid(False)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=100)
        axes.set_xticks(range(len(shares)))
        axes.set_yticks(range(len(shares)))
        axes.set_xlabel("what dies say")
        axes.set_ylabel("class")
        for (row, col), share in np.ndenumerate(shares) if len(shares) <= MOST_NUMBERED else ():
            colour = "white" if share > 55 else "#202124"
            axes.text(col, row, f"{share:.0f}" if share >= 0.5 else "", ha="center", va="center", color=colour, size=8)

    return svg_of(draw, SQUARE_IN)
