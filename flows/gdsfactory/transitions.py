"""What gdsfactory's routers put between a port and a wire of another metal or width: vias, or a step."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import gdsfactory as gf
import klayout.db as kdb

from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.parts.via_stack import draw_stack, pad_size
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_um
from analoom.pdk.wire_levels import LEVELS

from .layer_map import LAYERS

STEP_NM = 200
"""Length of a step from one width to another."""

Transition = Callable[..., gf.Component]


def transitions() -> dict[Any, Transition]:
    """One for each metal and each two metals, as `layer_transitions` of a Pdk: called with both widths in um."""
    steps: dict[Any, Transition] = {getattr(LAYERS, layer.name): _step(layer) for layer in LEVELS}
    stacks = {
        (getattr(LAYERS, low.name), getattr(LAYERS, high.name)): _stack(low, high)
        for low, high in combinations(LEVELS, 2)
    }
    return steps | stacks


def _step(layer: Layer) -> Transition:
    def step(width1: float = 0.3, width2: float = 0.3) -> gf.Component:
        """A piece of metal as wide as the narrower of two wires (um)."""
        component = gf.Component()
        half, length = min(width1, width2) / 2, to_um(STEP_NM)
        component.add_polygon([(0, -half), (length, -half), (length, half), (0, half)], layer=layer.value)
        _ports(component, (layer, width1), (layer, width2), length)
        return component

    return _named(step, f"step_{layer.name.lower()}")


def _stack(low: Layer, high: Layer) -> Transition:
    def stack(width1: float = 0.3, width2: float = 0.3) -> gf.Component:
        """Vias from a wire of the lower metal to one of the higher (widths in um), single cuts."""
        component, length = gf.Component(), to_um(_length_nm(low, high))
        component.kdb_cell.copy_tree(_drawn(low, high))
        _ports(component, (low, width1), (high, width2), length)
        return component

    return _named(stack, f"via_{low.name.lower()}_{high.name.lower()}")


@cache
def _drawn(low: Layer, high: Layer) -> kdb.Cell:
    """The stack in the middle of pads from end to end, so that no notch is left beside what it meets."""
    drawing, length_nm = Drawing(f"gdsfactory_via_{low.name.lower()}_{high.name.lower()}"), _length_nm(low, high)
    draw_stack(drawing, length_nm // 2, 0, low, high, ends="h")
    for layer in _metals(low, high):
        half = pad_size(layer, low, high)[0] // 2
        drawing.box(layer, 0, -half, length_nm, half)
    return drawing.cell


def _metals(low: Layer, high: Layer) -> list[Layer]:
    """Both metals and those between, from the bottom up."""
    order = list(LEVELS)
    return order[order.index(low) : order.index(high) + 1]


def _length_nm(low: Layer, high: Layer) -> int:
    """As long as the longest pad; pads between, which lie on nothing else, have the least area of their rule."""
    metals = _metals(low, high)
    pads = {layer: pad_size(layer, low, high) for layer in metals}
    areas = [int(LEVELS[layer].area_nm2) // pads[layer][0] + 1 for layer in metals[1:-1]]
    return snap_up(max([long for _, long in pads.values()] + areas) + CUT_GRID_NM, 2 * CUT_GRID_NM)


def _ports(component: gf.Component, one: tuple[Layer, float], other: tuple[Layer, float], length: float) -> None:
    for name, x, angle, (layer, width) in (("e1", 0.0, 180.0, one), ("e2", length, 0.0, other)):
        component.add_port(
            name, center=(x, 0.0), width=width, orientation=angle, layer=layer.value, port_type="electrical"
        )


def _named(function: Callable[..., gf.Component], name: str) -> Transition:
    function.__name__ = function.__qualname__ = name
    made: Transition = gf.cell(function)
    return made
