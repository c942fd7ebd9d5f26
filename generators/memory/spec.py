"""What an array of latches is: its size, its latch, and what comes out of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from analoom.cells.memory.latch import LatchSpec
from analoom.cells.memory.plan import LINES
from analoom.cells.model.cell import Spec
from analoom.pdk.errors import SpecError

LAYERS = 2
"""Levels of wires that take the bits out: met3 and met4."""
MOST_OUT = LAYERS * LINES
"""Bits of a column that can come out: a wire each, side by side over the width of a latch."""


class LatchArraySpec(Spec):
    """The bits are no part of it: they are written."""

    rows: int = Field(8, ge=1, le=MOST_OUT, description="rows, each with a word line")
    cols: int = Field(8, ge=1, le=64, description="columns, each with a pair of bit lines")
    latch: Annotated[LatchSpec, Field(description="the latch")] = LatchSpec()
    complement: bool = Field(False, description="the complement of every bit comes out beside it")
    drivers: bool = Field(True, description="a shift register drives the bit lines, a decoder the word lines")

    @model_validator(mode="after")
    def _comes_out(self) -> Self:
        most = MOST_OUT // len(self.nodes)
        if self.rows > most:
            bound = f"at most {most}: {LINES} wires fit side by side over a latch, on each of met3 and met4"
            raise SpecError("rows", self.rows, bound, fix=most)
        return self

    @property
    def nodes(self) -> tuple[str, ...]:
        """What comes out of each latch."""
        return ("q", "qb") if self.complement else ("q",)

    @property
    def address_bits(self) -> int:
        """Pairs of address lines."""
        return max(1, (self.rows - 1).bit_length())
