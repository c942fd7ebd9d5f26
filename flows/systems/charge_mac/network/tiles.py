"""The cells that a network is drawn as: multipliers side by side, and the parts of neurons as often as there are.

Rows are parted where there are more than a multiplier takes: the outputs of those above each other meet at one neuron,
whose input does not move, so that their charges add. What lies between cells is not drawn, and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.generators.charge_mac.charge_mac import charge_mac
from analoom.generators.charge_mac.spec import ChargeMacSpec

from .spec import BITS, ChargeNetworkSpec

Span = tuple[int, int]
MOST_INPUTS, MOST_OUTPUTS = 64, 8
"""What a multiplier takes, by its spec."""
AMPLIFIER: Mapping[str, Any] = {"auto_zero": True}
COMPARATOR: Mapping[str, Any] = {"auto_zero": True}
LINE_SWITCH: Mapping[str, Any] = {"w": 1.0, "dummy": False}
SWITCHES_A_ROW = 4
"""Of each of a row's two lines one to the level and one to vcm."""


@dataclass(frozen=True)
class Tile:
    """A multiplier and the rows and columns of its layer, from and up to, that it holds."""

    cell: Cell
    rows: Span
    cols: Span


def tiles(spec: ChargeNetworkSpec) -> tuple[tuple[Tile, ...], ...]:
    """The multipliers of each layer, column by column of tiles, the first rows first."""
    return tuple(_layer(spec, rows, cols) for rows, cols in spec.shapes)


def _layer(spec: ChargeNetworkSpec, rows: int, cols: int) -> tuple[Tile, ...]:
    across, down = (_spans(count, most) for count, most in ((cols, MOST_OUTPUTS), (rows, MOST_INPUTS)))
    return tuple(Tile(charge_mac(_tile_spec(spec, r, c)), r, c) for c in across for r in down)


def _tile_spec(spec: ChargeNetworkSpec, rows: Span, cols: Span) -> ChargeMacSpec:
    return ChargeMacSpec(bits=BITS, inputs=rows[1] - rows[0], outputs=cols[1] - cols[0], unit=spec.unit)


def _spans(count: int, most: int) -> list[Span]:
    """`count` in parts of at most `most`, as even as they can be."""
    edges = np.linspace(0, count, ceil(count / most) + 1).round().astype(int)
    return [(int(a), int(b)) for a, b in pairwise(edges)]


@cache
def amplifier() -> Cell:
    """Of a neuron: an opamp that stores its offset before each sum."""
    return build("opamp", **AMPLIFIER)


@cache
def comparator() -> Cell:
    """Of a neuron: tells a hidden one whether it is above nothing, and an output when the ramp passes it."""
    return build("comparator", **COMPARATOR)


@cache
def feedback(spec: ChargeNetworkSpec, layer: int) -> Cell:
    """Of a neuron: the capacitor that takes the charge of a column."""
    return build("cap_array", weights=[spec.units[layer]], unit=spec.unit.model_dump())


def cells(spec: ChargeNetworkSpec) -> list[Cell]:
    """All cells of a network: tiles, the parts of each neuron, the switches of each row's lines, and one ramp."""
    found = [tile.cell for layer in tiles(spec) for tile in layer]
    for k, (_, cols) in enumerate(spec.shapes):
        found += cols * [amplifier(), feedback(spec, k), comparator()]
    rows = sum(rows for rows, _ in spec.shapes)
    return [*found, *(SWITCHES_A_ROW * rows * [build("analog_switch", **LINE_SWITCH)]), build("ramp")]
