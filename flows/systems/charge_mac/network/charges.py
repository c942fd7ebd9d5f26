"""The charge that a column takes by a volt of each input, from the capacitors as drawn, and what its neuron keeps it
on.

Units are those of the models' own formula; what wires add, to a weight's plates, to the chosen line of its sign and to
both lines, is of the extraction, as in the multiplier's own charge solver. The column does not move, so that what it
has to rest carries no charge: it counts for its noise gain alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.capacitor.mismatch import CapacitorStatistics
from analoom.flows.systems.capacitor.wire_error import wires_to_top_f
from analoom.flows.systems.charge_mac.weights import spec_of
from analoom.flows.systems.charge_mac.wires import extracted_capacitances

from .spec import BITS, ChargeNetworkSpec
from .tiles import Tile, feedback, tiles

Array = NDArray[np.float64]
WIRES = "typical"
_DOUBLED = 2.0 ** np.arange(BITS - 1)


@dataclass(frozen=True)
class ColumnLoad:
    """What a column has within one tile: F to lines and plates, F to what rests."""

    lines_f: float
    rest_f: float


@dataclass(frozen=True, eq=False)
class LayerCharges:
    """Of a layer, F: `unit_f`; what wires add, `plates_f` (rows, cols, bits - 1) to plates, `signs_f` and `lines_f`
    (rows, cols) to the line that a sign chooses and to x less xb; `feedback_f` with its wires, which are
    `feedback_wires_f` of it; `loads`, of the first column, by tile."""

    unit_f: float
    plates_f: Array
    signs_f: Array
    lines_f: Array
    feedback_f: float
    feedback_wires_f: float
    loads: tuple[ColumnLoad, ...]

    def per_volt(self, codes: NDArray[np.integer], off_f: Array | float = 0.0) -> Array:
        """C by a volt, (..., rows, cols), of `codes` so shaped; `off_f` (..., rows, cols, bits - 1): what units of each
        bit have beyond what they are designed as."""
        bits = (np.abs(codes)[..., None] >> np.arange(BITS - 1)) & 1
        units = (bits * (self.unit_f * _DOUBLED + self.plates_f + off_f)).sum(axis=-1)
        return np.asarray(np.where(codes < 0, -1.0, 1.0) * (units + self.signs_f) + self.lines_f)

    @property
    def whole_f(self) -> float:
        """What a column has in all, but for its switches and its neuron, F."""
        return sum(load.lines_f + load.rest_f for load in self.loads)


@cache
def layer_charges(spec: ChargeNetworkSpec, layer: int) -> LayerCharges:
    """Of a layer of `spec`, with the wires of the typical corner."""
    of_layer, shape = tiles(spec)[layer], spec.shapes[layer]
    plates, signs, lines = np.zeros((*shape, BITS - 1)), np.zeros(shape), np.zeros(shape)
    for tile in of_layer:
        at = slice(*tile.rows), slice(*tile.cols)
        rows = extracted_capacitances(spec_of(tile.cell), WIRES)
        plates[at] = np.stack([row.plates for row in rows], axis=1)
        signs[at] = np.stack([row.xs for row in rows], axis=1)
        lines[at] = np.stack([row.x - row.xb for row in rows], axis=1)
    kept = feedback(spec, layer)
    (kept_f,), (wires_f,) = CapacitorStatistics(kept).nominal[0], wires_to_top_f(kept, ["b0"])
    unit_f = float(kept_f / spec.units[layer])
    loads = tuple(_load(tile, unit_f) for tile in of_layer if tile.cols[0] == 0)
    return LayerCharges(unit_f, plates, signs, lines, float(kept_f + wires_f), float(wires_f), loads)


def _load(tile: Tile, unit_f: float) -> ColumnLoad:
    row = extracted_capacitances(spec_of(tile.cell), WIRES)[0]
    drawn = len(row.x) * unit_f * _DOUBLED.sum()
    wires = sum(float(part.sum()) for part in (row.plates, row.x, row.xb, row.xs))
    return ColumnLoad(float(drawn + wires), float(row.rest))


@cache
def unit_sigma_f(spec: ChargeNetworkSpec, family: str) -> float:
    """Sigma of one unit in a `family` of mismatch models, F: of n beside each other sqrt(n) times as much."""
    kept = feedback(spec, 0)
    return float(CapacitorStatistics(kept, family).nominal[1][0] / np.sqrt(spec.units[0]))
