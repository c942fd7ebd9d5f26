"""The LEF abstract of a cell: its pins, and what its wires block, for placers and routers.

Coordinates are those of the GDS; every number is written with three decimals (shuttle checks read nothing else).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Pin
from analoom.flows.files.outputs import write_whole
from analoom.pdk.units import DBU_UM

from .lef_blockage import ROOM_NM, SPACE_NM, Blockage, blockages, on_wide_metal
from .port_names import Port, ports_of

HEAD = ("VERSION 5.8 ;", 'BUSBITCHARS "[]" ;', 'DIVIDERCHAR "/" ;', "")


def lef_text(cell: Cell) -> str:
    """The LEF of `cell` as text. Raises InputError for names that LEF cannot hold."""
    ports, box = ports_of(cell), cell.bbox_nm
    held = list(blockages(cell, ports))
    lines = [*HEAD, *_keep_out(held, ports), f"MACRO {cell.name}", "  CLASS BLOCK ;"]
    lines += [f"  FOREIGN {cell.name} {_um(box.left)} {_um(box.bottom)} ;"]
    lines += [f"  ORIGIN {_um(-box.left)} {_um(-box.bottom)} ;", f"  SIZE {_um(box.width())} BY {_um(box.height())} ;"]
    lines += ["  SYMMETRY X Y R90 ;"]
    wide = _on_wide(cell)
    for port in ports:
        lines += _pin_lines(port, wide)
    lines += ["  OBS", *(line for one in held for line in _blocked_lines(one, ports, wide)), "  END"] if held else []
    return "\n".join([*lines, f"END {cell.name}", "", "END LIBRARY", ""])


def write_lef(cell: Cell, path: Path) -> Path:
    """Writes the LEF of `cell`."""
    return write_whole(path, lef_text(cell))


def _on_wide(cell: Cell) -> set[Pin]:
    by_layer = [(layer, [pin for pin in cell.pins if pin.layer is layer]) for layer in ROOM_NM]
    return set().union(*(on_wide_metal(cell, layer, pins) for layer, pins in by_layer))


def _pin_lines(port: Port, wide: set[Pin]) -> list[str]:
    lines = [f"  PIN {port.name}", "    DIRECTION INOUT ;", f"    USE {port.use.upper()} ;"]
    for pin in port.places:
        spacing = _spacing(ROOM_NM[pin.layer] if pin in wide else None)
        lines += [
            "    PORT",
            f"      LAYER {pin.layer.name.lower()}{spacing} ;",
            f"        {_rect(pin.box)}",
            "    END",
        ]
    return [*lines, f"  END {port.name}"]


def _blocked_lines(blockage: Blockage, ports: tuple[Port, ...], wide: set[Pin]) -> Iterator[str]:
    layer, space_nm = blockage.layer, blockage.space_nm
    if _has_pins(blockage, ports):
        space_nm = ROOM_NM[layer] if any(pin.layer is layer for pin in wide) else None
    yield f"    LAYER {layer.name.lower()}{_spacing(space_nm)} ;"
    yield from (f"      {_rect(box)}" for box in blockage.boxes)
    if blockage.wires:
        yield f"    LAYER {layer.name.lower()}{_spacing(SPACE_NM[layer])} ;"
        yield from (f"      {_rect(box)}" for box in blockage.wires)


def _spacing(space_nm: int | None) -> str:
    return f" SPACING {_um(space_nm)}" if space_nm else ""


def _keep_out(held: list[Blockage], ports: tuple[Port, ...]) -> Iterator[str]:
    """LEF cannot keep foreign wires off a plate that is a pin's own net: said in words, for the halo of the placer."""
    for blockage in held:
        if blockage.space_nm and _has_pins(blockage, ports):
            yield f"# keep {blockage.layer.name.lower()} of other nets {_um(blockage.space_nm)} um off this cell (halo)"


def _has_pins(blockage: Blockage, ports: tuple[Port, ...]) -> bool:
    return any(pin.layer is blockage.layer for port in ports for pin in port.places)


def _rect(box: kdb.Box) -> str:
    return f"RECT {_um(box.left)} {_um(box.bottom)} {_um(box.right)} {_um(box.top)} ;"


def _um(value_nm: int) -> str:
    return f"{value_nm * DBU_UM:.3f}"
