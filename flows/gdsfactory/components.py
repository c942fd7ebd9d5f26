"""Registered cells as gdsfactory components: the same drawing, a port at every place where a wire can leave a pin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gdsfactory as gf
import kfactory as kf
import klayout.db as kdb

from analoom.cells.model.cell import Cell, Pin
from analoom.cells.model.functions import dress
from analoom.cells.model.obstacles import metal
from analoom.cells.model.registry import Entry
from analoom.pdk.units import GRID_NM, to_um
from analoom.pdk.wire_levels import LEVELS

ANGLES = {"left": 180, "right": 0, "bottom": 270, "top": 90}
_COMPONENTS: dict[str, gf.Component] = {}
_COPIED: dict[str, kdb.Cell] = {}
"""Cells that came with one above them, no components yet; a second copy of their name is refused."""


def component_function(entry: Entry) -> Callable[..., gf.Component]:
    """The factory of a cell: its fields as keywords."""

    def component(**fields: Any) -> gf.Component:
        return to_component(entry.build(entry.spec_type.parse(fields)), entry.name)

    dress(component, entry, gf.Component)
    return component


def to_component(cell: Cell, name: str = "") -> gf.Component:
    """`cell` as a Component of gdsfactory's layout; the same object for the same cell.

    `name` is that of the registered function, by which a netlist of gdsfactory's tells what the component is.
    """
    component = _COMPONENTS.get(cell.name)
    if component is None or component.kdb_cell._destroyed():  # by gdsfactory's clear_cache
        component = _COMPONENTS[cell.name] = _drawn(cell)
    component.function_name = name or component.function_name
    return component


def port_names(cell: Cell) -> dict[str, str]:
    """The pin that each port belongs to."""
    return {name: pin.name for name, pin, _ in _exits(cell)}


def _drawn(cell: Cell) -> gf.Component:
    copied = _COPIED.pop(cell.name, None)
    if copied is not None and not copied._destroyed():
        component = gf.Component(kdb_cell=copied)
    else:
        component = gf.Component(cell.name)
        component.kdb_cell.copy_tree(cell.layout)
        _COPIED.update(_below(component.kdb_cell))
    component.base.settings = kf.settings.KCellSettings(**cell.spec.model_dump(mode="json"))
    for name, pin, side in _exits(cell):
        _add_port(component, name, pin, side)
    return component


def _below(drawn: kdb.Cell) -> dict[str, kdb.Cell]:
    """The cells below a copied one by name; klayout gives those that were copied before a `$` in their name."""
    layout = drawn.layout()
    below = {layout.cell(index).name: layout.cell(index) for index in drawn.called_cells()}
    return {name: child for name, child in below.items() if "$" not in name}


def _exits(cell: Cell) -> Iterator[tuple[str, Pin, str]]:
    """Each place of a pin with the sides to which a wire can leave, the nearest first: `d`, `d_right`, `s_2`, ..."""
    used: dict[str, int] = {}
    for pin in cell.pins:
        count = used[pin.name] = used.get(pin.name, 0) + 1
        place = pin.name if count == 1 else f"{pin.name}_{count}"
        first, *others = sides(cell, pin)
        yield place, pin, first
        yield from ((f"{place}_{side}", pin, side) for side in others)


def sides(cell: Cell, pin: Pin) -> list[str]:
    """Where a wire as wide as the pin's shorter side can leave it straight to the cell's border, the nearest first.

    A pin that no wire can leave on its own layer has the border that it is nearest to.
    """
    distances = _distances(pin.box, cell.bbox_nm)
    near = sorted(distances, key=lambda side: distances[side])
    return [side for side in near if _is_free(cell, pin, side)] or near[:1]


def _distances(box: kdb.Box, whole: kdb.Box) -> dict[str, int]:
    return {
        "left": box.left - whole.left,
        "right": whole.right - box.right,
        "bottom": box.bottom - whole.bottom,
        "top": whole.top - box.top,
    }


def _is_free(cell: Cell, pin: Pin, side: str) -> bool:
    """Whether nothing but the pin's own metal lies within the least distance of the way out."""
    way = _way(pin, side, cell.bbox_nm).enlarged(*_beside(side, LEVELS[pin.layer].space_nm - 1))
    around = metal(cell.layout, pin.layer, kdb.Region(way))
    return around.not_interacting(kdb.Region(pin.box)).is_empty()


def _way(pin: Pin, side: str, whole: kdb.Box) -> kdb.Box:
    """The straight way from the middle of the pin's edge to the cell's border, as wide as a port there."""
    (x, y), half = _centre(pin, side), _width_nm(pin) // 2
    return {
        "left": kdb.Box(whole.left, y - half, x, y + half),
        "right": kdb.Box(x, y - half, whole.right, y + half),
        "bottom": kdb.Box(x - half, whole.bottom, x + half, y),
        "top": kdb.Box(x - half, y, x + half, whole.top),
    }[side]


def _beside(side: str, space_nm: int) -> tuple[int, int]:
    return (0, space_nm) if side in ("left", "right") else (space_nm, 0)


def _width_nm(pin: Pin) -> int:
    """The shorter side of the pin, such that both edges of a wire lie on the grid."""
    return min(pin.box.width(), pin.box.height()) // (2 * GRID_NM) * 2 * GRID_NM


def _centre(pin: Pin, side: str) -> tuple[int, int]:
    """The middle of an edge of the pin, on the grid."""
    box, middle = pin.box, pin.box.center()
    x = {"left": box.left, "right": box.right}.get(side, middle.x // GRID_NM * GRID_NM)
    y = {"bottom": box.bottom, "top": box.top}.get(side, middle.y // GRID_NM * GRID_NM)
    return x, y


def _add_port(component: gf.Component, name: str, pin: Pin, side: str) -> None:
    x, y = _centre(pin, side)
    component.add_port(
        name=name,
        center=(to_um(x), to_um(y)),
        width=to_um(_width_nm(pin)),
        orientation=ANGLES[side],
        layer=pin.layer.value,
        port_type="electrical",
    )
