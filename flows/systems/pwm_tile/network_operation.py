"""What an inference of a network of tiles takes: time by its phases, energy by a transient of each tile.

Tiles are read one after another: while one is read out, the next takes its pulses in.
"""

from __future__ import annotations

import numpy as np

from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec
from analoom.generators.pwm_tile.pwm_tile import pwm_tile
from analoom.pdk.corners import Corner, corner

from .energy import energy_metrics
from .network_dies import window_s
from .operation.program import GAP_S, USUAL, Program, TileSettings
from .operation.transient import run_tile
from .operation.weights import pattern
from .solved import MOST_WEIGHTS
from .tile_bench import steps


def inference_s(spec: PwmNetworkSpec, settings: TileSettings = USUAL) -> float:
    """From the first tile's reset to the end of the last read-out, s; later tiles are reset before their turn."""
    first = Program(spec.layers[0], settings, np.full((1, 1), spec.longest_s), window_s(spec, 0))
    later = (GAP_S + settings.t_wake + window_s(spec, k) for k in range(1, len(spec.layers)))
    return first.ramp_s + window_s(spec, 0) + sum(later)


def energy_j(
    spec: PwmNetworkSpec,
    settings: TileSettings = USUAL,
    process: Corner | None = None,
    temp_degc: float = TEMP_DEGC,
) -> float | None:
    """Of all tiles, J, each in ngspice with every row at half a longest pulse and a pattern of weights; None where one
    is too large for ngspice."""
    if any(tile.rows * tile.cols > MOST_WEIGHTS for tile in spec.layers):
        return None
    cells = [pwm_tile(tile) for tile in spec.layers]
    total = 0.0
    for layer, (cell, tile) in enumerate(zip(cells, spec.layers, strict=True)):
        half = np.full((1, tile.rows), steps(tile)[1] * tile.lsb)
        program = Program(tile, settings, half, window_s(spec, layer))
        outcome = run_tile(
            make_dut(cell, "schematic", process or corner("tt"), temp_degc, None), program, pattern(tile)
        )
        total += energy_metrics(outcome, tile)["energy"].value
    return total
