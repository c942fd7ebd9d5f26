"""Codes and inputs of many runs as one sweep of ngspice, in which each point is found from the one before it.

A sweep goes over the number of the point; sources that are piecewise linear in it give input currents and stored bits.
Between whole numbers nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MAGNITUDE, SIGN
from analoom.pdk.corners import VDD_V

from .network_lines import stored_net

Array = NDArray[np.float64]
Run = tuple[Sequence[NDArray[np.int64]], Array]
"""Codes of a network, (inputs + 1, outputs) a layer, and input currents (points, inputs) A."""

STEP = "v_point"


@dataclass(frozen=True)
class Sweep:
    """`runs`, one after the other; inputs `in<k>`, stored bits on the nets of a network without codes."""

    runs: Sequence[Run]

    @property
    def points(self) -> int:
        """How many there are."""
        return sum(len(x) for _, x in self.runs)

    @property
    def analysis(self) -> str:
        """What ngspice is asked to run."""
        return f"dc {STEP} 0 {self.points - 1} 1"

    def lines(self) -> Iterator[str]:
        """The sources."""
        yield f"{STEP} point 0 0"
        for k, currents in enumerate(np.concatenate([x for _, x in self.runs]).T):
            yield f"b_in{k} 0 in{k} i={_over_points(currents)}"
        for layer in range(len(self.runs[0][0])):
            codes = np.repeat([codes[layer] for codes, _ in self.runs], [len(x) for _, x in self.runs], axis=0)
            for row, column in np.ndindex(*codes.shape[1:]):
                yield from _bits(layer, row, column, codes[:, row, column])

    def by_run(self, found: Array) -> list[Array]:
        """What was found (points, ...), run by run."""
        return np.split(found, np.cumsum([len(x) for _, x in self.runs])[:-1])


def _bits(layer: int, row: int, column: int, codes: NDArray[np.int64]) -> Iterator[str]:
    """The stored bits of a synapse over all points."""
    high = {bit: np.abs(codes) >> bit & 1 for bit in MAGNITUDE} | {SIGN: (codes < 0).astype(np.int64)}
    for bit, levels in high.items():
        net = stored_net(layer, row, column, bit)
        yield f"b_{net} {net} 0 v={_over_points(VDD_V * levels.astype(np.float64))}"


def _over_points(values: Array) -> str:
    """A value at each point, as a function of the point's number; constant where it is."""
    if (values == values[0]).all():
        return repr(float(values[0]))
    at = [-1, *range(len(values)), len(values)]
    padded = np.concatenate([values[:1], values, values[-1:]])
    slopes = np.diff(padded)
    bends = [0, *(np.flatnonzero(np.diff(slopes)) + 1), len(at) - 1]
    return "pwl(v(point)," + ",".join(f"{at[k]},{float(padded[k])!r}" for k in bends) + ")"
