"""Heat maps of a crossbar of any size, one pixel a synapse: from the ladders of its lines."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analoom.flows.files.outputs import write_whole
from analoom.pdk.wires import Array

from .ladders import Ladder, Ladders

SIZE_IN = (7.2, 5.4)
DPI = 110


@dataclass(frozen=True)
class ArrayMap:
    """`values` (rows, cols) in `unit`, row 0 at the bottom."""

    values: Array
    unit: str
    title: str


def signal_ladders(ladders: Ladders) -> dict[str, Ladder]:
    """The lines that are driven at a pin of their own, by name."""
    return {name: ladder for name, ladder in ladders.lines.items() if ladder.driven_at == "first"}


def array_maps(ladders: Ladders) -> dict[str, ArrayMap]:
    """By resistance: the largest from a pin to a device of the synapse. By capacitance: of all its pieces of line."""
    signals = signal_ladders(ladders).values()
    ohm = np.max([_by_place(x, x.ohm_to_taps()) for x in signals], axis=0)
    femto = np.sum([_by_place(x, x.total_f) for x in signals], axis=0) * 1e15
    return {
        "resistance": ArrayMap(ohm, "ohm", "largest resistance from a pin to the synapse"),
        "capacitance": ArrayMap(femto, "fF", "capacitance of the lines at the synapse"),
    }


def _by_place(ladder: Ladder, values: Array) -> Array:
    return values if ladder.way == "row" else values.T


def write_array_map(found: ArrayMap, path: Path) -> Path:
    """The map as a PNG file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, layout="constrained", dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    drawn = axes.imshow(found.values, origin="lower", aspect="auto", cmap="inferno", interpolation="nearest")
    axes.set_xlabel("column")
    axes.set_ylabel("row")
    axes.set_title(found.title, loc="left", fontsize=10)
    figure.colorbar(drawn, ax=axes, label=found.unit)
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return write_whole(path, held.getvalue())
