"""Writing one row of a crossbar on the array solver: word line, bit lines and stored nodes over time.

The word line of the row and every bit line are ladders of the extracted resistances and capacitances; the write
transistors of the row are tables of current and charge; the stored nodes carry the storage capacitor, the gates they
drive (charge measured over voltage) and their wires, with the couplings to the word and the bit line. Lines at rest
are ground. The other rows' write transistors are off: their stored nodes move with the bit line by their share of the
coupling, leakage takes longer than a write.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.flows.numerics.implicit_steps import adaptive
from analoom.flows.systems.crossbar.solver.lines import Factored
from analoom.pdk.errors import ToolError

from .drive import WriteDrive
from .state import WriteState, WriteTrace, WrittenRow

Values = NDArray[np.float64]

TOLERANCE_V, MOST_STEPS, LARGEST_MOVE_V = 1e-9, 40, 0.25
LEAST_TAP_OHM = 1.0
"""Stands for a terminal without resistance of its own."""


def write_row(row: WrittenRow, drive: WriteDrive, stored_v: Values, tolerance_v: float = 1e-4) -> WriteTrace:
    """The transient of a write from `stored_v` (cols,) V in that row; each step errs by `tolerance_v` at most.

    Raises InputError when a node leaves the range of the table and ToolError when a step does not converge.
    """
    cols, rows = row.bits.shape
    cells = np.stack([np.zeros(cols), np.zeros(cols), stored_v], axis=1)
    start = WriteState(np.zeros(cols), np.zeros((cols, rows)), cells)
    solver = _Steps(row, drive)
    t, states, refused = adaptive(solver.step, start, drive.duration_s, tolerance_v, drive.corners_s)
    row.table.require_inside(np.concatenate([s.cells_v for s in states]))
    disturb = np.array([np.abs(row.follow * s.bits_v).max() for s in states])
    stored = np.array([s.cells_v[:, 2] for s in states])
    return WriteTrace(t, stored, np.array([s.word_v[-1] for s in states]), disturb, refused)


class _Steps:
    """Steps of one transient; the bit lines' equations are kept for the last few step sizes."""

    def __init__(self, row: WrittenRow, drive: WriteDrive) -> None:
        self.row, self.drive = row, drive
        self.linear_f = row.linear_f
        self.word_tap_s = 1 / np.maximum(row.word.tap_ohm[0], LEAST_TAP_OHM)
        self.bit_tap_ohm = np.maximum(row.bits.tap_ohm[:, row.row], LEAST_TAP_OHM)
        self._bits: dict[float, tuple[Factored, Values]] = {}

    def step(self, before: WriteState, t_s: float, h_s: float) -> WriteState:
        """Backward Euler from t to t + h."""
        row, at = self.row, t_s + h_s
        factored, alone = self._bits_at(h_s)
        free = self._driven(factored, before, h_s, self.drive.bits_v(at))
        behind_ohm = alone[:, row.row] + self.bit_tap_ohm
        state, word_pin, was = before, self.drive.word_v(at), self._charges(before)
        for _ in range(MOST_STEPS):
            state, moved = self._newton(before, was, state, h_s, word_pin, free[:, row.row], behind_ohm)
            if moved < TOLERANCE_V:
                drawn = (free[:, row.row] - state.cells_v[:, 1]) / behind_ohm
                return replace(state, bits_v=free - alone * drawn[:, None])
        said = f"writing a row did not converge at t = {at:.4g} s, step {h_s:.3g} s: it still moves {moved:.3g} V"
        raise ToolError(said, field="array solver", remedy="a smaller tolerance")

    def _bits_at(self, h_s: float) -> tuple[Factored, Values]:
        """The bit lines' equations at a step size, and their answer to 1 A into the row's taps, (cols, rows)."""
        if h_s not in self._bits:
            factored = self.row.bits.factored(self.row.bits_f / h_s)
            unit = np.zeros(self.row.bits.shape)
            unit[:, self.row.row] = 1.0
            self._bits = {**dict(list(self._bits.items())[-3:]), h_s: (factored, factored.solve(unit))}
        return self._bits[h_s]

    def _driven(self, factored: Factored, before: WriteState, h_s: float, pins_v: Values) -> Values:
        """Bit lines without the row's transistors, (cols, rows) V."""
        right = self.row.bits_f / h_s * before.bits_v
        right[:, 0] += self.row.bits.end_s * pins_v
        return factored.solve(right)

    def _charges(self, state: WriteState) -> Values:
        """Charges of gate, drain and stored node with all that hangs on it, (cols, 3) C."""
        charge = self.row.table.charges(self.row.table.held(state.cells_v))
        charge[:, 2] += self.row.stored.at(state.cells_v[:, 2])[0]
        return charge + np.einsum("nab,nb->na", self.linear_f, state.cells_v)

    def _newton(
        self,
        before: WriteState,
        was_c: Values,
        state: WriteState,
        h_s: float,
        word_pin: float,
        free: Values,
        behind_ohm: Values,
    ) -> tuple[WriteState, float]:
        row = self.row
        left, slope = self._cells(was_c, state, h_s)
        left[:, 0] += (state.cells_v[:, 0] - state.word_v) * self.word_tap_s
        slope[:, 0, 0] += self.word_tap_s
        left[:, 1] += (state.cells_v[:, 1] - free) / behind_ohm
        slope[:, 1, 1] += 1 / behind_ohm
        to_gate = np.zeros_like(left)
        to_gate[:, 0] = self.word_tap_s
        solved = np.linalg.solve(slope, np.stack([-left, to_gate], axis=2))
        alone, by_word = solved[:, :, 0], solved[:, :, 1]
        word_left = row.word.leaving(state.word_v[None], np.array([word_pin]))[0]
        word_left += row.word_f / h_s * (state.word_v - before.word_v)
        word_left += (state.word_v - state.cells_v[:, 0] - alone[:, 0]) * self.word_tap_s
        load = row.word_f / h_s + self.word_tap_s * (1 - by_word[:, 0])
        word = row.word.factored(load[None]).solve(-word_left)
        cells = alone + by_word * word[:, None]
        moved = float(max(np.abs(cells).max(), np.abs(word).max()))
        scale = min(1.0, LARGEST_MOVE_V / moved) if moved else 1.0
        return WriteState(state.word_v + scale * word, state.bits_v, state.cells_v + scale * cells), moved

    def _cells(self, was_c: Values, state: WriteState, h_s: float) -> tuple[Values, Values]:
        """Currents (cols, 3) that leave gate, drain and stored node into the cells, and their slopes (cols, 3, 3)."""
        row = self.row
        i, by, charge, c = row.table.at(row.table.held(state.cells_v))
        q, c_stored = row.stored.at(state.cells_v[:, 2])
        charge[:, 2] += q
        left = (charge + np.einsum("nab,nb->na", self.linear_f, state.cells_v) - was_c) / h_s
        slope = (c + self.linear_f) / h_s
        slope[:, 2, 2] += c_stored / h_s
        for node, sign in ((1, 1.0), (2, -1.0)):
            left[:, node] += sign * i
            slope[:, node] += sign * by
        return left, slope
