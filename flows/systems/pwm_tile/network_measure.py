"""What a chip tells of its columns: gain and offset of each, by pulses through weights that are known.

Some sets of weights are written, drawn by a seed, and pulses of any length are sent through; what comes out is compared
with the sum that codes and pulses ask for, by a line through all points where a pulse is well above nothing. The pulses
between tiles are measured at their pins, as those at the end are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.flows.bench.column_lines import column_lines
from analoom.flows.simulator.sampled import sampled
from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec
from analoom.generators.pwm_tile.spec import PwmTileSpec

from .network_dies import PwmNetworkDies
from .operation.program import TileSettings
from .operation.weights import Ints

Array = NDArray[np.float64]
SETS, VECTORS, SEED = 12, 24, 7
"""Sets of weights, and vectors of pulses through each."""
LEAST, MOST = 0.1, 0.9
"""Of a layer's longest pulse out: which sums are judged."""
SPREAD = 0.6
"""Sigma of the sums by it."""


@dataclass(frozen=True)
class MeasuredColumns:
    """By layer, `gain` and `offset` (dies, outputs): a pulse out by the longest one is gain times the sum that codes,
    pulses and ramp ask for, and offset more; `lost`: what a pulse in counts less than it is long, nominally."""

    gain: tuple[Array, ...]
    offset: tuple[Array, ...]
    lost: tuple[float, ...]


def measure(dies: PwmNetworkDies) -> MeasuredColumns:
    """Of all columns of all dies."""
    found = [_of_layer(dies, layer) for layer in range(len(dies.spec.layers))]
    lost = tuple(lost_share(dies, layer) for layer in range(len(found)))
    return MeasuredColumns(tuple(gain for gain, _ in found), tuple(offset for _, offset in found), lost)


@sampled("pwm columns as designed", MeasuredColumns)
def as_designed(spec: PwmNetworkSpec, settings: TileSettings) -> MeasuredColumns:
    """Of the columns of a die as designed."""
    return measure(PwmNetworkDies(spec, settings=settings))


def lost_share(dies: PwmNetworkDies, layer: int) -> float:
    """What a pulse counts less than it is long, by the longest: of the largest code, which lose nearly the same."""
    cell = dies.solvers[layer].cell
    return float(cell.lost_c[-1] / cell.current_a[-1] / dies.spec.longest_s)


def _of_layer(dies: PwmNetworkDies, layer: int) -> tuple[Array, Array]:
    spec, rng = dies.spec.layers[layer], np.random.default_rng([SEED, layer])
    rows, lost, reach = spec.rows, lost_share(dies, layer), dies.spec.of_layer("reach", layer)
    asked, out = [], []
    for _ in range(SETS):
        codes = _drawn_codes(rng, rows, spec.cols, reach * spec.ramp_units)
        x = spec.lsb * np.floor(_held(rng.random((VECTORS, rows - 1)), codes, spec) * (2**spec.pulse_bits - 1))
        counted = np.hstack([x / spec.longest_s, np.ones((VECTORS, 1))])
        counted -= lost * (counted > 0)
        asked.append(counted @ codes / spec.ramp_units)
        out.append([dies.behind(layer, k, codes, x) / spec.longest_s for k in range(dies.count)])
    sums, pulses = np.concatenate(asked), np.concatenate(np.array(out), axis=1)
    return column_lines(sums, pulses, (sums > LEAST * reach) & (sums < MOST * reach))


def _drawn_codes(rng: np.random.Generator, rows: int, cols: int, full: float) -> Ints:
    """Codes (rows, cols) of both signs, as large as makes the sums of random pulses spread over `full`, in codes.

    n codes of -A to A by pulses of 0 to 1 have sums of sigma sqrt(n A (A + 1)) / 3.
    """
    most = int(np.clip(round(3 * SPREAD * full / sqrt(rows)), 1, MOST_CODE))
    return rng.integers(-most, most + 1, (rows, cols))


def _held(x: Array, codes: Ints, spec: PwmTileSpec) -> Array:
    """Inputs (n, rows - 1), those of a vector all shorter where a column would fall further than a full scale."""
    held = MOST_CODE * spec.rows * spec.full_scale
    sides = np.stack([x @ np.maximum(sign * codes[:-1], 0) for sign in (1, -1)]).max(axis=(0, 2))
    room = max(held - float(np.abs(codes[-1]).max()), 0.0)
    return np.asarray(x * np.minimum(1.0, room / np.maximum(sides, 1e-9))[:, None])
