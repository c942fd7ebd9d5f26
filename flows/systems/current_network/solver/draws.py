"""The random numbers of one virtual die: a normal one for each random parameter of each transistor, in sigmas.

A die's somas and each layer's synapses have streams of their own, so that either is drawn alone, and a die is the same
in whatever number of dies it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MAGNITUDE

from .somas import UNITS
from .synapses import PATH_UNITS

Array = NDArray[np.float64]

SOURCES = ("somas", "units", "switches")
"""What is drawn: somas, units of synapses, and their headers and switches of bits."""
_SOMAS = 0


@dataclass(frozen=True)
class Draw:
    """Streams of the die number `die` of `seed`; transistors have `n_terms` and `p_terms` random parameters.

    Transistors of what is not in `sources` are as designed; the others have the same numbers in any case.
    """

    seed: int
    die: int
    n_terms: int
    p_terms: int
    sources: tuple[str, ...] = SOURCES

    def somas(self, dims: tuple[int, ...]) -> list[tuple[Array, Array]]:
        """For each layer's rows (a bias the last): n (rows, 3, UNITS, n's) and p (rows, 2, UNITS, p's)."""
        rng = np.random.default_rng([self.seed, self.die, _SOMAS])
        on = self._on("somas")
        return [
            (
                on * rng.standard_normal((n + 1, 3, UNITS, self.n_terms)),
                on * rng.standard_normal((n + 1, 2, UNITS, self.p_terms)),
            )
            for n in dims[:-1]
        ]

    def synapses(self, layer: int, rows: int, columns: int) -> tuple[Array, Array, Array, Array]:
        """Of a layer: p and n units (rows, columns, PATH_UNITS, parameters), headers (2, rows, columns) and switches
        (rows, columns, bits)."""
        rng = np.random.default_rng([self.seed, self.die, 1 + layer])
        shape = (rows, columns, PATH_UNITS)
        units, switches = self._on("units"), self._on("switches")
        p, n = (units * rng.standard_normal((*shape, terms)) for terms in (self.p_terms, self.n_terms))
        headers, bits = (rng.standard_normal(s) for s in ((2, rows, columns), (rows, columns, len(MAGNITUDE))))
        return p, n, switches * headers, switches * bits

    def _on(self, source: str) -> float:
        """1 for what is drawn, 0 for what is as designed."""
        return float(source in self.sources)
