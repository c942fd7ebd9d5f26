"""A row of a crossbar to be written, its state while that happens, and the record of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.crossbar.solver.lines import Lines

from .stored_charge import StoredCharge
from .table import WriteTable

Values = NDArray[np.float64]


@dataclass(frozen=True)
class WrittenRow:
    """What is solved: row `row` of an array of (rows, cols).

    `word` is one line (1, cols), `bits` (cols, rows); `word_f` (cols,) and `bits_f` (cols, rows) their capacitances to
    what rests; `word_bit_f`, `word_stored_f`, `bit_stored_f` (cols,) the couplings in that row. `follow` (cols, rows)
    is the share of a bit line's move that a stored node of another row makes.
    """

    row: int
    word: Lines
    bits: Lines
    word_f: Values
    bits_f: Values
    word_bit_f: Values
    word_stored_f: Values
    bit_stored_f: Values
    follow: Values
    table: WriteTable
    stored: StoredCharge

    @property
    def linear_f(self) -> Values:
        """Couplings between gate, drain and stored node as a matrix, (cols, 3, 3) F."""
        out = np.zeros((len(self.word_bit_f), 3, 3))
        for a, b, c in ((0, 1, self.word_bit_f), (0, 2, self.word_stored_f), (1, 2, self.bit_stored_f)):
            for one, other in ((a, b), (b, a)):
                out[:, one, one] += c
                out[:, one, other] -= c
        return out


@dataclass(frozen=True)
class WriteState:
    """Taps of the word line (cols,) and of the bit lines (cols, rows); gate, drain and stored node of the row's write
    transistors, `cells` (cols, 3), all V."""

    word_v: Values
    bits_v: Values
    cells_v: Values

    def distance(self, other: WriteState) -> float:
        """Largest difference of two states, V."""
        pairs = ((self.word_v, other.word_v), (self.bits_v, other.bits_v), (self.cells_v, other.cells_v))
        return max(float(np.abs(a - b).max()) for a, b in pairs)

    def extrapolated(self, half: WriteState) -> WriteState:
        """From the end of one whole step of time to what it and the end of two half steps point at."""
        return WriteState(2 * half.word_v - self.word_v, 2 * half.bits_v - self.bits_v, 2 * half.cells_v - self.cells_v)


@dataclass(frozen=True)
class WriteTrace:
    """The row over time: `t` (points,) s, `stored_v` (points, cols), the word line's far end (points,), and how far any
    bit line's taps of other rows push their stored nodes, `disturb_v` (points,)."""

    t: Values
    stored_v: Values
    word_v: Values
    disturb_v: Values
    refused_steps: int

    def at(self, when_s: float) -> Values:
        """Stored voltages at a time, (cols,) V."""
        return np.array([np.interp(when_s, self.t, v) for v in self.stored_v.T])

    def settled_s(self, targets_v: Values, within_v: float, until_s: float) -> Values:
        """After which time each cell stays within `within_v` of its target up to `until_s`, (cols,) s; NaN: never."""
        during = self.t <= until_s * (1 + 1e-12)
        t, off = self.t[during], np.abs(self.stored_v[during] - targets_v) / within_v
        late = np.where((off > 1).any(axis=0), len(t) - 1 - (off > 1)[::-1].argmax(axis=0), -1)
        k, each = np.clip(late, 0, len(t) - 2), np.arange(off.shape[1])
        share = (off[k, each] - 1) / (off[k, each] - off[k + 1, each])
        crossed = np.where(late < 0, t[0], t[k] + share * (t[k + 1] - t[k]))
        return np.where(late == len(t) - 1, np.nan, crossed)
