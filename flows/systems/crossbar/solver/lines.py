"""Rows or columns of an array as ladders of conductances: their equations, solved line by line at once.

A line has a pin at its first tap, `end` away; taps are joined by `segments`. All lines of a kind are one tridiagonal
system without entries between lines, so that LAPACK solves a million taps in some 20 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from analoom.flows.pex.crossbar.ladders import Ladder
from analoom.pdk.errors import InputError

Values = NDArray[np.float64]

LEAST_OHM = 1e-4
"""Stands for a resistance of zero: 1 mA drops 0.1 uV on it."""


@dataclass(frozen=True)
class Lines:
    """(lines, taps) of one kind: conductance of the end (lines,), of the segments (lines, taps - 1), taps' ohm."""

    end_s: Values
    segment_s: Values
    tap_ohm: Values

    @property
    def shape(self) -> tuple[int, int]:
        lines, taps = self.tap_ohm.shape
        return lines, taps

    @property
    def ohm(self) -> Values:
        """From the pin to the last tap of each line, (lines,)."""
        return np.asarray(1 / self.end_s + (1 / self.segment_s).sum(axis=1), dtype=np.float64)

    def leaving(self, v: Values, pin_v: Values) -> Values:
        """Current (lines, taps) A that leaves each tap into its line, at tap voltages `v` and pins at `pin_v`."""
        out = np.zeros_like(v)
        out[:, 0] = self.end_s * (v[:, 0] - pin_v)
        along = self.segment_s * (v[:, :-1] - v[:, 1:])
        out[:, :-1] += along
        out[:, 1:] -= along
        return out

    def factored(self, load_s: Values) -> Factored:
        """The equations with `load_s` (lines, taps) from each tap to elsewhere, ready to be solved."""
        diagonal = load_s.copy()
        diagonal[:, 0] += self.end_s
        diagonal[:, :-1] += self.segment_s
        diagonal[:, 1:] += self.segment_s
        off = np.zeros(self.shape)
        off[:, :-1] = -self.segment_s
        return Factored(diagonal.ravel(), off.ravel()[:-1])


class Factored:
    """A factored tridiagonal matrix, symmetric and positive definite."""

    def __init__(self, diagonal: Values, off: Values) -> None:
        self._alone = not off.size
        if self._alone:
            self._d = diagonal
            return
        self._d, self._e, info = lapack.dpttrf(diagonal, off)
        if info:
            raise InputError("an array line floats: no resistance ties it to anything", field="lines")

    def solve(self, right: Values) -> Values:
        """The solution for a right side of any shape with as many entries."""
        if self._alone:
            return right / self._d.reshape(right.shape)
        found, _ = lapack.dpttrs(self._d, self._e, right.ravel())
        return found.reshape(right.shape)


def drawn_lines(ladder: Ladder) -> Lines:
    """The lines as they were extracted. Raises InputError for one whose pin is not at its first tap."""
    if ladder.driven_at != "first":
        raise InputError(f"the line {ladder.name} is a supply, no signal", field="lines")
    return Lines(_siemens(ladder.end_ohm), _siemens(ladder.segment_ohm), np.asarray(ladder.tap_ohm, float))


def ideal_lines(shape: tuple[int, int]) -> Lines:
    """Lines (lines, taps) without resistance."""
    lines, taps = shape
    return Lines(np.full(lines, 1 / LEAST_OHM), np.full((lines, taps - 1), 1 / LEAST_OHM), np.zeros(shape))


def _siemens(ohm: Values) -> Values:
    if not np.isfinite(ohm).all() or (np.asarray(ohm) < 0).any():
        raise InputError("a line has a resistance that is no number or below zero", field="lines")
    return 1 / np.maximum(np.asarray(ohm, float), LEAST_OHM)
