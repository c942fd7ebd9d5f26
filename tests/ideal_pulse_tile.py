"""A solver whose tables are constants, so that what it should find is a line of arithmetic."""

from functools import cached_property

import numpy as np

from analoom.flows.systems.pwm_tile.solver.cell_table import CellTable
from analoom.flows.systems.pwm_tile.solver.columns import Columns
from analoom.flows.systems.pwm_tile.solver.forward import Solver
from analoom.flows.systems.pwm_tile.solver.readout_table import ReadoutTable

UNIT_A, RAMP_A, COLUMN_F, DELAY_S, LOST_C, TOP_V, BY_GROUND = 20e-9, 160e-9, 2.4e-12, 50e-9, 1e-16, 1.3, 10.0


class Ideal(Solver):
    """Currents that no voltage changes, no capacitance of weights, one delay."""

    @cached_property
    def columns(self):
        volts, flat = np.array([0.0, TOP_V]), np.ones(2)
        lost = np.where(np.arange(8) > 0, LOST_C, 0.0)
        cell = CellTable(
            UNIT_A * np.arange(8.0), lost, volts, flat, 0 * flat, 0 * flat, np.zeros(8), np.full(8, BY_GROUND)
        )
        times = (np.array([0.0, TOP_V]), np.tile([0.0, 1e-9], (2, 1)), np.full((2, 2), DELAY_S), np.zeros(2))
        return Columns(cell, ReadoutTable(volts, RAMP_A * flat, (COLUMN_F, COLUMN_F), *times))

    @cached_property
    def cell(self):
        return self.columns.cell
