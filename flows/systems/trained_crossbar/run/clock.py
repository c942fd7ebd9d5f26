"""Phases of samples as piecewise linear sources of the training netlist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PHASE_S, EDGE_S = 1e-6, 2e-8
"""A phase of ideal blocks, and the edges between phases."""


@dataclass(frozen=True)
class Clock:
    """Three phases of `phase_s` a sample."""

    phase_s: float = PHASE_S

    def lines(self, both: bool, count: int, taught: int) -> Iterator[str]:
        """`ph` what the nudge is multiplied by, `sl`, `sh` when a phase is held, `up` the update, of half a phase."""
        shapes = {
            "ph": (-1.0 if both else 0.0, 1.0, 1.0),
            "sl": (1.0, 0.0, 0.0),
            "sh": (0.0, 1.0, 0.0),
            "up": (0.0, 0.0, 1.0),
        }
        yield f"vph ph 0 {self.steps(np.tile(shapes['ph'], count))}"
        for name in ("sl", "sh", "up"):
            yield f"v{name} {name} 0 {self.windows(shapes[name].index(1.0), range(taught if name == 'up' else count))}"

    def levels(self, values: Array) -> str:
        """One level a sample."""
        return self.steps(np.repeat(values, 3))

    def steps(self, values: Array) -> str:
        """One level a phase, each reached EDGE_S after the phase begins."""
        points = [f"0 {float(values[0])!r}"]
        for k, (before, after) in enumerate(pairwise(values), start=1):
            if before != after:
                points += [f"{k * self.phase_s!r} {float(before)!r}", f"{k * self.phase_s + EDGE_S!r} {float(after)!r}"]
        return f"pwl({' '.join(points)})"

    def windows(self, phase: int, shown: Iterable[int]) -> str:
        """One in the second half of a phase of these samples, with edges inside whose area the middle makes good."""
        points = ["0 0"]
        for k in shown:
            first = (3 * k + phase) * self.phase_s
            begin, end = first + 0.4 * self.phase_s, first + 0.9 * self.phase_s + EDGE_S
            points += [f"{begin!r} 0", f"{begin + EDGE_S!r} 1", f"{end - EDGE_S!r} 1", f"{end!r} 0"]
        return f"pwl({' '.join(points)})"
