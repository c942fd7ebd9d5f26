"""In which order the bits of a network are written: a row of all layers at a time, through one shift register.

The stages of the register stand below the columns, one row of them for each bit of a weight, and the register winds
through these rows. The bit that is shifted in last lies in the first stage. Inputs, outputs and layers count from 0;
the bias is the last input of a layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from analoom.cells.current_mode.circuits import BITS

from .spec import CurrentNetworkSpec


class WeightBit(NamedTuple):
    """A stored bit: bits 0 to 2 are the magnitude of the weight, bit 3 is high for a negative one."""

    layer: int
    output: int
    input: int
    bit: int


class Stage(NamedTuple):
    """A stage of the register: the bit lines that it drives."""

    layer: int
    output: int
    bit: int


@dataclass(frozen=True)
class WriteWord:
    """What is shifted in before the row `row` is written, the first bit first; None where the row has no such latch."""

    row: int
    bits: tuple[WeightBit | None, ...]


def stages(spec: CurrentNetworkSpec) -> tuple[Stage, ...]:
    """The stages from `din` on: the register runs to the right below the columns of all layers, back, and so on."""
    columns = [(k, output) for k, layer in enumerate(spec.layers) for output in range(layer.cols)]
    found: list[Stage] = []
    for fold, bit in enumerate(BITS):
        found += (Stage(*column, bit) for column in (columns[::-1] if fold % 2 else columns))
    return tuple(found)


def write_words(spec: CurrentNetworkSpec) -> tuple[WriteWord, ...]:
    """The words in rising order of their rows; each is shifted in whole, then `we` is raised at its address."""
    chain = stages(spec)
    return tuple(WriteWord(row, tuple(_bit(spec, stage, row) for stage in reversed(chain))) for row in range(spec.rows))


def write_order(spec: CurrentNetworkSpec) -> tuple[WeightBit, ...]:
    """Every stored bit once, (layer, output, input, bit), in the order in which they are shifted in."""
    return tuple(bit for word in write_words(spec) for bit in word.bits if bit is not None)


def _bit(spec: CurrentNetworkSpec, stage: Stage, row: int) -> WeightBit | None:
    return WeightBit(stage.layer, stage.output, row, stage.bit) if row < spec.layers[stage.layer].rows else None
