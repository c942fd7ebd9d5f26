"""The parameters of all transistors of one die, where given with a plane of thresholds over it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .draws import Draw
from .plane import raised
from .unit_curves import UnitCurves

Array = NDArray[np.float64]
Drawn = tuple[Array, Array, Array, Array]
"""Of a layer's synapses, in sigmas: p and n units (rows, columns, units, parameters), headers (2, rows, columns) and
switches (rows, columns, bits)."""


@dataclass(frozen=True)
class DrawnDie:
    """A die of `dims` with units `n` and `p`; `rises_v`, (rows, 1 + columns) a layer, of somas and synapses."""

    draw: Draw
    dims: tuple[int, ...]
    n: UnitCurves
    p: UnitCurves
    rises_v: list[Array] | None = None

    def somas(self) -> list[tuple[Array, Array]]:
        """Parameters of the somas by layer, n and p."""
        drawn = self.draw.somas(self.dims)
        if self.rises_v is None:
            return drawn
        both = zip(drawn, self.rises_v, strict=True)
        return [(raised(a, self.n, rise[:, 0]), raised(b, self.p, rise[:, 0])) for (a, b), rise in both]

    def synapses(self) -> list[Drawn]:
        """Parameters of the synapses by layer."""
        shapes = [(inputs + 1, outputs) for inputs, outputs in pairwise(self.dims)]
        drawn = [self.draw.synapses(layer, *shape) for layer, shape in enumerate(shapes)]
        if self.rises_v is None:
            return drawn
        both = zip(drawn, self.rises_v, strict=True)
        return [(raised(a, self.p, rise[:, 1:]), raised(b, self.n, rise[:, 1:]), c, d) for (a, b, c, d), rise in both]
