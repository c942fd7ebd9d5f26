"""The LEF abstract of a cell: its pins, and what its wires block, for placers and routers.

Coordinates are those of the GDS; every number is written with three decimals (shuttle checks read nothing else).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.abstract import Abstract
from analoom.cells.model.cell import Cell
from analoom.cells.model.obstacles import Blockage
from analoom.flows.files.outputs import write_whole
from analoom.pdk.units import DBU_UM
from analoom.pdk.wire_levels import LEVELS

from .port_names import Port, ports_of

HEAD = ("VERSION 5.8 ;", 'BUSBITCHARS "[]" ;', 'DIVIDERCHAR "/" ;', "")


def lef_text(cell: Cell) -> str:
    """The LEF of `cell` as text. Raises InputError for names that LEF cannot hold."""
    ports, box = ports_of(cell), cell.bbox_nm
    abstract = cell.abstract
    held = [abstract.blocked(layer) for layer in abstract.layers]
    lines = [*HEAD, *_keep_out(held), f"MACRO {cell.name}", "  CLASS BLOCK ;"]
    lines += [f"  FOREIGN {cell.name} {_um(box.left)} {_um(box.bottom)} ;"]
    lines += [f"  ORIGIN {_um(-box.left)} {_um(-box.bottom)} ;", f"  SIZE {_um(box.width())} BY {_um(box.height())} ;"]
    lines += ["  SYMMETRY X Y R90 ;"]
    for port in ports:
        lines += _pin_lines(port, abstract)
    lines += ["  OBS", *(line for one in held for line in _blocked_lines(one)), "  END"] if held else []
    return "\n".join([*lines, f"END {cell.name}", "", "END LIBRARY", ""])


def write_lef(cell: Cell, path: Path) -> Path:
    """Writes the LEF of `cell`."""
    return write_whole(path, lef_text(cell))


def _pin_lines(port: Port, abstract: Abstract) -> list[str]:
    lines = [f"  PIN {port.name}", f"    DIRECTION {port.direction.upper()} ;", f"    USE {port.use.upper()} ;"]
    for pin in port.places:
        spacing = _spacing(abstract.keep_off_nm(pin))
        lines += [
            "    PORT",
            f"      LAYER {pin.layer.name.lower()}{spacing} ;",
            f"        {_rect(pin.box)}",
            "    END",
        ]
    return [*lines, f"  END {port.name}"]


def _blocked_lines(blockage: Blockage) -> Iterator[str]:
    layer = blockage.layer
    yield f"    LAYER {layer.name.lower()}{_spacing(blockage.space_nm)} ;"
    yield from (f"      {_rect(box)}" for box in blockage.boxes)
    if blockage.wires:
        yield f"    LAYER {layer.name.lower()}{_spacing(LEVELS[layer].space_nm)} ;"
        yield from (f"      {_rect(box)}" for box in blockage.wires)


def _spacing(space_nm: int | None) -> str:
    return f" SPACING {_um(space_nm)}" if space_nm else ""


def _keep_out(held: list[Blockage]) -> Iterator[str]:
    """LEF cannot keep foreign wires off a plate that is a pin's own net: said in words, for the halo of the placer."""
    for blockage in held:
        if blockage.halo_nm:
            yield f"# keep {blockage.layer.name.lower()} of other nets {_um(blockage.halo_nm)} um off this cell (halo)"


def _rect(box: kdb.Box) -> str:
    return f"RECT {_um(box.left)} {_um(box.bottom)} {_um(box.right)} {_um(box.top)} ;"


def _um(value_nm: int) -> str:
    return f"{value_nm * DBU_UM:.3f}"
