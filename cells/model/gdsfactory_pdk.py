"""analoom's cells for people who live in gdsfactory: components with ports, and a Pdk that holds every registered cell.

Importing this module imports gdsfactory (2 s); nothing else of analoom does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import gdsfactory as gf
import klayout.db as kdb

from .cell import Cell, Pin
from .registry import build, entries

_ANGLES = {"right": 0, "top": 90, "left": 180, "bottom": 270}


@cache
def pdk() -> gf.Pdk:
    """A Pdk with a factory for every registered cell.

    `pdk().activate()`, then `gf.get_component("matched_pair", w=4)`.
    """
    return gf.Pdk(name="analoom_sky130", cells={name: _factory(name) for name in entries()})


def to_component(cell: Cell) -> gf.Component:
    """`cell` as a Component of gdsfactory's layout, ports from its pins; the same object for the same cell."""
    if cell.name not in _COMPONENTS:
        component = _COMPONENTS[cell.name] = gf.Component(cell.name)
        component.kdb_cell.copy_tree(cell.layout)
        _add_ports(component, cell)
    return _COMPONENTS[cell.name]


_COMPONENTS: dict[str, gf.Component] = {}


def _factory(name: str) -> Callable[..., gf.Component]:
    def component(**fields: Any) -> gf.Component:
        return to_component(build(name, fields))

    component.__name__ = name
    component.__doc__ = entries()[name].summary
    return component


def _add_ports(component: gf.Component, cell: Cell) -> None:
    used: dict[str, int] = {}
    for pin in cell.pins:
        count = used[pin.name] = used.get(pin.name, 0) + 1
        _add_port(component, pin, pin.name if count == 1 else f"{pin.name}_{count}", cell.bbox_nm)


def _add_port(component: gf.Component, pin: Pin, name: str, bbox: kdb.Box) -> None:
    """A port in the middle of the pin's edge that is nearest to the cell's border, facing out."""
    side = _nearest_side(pin.box, bbox)
    box, centre = pin.box, pin.box.center()
    across = box.height() if side in ("left", "right") else box.width()
    x = {"left": box.left, "right": box.right}.get(side, centre.x)
    y = {"bottom": box.bottom, "top": box.top}.get(side, centre.y)
    component.add_port(
        name=name,
        center=(x / 1000, y / 1000),
        width=across // 2 * 2 / 1000,
        orientation=_ANGLES[side],
        layer=pin.layer.value,
        port_type="electrical",
    )


def _nearest_side(box: kdb.Box, bbox: kdb.Box) -> str:
    distances = {
        "left": box.left - bbox.left,
        "right": bbox.right - box.right,
        "bottom": box.bottom - bbox.bottom,
        "top": bbox.top - box.top,
    }
    return min(distances, key=lambda side: distances[side])
