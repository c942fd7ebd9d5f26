"""The LEF abstract of a cell: its pins, and what its wires block, for placers and routers.

Coordinates are those of the GDS; every number is written with three decimals (shuttle checks read nothing else).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import klayout.db as kdb

from analoom.cells.cell import Cell, Pin
from analoom.cells.draw import layer_index
from analoom.pdk import rules
from analoom.pdk.layers import CONDUCTORS, Layer
from analoom.pdk.units import DBU_UM

from .outputs import write_whole

ROUTING = tuple(layer for layer in CONDUCTORS if layer is not Layer.POLY)
SPACE_NM = {
    Layer.LI1: rules.LI_SPACE.value_nm,
    Layer.MET1: rules.MET1_SPACE.value_nm,
    Layer.MET2: rules.MET2_SPACE.value_nm,
    Layer.MET3: rules.MET3_SPACE.value_nm,
    Layer.MET4: rules.MET4_SPACE.value_nm,
}
"""How far an obstruction stays from a pin, so that a router can reach it."""


def lef_text(cell: Cell) -> str:
    """The LEF of `cell` as text."""
    box = cell.bbox_nm
    lines = ["VERSION 5.8 ;", 'BUSBITCHARS "[]" ;', 'DIVIDERCHAR "/" ;', "", f"MACRO {cell.name}", "  CLASS BLOCK ;"]
    lines += [f"  FOREIGN {cell.name} {_um(box.left)} {_um(box.bottom)} ;"]
    lines += [f"  ORIGIN {_um(-box.left)} {_um(-box.bottom)} ;", f"  SIZE {_um(box.width())} BY {_um(box.height())} ;"]
    for name in dict.fromkeys(pin.name for pin in cell.pins):
        lines += _pin_lines([pin for pin in cell.pins if pin.name == name])
    return "\n".join([*lines, *_obstruction_lines(cell), f"END {cell.name}", "", "END LIBRARY", ""])


def write_lef(cell: Cell, path: Path) -> Path:
    """Writes the LEF of `cell`."""
    return write_whole(path, lef_text(cell))


def _pin_lines(places: list[Pin]) -> list[str]:
    name = places[0].name
    lines = [f"  PIN {name}", "    DIRECTION INOUT ;", f"    USE {places[0].use.upper()} ;"]
    for pin in places:
        lines += ["    PORT", f"      LAYER {pin.layer.name.lower()} ;", f"        {_rect(pin.box)}", "    END"]
    return [*lines, f"  END {name}"]


def _obstruction_lines(cell: Cell) -> list[str]:
    """Every routing layer the cell draws on, blocked over the whole cell but for the ways to its pins."""
    body: list[str] = []
    for layer in ROUTING:
        if cell.layout.bbox(layer_index(layer)).empty():
            continue
        body += [f"    LAYER {layer.name.lower()} ;", *(f"      {_rect(box)}" for box in _blocked(cell, layer))]
    return ["  OBS", *body, "  END"] if body else []


def _blocked(cell: Cell, layer: Layer) -> Iterable[kdb.Box]:
    pins = kdb.Region()
    for pin in cell.pins:
        if pin.layer is layer:
            pins.insert(pin.box)
    free = kdb.Region(cell.bbox_nm) - pins.sized(SPACE_NM.get(layer, 0))
    return [piece.bbox() for piece in free.decompose_trapezoids_to_region(kdb.Polygon.TD_htrapezoids).each()]


def _rect(box: kdb.Box) -> str:
    return f"RECT {_um(box.left)} {_um(box.bottom)} {_um(box.right)} {_um(box.top)} ;"


def _um(value_nm: int) -> str:
    return f"{value_nm * DBU_UM:.3f}"
