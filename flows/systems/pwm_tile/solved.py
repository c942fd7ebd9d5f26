"""Tiles beyond ngspice: the linearity of their pulses by the solver's tables; energy and wires are not told."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.measured import Measured
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError

from .operation.program import TileSettings, plain
from .operation.weights import checked_codes, tile_spec
from .solver.forward import NOMINAL, Solver
from .tile_bench import area_metrics, linear_metrics, trial

Array = NDArray[np.float64]
MOST_WEIGHTS = 64
"""A tile of 8 x 8 takes ngspice minutes."""
NOTE = "more than 64 weights: pulses by the solver's tables, without wires; energy is told of smaller tiles"


def beyond_ngspice(cell: Cell) -> bool:
    """Whether a tile is left to the solver."""
    return isinstance(cell.spec, PwmTileSpec) and cell.spec.rows * cell.spec.cols > MOST_WEIGHTS


def solve(
    cell: Cell, view: View, corner: Corner, temp_degc: float, settings: TileSettings, weights: Array | None
) -> Measured:
    """What the solver knows of a tile. Raises InputError for the post view, which needs wires."""
    spec = tile_spec(cell)
    checked_codes(spec, weights)
    if view != "schematic":
        said = f"{cell.name}: the solver of large tiles has no wires in it"
        raise InputError(said, field="view", remedy="-p rows=8 -p cols=8, which ngspice takes with its wires")
    solver = Solver(spec, plain(settings), corner.name, temp_degc)
    codes, pulses = trial(spec)
    positive, negative = solver.voltages(codes, pulses, NOMINAL)
    found = linear_metrics(spec, solver.pulses(codes, pulses, NOMINAL)[:, 0], (negative - positive)[:, 0])
    return Measured(found | area_metrics(cell), notes=(NOTE,))
