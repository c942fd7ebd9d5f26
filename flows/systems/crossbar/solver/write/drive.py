"""What drives the writing of a row: bit lines rise to their levels, the word line pulses, bit lines fall again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

EDGE_S = 1e-9


@dataclass(frozen=True)
class WriteDrive:
    """Levels of the bit lines (cols,) V, of the word line, and the length of its pulse; edges take `EDGE_S`."""

    levels_v: Values
    v_on: float
    t_write_s: float

    @property
    def duration_s(self) -> float:
        """Until the bit lines have fallen and all is quiet again."""
        return 3 * self.t_write_s

    @property
    def word_s(self) -> tuple[float, float]:
        """When the word line starts to rise, and how long it stays up between its edges."""
        return self.t_write_s / 2, self.t_write_s

    @property
    def bit_s(self) -> tuple[float, float]:
        """When the bit lines start to move, and how long they hold their level between their edges."""
        return self.t_write_s / 10, 1.8 * self.t_write_s

    @property
    def falls_s(self) -> float:
        """When the word line starts to fall: all should be written."""
        return self.word_s[0] + EDGE_S + self.word_s[1]

    @property
    def corners_s(self) -> tuple[float, ...]:
        """Times of all corners of the waveforms."""
        return tuple(t for pulse in (self.word_s, self.bit_s) for t in _corners(*pulse))

    def word_v(self, t_s: float) -> float:
        """The word line's pin, V."""
        return float(self.v_on * _pulse(t_s, *self.word_s))

    def bits_v(self, t_s: float) -> Values:
        """The bit lines' pins, (cols,) V."""
        return self.levels_v * _pulse(t_s, *self.bit_s)


def _corners(start_s: float, width_s: float) -> tuple[float, float, float, float]:
    return start_s, start_s + EDGE_S, start_s + EDGE_S + width_s, start_s + 2 * EDGE_S + width_s


def _pulse(t_s: float, start_s: float, width_s: float) -> float:
    return float(np.interp(t_s, _corners(start_s, width_s), [0.0, 1.0, 1.0, 0.0]))
