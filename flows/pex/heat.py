"""Heat maps of a layout: every conductor coloured by its resistance to the pin, or by its net's capacitance.

Resistance is the DC one from the first pin of a net to the place; nets without a pin in the top cell are left grey.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import write_whole
from analoom.flows.pex.parasitics.record import Parasitics
from analoom.flows.pex.resistance.network import RcNetwork, rc_network
from analoom.flows.pex.resistance.solve import resistance_ohm
from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.flows.pex.shapes.names import net_names
from analoom.flows.pex.shapes.read import shapes_of
from analoom.pdk.wire_resistance import wire_resistance
from analoom.pdk.wires import Array

SIZE_IN = (7.2, 5.4)
DPI = 110
GREY = "#d5d8dc"


@dataclass(frozen=True)
class HeatMap:
    """`boxes` (n, 6) as in `Shapes`, lowest level first; `values` (n,) in `unit`, nan where there is none."""

    boxes: Ints
    values: Array
    unit: str
    title: str


def resistance_map(source: LayoutSource, corner: str = "typical") -> HeatMap:
    """Ohm from the first pin of each net to every piece of its wires, at a wire corner."""
    network = rc_network(source, wire_resistance(corner))
    ohm = np.full(len(network.net), np.nan)
    for start in _first_pins(network):
        nodes = np.nonzero(network.net == network.net[start])[0]
        inside = np.isin(network.a, nodes) & np.isin(network.b, nodes)
        a, b, values = network.a[inside], network.b[inside], network.ohm[inside]
        found = resistance_ohm(a, b, values, start, nodes)
        ohm[nodes] = np.where(np.isfinite(found), found, np.nan)
    boxes = _drawn(network.boxes)
    return HeatMap(boxes, ohm[boxes[:, 1]], "ohm", "resistance from the pin of the net")


def _first_pins(network: RcNetwork) -> list[int]:
    """The node of the first label of each net but the substrate's."""
    first: dict[int, int] = {}
    for _, node in network.labels:
        first.setdefault(int(network.net[node]), node)
    return [node for net, node in first.items() if net != network.net[0]]


def capacitance_map(source: LayoutSource, parasitics: Parasitics) -> HeatMap:
    """fF of the net every conductor belongs to: to the substrate and all other nets together."""
    shapes = shapes_of(source)
    names = net_names(source, shapes)
    total = [parasitics.nets[n].total_f * 1e15 if n in parasitics.nets else np.nan for n in names]
    boxes = _drawn(shapes.boxes)
    values = np.array(total)[boxes[:, 1]]
    values[boxes[:, 1] == shapes.substrate] = np.nan
    return HeatMap(boxes, values, "fF", "capacitance of the net")


def _drawn(boxes: Ints) -> Ints:
    """The conductors above the silicon's field, from the lowest level up."""
    found = boxes[boxes[:, 0] != Level.FIELD]
    return found[np.argsort(found[:, 0], kind="stable")]


def write_heat(heat: HeatMap, path: Path) -> Path:
    """The map as a PNG file."""
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, layout="constrained", dpi=DPI)
    FigureCanvasAgg(figure)
    _draw(heat, figure)
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return write_whole(path, held.getvalue())


def _draw(heat: HeatMap, figure: Any) -> None:
    from matplotlib.collections import PolyCollection

    left, bottom, right, top = (heat.boxes[:, k] / 1000 for k in (2, 3, 4, 5))
    corners = np.stack(
        [np.stack(p, axis=1) for p in ((left, bottom), (right, bottom), (right, top), (left, top))], axis=1
    )
    axes = figure.add_subplot()
    drawn = PolyCollection(
        list(corners), array=np.ma.masked_invalid(heat.values), cmap="inferno", linewidths=0, alpha=0.75
    )
    drawn.set_cmap(drawn.get_cmap().with_extremes(bad=GREY))
    axes.add_collection(drawn)
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_xlabel("um")
    axes.set_title(heat.title, loc="left", fontsize=10)
    figure.colorbar(drawn, ax=axes, label=heat.unit)
