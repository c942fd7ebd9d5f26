"""How the bits of a weight are stacked below its capacitors, and the order in which the shift chain visits them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class BitGrid:
    """`rows` x `cols` slots for the bits of one tile; row 0 is the lowest, column 0 the left one.

    The sign has slot (0, 0), magnitude bit k comes k + 1 slots later; slots left over only hand the chain on.
    """

    bits: int
    rows: int
    cols: int

    def bit(self, row: int, col: int) -> int | None:
        """The bit at a slot, the sign being `bits` - 1; None for a slot left over."""
        slot = row * self.cols + col
        return None if slot >= self.bits else slot - 1 if slot else self.bits - 1

    def row(self, bit: int) -> int:
        """The row of a bit's slot."""
        return (bit + 1) % self.bits // self.cols

    def col(self, bit: int) -> int:
        """The column of a bit's slot."""
        return (bit + 1) % self.bits % self.cols

    def from_left(self, output: int, row: int) -> bool:
        """Which way the chain runs through a row of slots: it turns at each end of the array."""
        return (output * self.rows + row) % 2 == 0

    def order(self, inputs: int, outputs: int) -> Iterator[tuple[int, int, int]]:
        """(output, input, bit) from din to dout."""
        for output in range(outputs):
            for row in range(self.rows):
                slots = [(i, self.bit(row, c)) for i in range(inputs) for c in range(self.cols)]
                for i, bit in slots if self.from_left(output, row) else reversed(slots):
                    if bit is not None:
                        yield output, i, bit
