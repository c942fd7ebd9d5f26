"""The bench of a network of tiles: what an inference takes, by the phases and the transients of its tiles alone.

What layers make of pulses is for dies (`network_dies.py`) and for `compile`; wires between tiles are in none of it.
"""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured, Metric
from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec
from analoom.pdk.errors import InputError
from analoom.pdk.units import to_um

from .energy import OPERATIONS
from .network_operation import energy_j, inference_s
from .operation.program import TileSettings
from .operation.weights import Array

NOTE = "a tile of more than 64 weights: energy is told of networks of smaller tiles, which ngspice takes"


def measure(dut: Dut, settings: TileSettings, weights: Array | None = None) -> Measured:
    """All metrics. Raises InputError for another cell, and for the post view, which would need the wires' networks."""
    spec, box = network_spec(dut.cell), dut.cell.layout.bbox()
    if dut.view != "schematic":
        said = f"{dut.cell.name}: a network of tiles is told of without wires"
        raise InputError(said, field="view", remedy="analoom sim pwm_tile --view post, a tile with its wires")
    count = sum(tile.rows * tile.cols for tile in spec.layers)
    area_um2 = to_um(box.width()) * to_um(box.height())
    found = {
        "inference_time": Metric(inference_s(spec, settings), "s"),
        "area_per_weight": Metric(area_um2 / count, "um2"),
    }
    joules = energy_j(spec, settings, dut.corner, dut.temp_degc)
    if joules is None:
        return Measured(found, notes=(NOTE,))
    found["energy"] = Metric(joules, "J")
    found["tops_per_w"] = Metric(OPERATIONS * count / joules / 1e12, "TOPS/W")
    return Measured(found)


def network_spec(cell: Cell) -> PwmNetworkSpec:
    """The spec of a network. Raises InputError for any other cell."""
    if not isinstance(cell.spec, PwmNetworkSpec):
        raise InputError(f"{cell.name} is no pwm_network", field="name", remedy="analoom sim pwm_network")
    return cell.spec
