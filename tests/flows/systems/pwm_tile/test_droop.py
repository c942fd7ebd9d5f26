"""What leaks from a column grows with its rows alone, and is told with every other column at its own level as well."""

import pytest

from analoom.cells.model import registry
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.pwm_tile import tile_bench
from analoom.flows.systems.pwm_tile.operation.program import TileSettings
from analoom.pdk.corners import corner

CELL_LEAK_A = 2.6e-15
"""Of a weight's pulse switch, as `sim pwm_cell` measures it; a reset switch adds less than one."""


def droop(side):
    cell = registry.build("pwm_tile", rows=side, cols=side)
    dut = make_dut(cell, "schematic", corner("tt"), 27.0)
    return tile_bench._droop(dut, tile_bench.tile_spec(cell), TileSettings())


@pytest.mark.slow
@pytest.mark.tools
def test_droop_is_what_a_columns_weights_leak():
    """With the lines of the other columns left to float, eight rows gave a million times as much."""
    two, eight = droop(2), droop(8)
    assert eight / two == pytest.approx(4, abs=0.4)
    assert 8 * CELL_LEAK_A / 2.4e-12 < eight < 9.5 * CELL_LEAK_A / 2.4e-12
