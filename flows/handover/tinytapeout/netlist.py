"""The schematic of a tile, from the assignment and the macro's circuit: nothing of it is read from the layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.generators.shuttle.tile import MACRO
from analoom.pdk.shuttle.tiny_tapeout import TileFrame

from .assignment import Assignment


def ports_of(frame: TileFrame) -> tuple[str, ...]:
    """The ports of a tile: its supplies, then the pins of the frame."""
    return (*frame.supplies, *(pin.name for pin in frame.pins()))


def tile_spice(name: str, frame: TileFrame, macro: Cell, given: Assignment, others: Sequence[Instance]) -> str:
    """The whole netlist of tile `name`; `others` are what stands beside the macro: diodes, capacitors."""
    parts = [SubInstance(MACRO, macro.circuit, dict(given.nets))]
    parts += [SubInstance(one.name, one.cell.circuit, dict(one.nets)) for one in others]
    end, text = f".ends {name}\n", Circuit(name, ports_of(frame), (), tuple(parts)).spice()
    head = f"* {name}: {macro.name} in a tile of Tiny Tapeout; R of 0 ohm: pins that are tied"
    return "\n".join([head, text.removesuffix(end) + "\n".join([*_ties(given.ties), end])])


def _ties(ties: Mapping[str, str]) -> list[str]:
    return [f"Rtie{k} {pin} {supply} 0" for k, (pin, supply) in enumerate(ties.items())]
