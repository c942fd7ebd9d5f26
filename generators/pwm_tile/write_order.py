"""In which order the bits of a tile are written: a row at a time, through one shift register.

The stages of the register stand below the columns, one row of them for each bit of a weight, and the register winds
through these rows. The bit that is shifted in last lies in the first stage. Rows and columns count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from analoom.cells.pulse_width.circuits import BITS

from .spec import PwmTileSpec


class WeightBit(NamedTuple):
    """A stored bit: bits 0 to 2 are the magnitude of the weight, bit 3 is high for a negative one."""

    row: int
    col: int
    bit: int


class Stage(NamedTuple):
    """A stage of the register: the bit lines that it drives."""

    col: int
    bit: int


@dataclass(frozen=True)
class WriteWord:
    """What is shifted in before the row `row` is written, the first bit first."""

    row: int
    bits: tuple[WeightBit, ...]


def stages(spec: PwmTileSpec) -> tuple[Stage, ...]:
    """The stages from `din` on: the register runs to the right below the columns, back, and so on."""
    found: list[Stage] = []
    for fold, bit in enumerate(BITS):
        cols = range(spec.cols)
        found += (Stage(col, bit) for col in (reversed(cols) if fold % 2 else cols))
    return tuple(found)


def write_words(spec: PwmTileSpec) -> tuple[WriteWord, ...]:
    """The words in rising order of their rows; each is shifted in whole, then `we` is raised at its address."""
    chain = tuple(reversed(stages(spec)))
    return tuple(WriteWord(row, tuple(WeightBit(row, *stage) for stage in chain)) for row in range(spec.rows))


def write_order(spec: PwmTileSpec) -> tuple[WeightBit, ...]:
    """Every stored bit once in the order in which they are shifted in."""
    return tuple(bit for word in write_words(spec) for bit in word.bits)
