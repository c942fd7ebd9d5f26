"""What the resistance of an array's lines takes from its cells, to first order, one input at a time.

With one input full, its cells' currents raise their row and pull at their columns; a cell there gives less by its own
slopes, and every other cell of the column, whose input rests, lets a part of the current through. Charges of several
inputs are sums of this, but for what a cell conducts while its own input is full instead of at rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.crossbar.solver.lines import Lines
from analoom.flows.systems.crossbar.solver.state import Network

from .coded_synapse import CodedSynapse

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Drops:
    """The lines of an array (`network`) under cells of a `coded` synapse."""

    network: Network
    coded: CodedSynapse

    def added_a(self, codes: NDArray[np.intp]) -> Array:
        """What lines add to the column current of each input alone, (..., rows, cols) A; `codes` counted from 0."""
        coded = self.coded
        through = coded.through_a[:, codes]
        total = through.sum(axis=0)
        own_v = -(_to_pin(self.network.cols).T + self.network.cols.tap_ohm.T) * total
        moved = np.zeros(codes.shape)
        for k, line in enumerate(self.network.rows):
            risen = _shared(_to_pin(line), through[k]) + line.tap_ohm * through[k]
            moved += coded.by_row_s[k][codes] * risen + coded.by_col_s[k][codes] * own_v
        return -(moved - self._leaking(codes) * total)

    def _leaking(self, codes: NDArray[np.intp]) -> Array:
        """Share of a cell's current that its column's other cells let through, (..., rows, cols)."""
        to_pin, rest = _to_pin(self.network.cols), np.swapaxes(self.coded.rest_s[codes], -1, -2)
        return np.swapaxes(_shared(to_pin, rest) - to_pin * rest, -1, -2)


def _to_pin(lines: Lines) -> Array:
    """Resistance from each tap to the line's pin, (lines, taps)."""
    along = np.concatenate([1 / lines.end_s[:, None], 1 / lines.segment_s], axis=1)
    return np.asarray(np.cumsum(along, axis=1))


def _shared(to_pin: Array, at: Array) -> Array:
    """Sum over taps of `at` (..., lines, taps) by the resistance to the pin that two taps have in common."""
    before = np.cumsum(to_pin * at, axis=-1)
    behind = at.sum(axis=-1, keepdims=True) - np.cumsum(at, axis=-1)
    return np.asarray(before + to_pin * behind)
