"""The abstract of a tile: its pins as they are drawn, all else blocked; every number with three decimals.

Source of the form: what the shuttle reads, `precheck/pin_check.py` of TinyTapeout/tt-support-tools: a rectangle on the
line below its layer, a port for each.
"""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.model.cell import Cell, Pin
from analoom.cells.model.drawing import Box
from analoom.pdk.shuttle.tiny_tapeout import TileFrame
from analoom.pdk.units import DBU_UM

DIRECTIONS = {"input": "INPUT", "output": "OUTPUT", "inout": "INOUT"}


def tile_lef(cell: Cell, frame: TileFrame) -> str:
    """The LEF as text."""
    box, directions = cell.bbox_nm, {pin.name: pin.direction for pin in frame.pins()}
    lines = ["VERSION 5.8 ;", 'BUSBITCHARS "[]" ;', 'DIVIDERCHAR "/" ;', "", f"MACRO {cell.name}", "  CLASS BLOCK ;"]
    lines += [f"  FOREIGN {cell.name} 0.000 0.000 ;", "  ORIGIN 0.000 0.000 ;"]
    lines += [f"  SIZE {_um(box.width())} BY {_um(box.height())} ;"]
    for pin in cell.pins:
        lines += _pin(pin, DIRECTIONS[directions.get(pin.name, "inout")])
    lines += ["  OBS", *(line for layer in ("met1", "met2", "met3", "met4") for line in _blocked(layer, box)), "  END"]
    return "\n".join([*lines, f"END {cell.name}", "", "END LIBRARY", ""])


def _pin(pin: Pin, direction: str) -> list[str]:
    return [
        f"  PIN {pin.name}",
        f"    DIRECTION {direction} ;",
        f"    USE {pin.use.upper()} ;",
        "    PORT",
        f"      LAYER {pin.layer.name.lower()} ;",
        f"        {_rect(pin.box)}",
        "    END",
        f"  END {pin.name}",
    ]


def _blocked(layer: str, box: Box) -> Iterator[str]:
    yield f"    LAYER {layer} ;"
    yield f"      {_rect(box)}"


def _rect(box: Box) -> str:
    return f"RECT {_um(box.left)} {_um(box.bottom)} {_um(box.right)} {_um(box.top)} ;"


def _um(value_nm: int) -> str:
    return f"{value_nm * DBU_UM:.3f}"
