"""The ground of a tile's weights as drawn, and what its rise takes off their currents.

Rails on met2, one above each row, which its units stand on, and one below all; straps of met4 in every weight; a lane
of met3 at the right, from which the reference has its ground as well. A weight's units lead their current whether a
pulse is on or not, so the rise depends on what is written alone. What is left out makes it worse than it is: the lane
at the left, the rails of all drivers, and li1 and met1 under the rails. Other wires cost no charge: what flows through
a column's comes out of it, and the lines of pulses move both edges of a pulse alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.strip.gates import VSS
from analoom.cells.strip.sizes import RAIL_NM
from analoom.flows.systems.current_network.solver.supply_mesh import SupplyMesh
from analoom.flows.systems.pwm_tile.operation.weights import Ints
from analoom.generators.pwm_tile.blocks import readout, shared
from analoom.generators.pwm_tile.floor import TileFloor
from analoom.generators.pwm_tile.readout_floor import ReadoutFloor
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2
from analoom.pdk.wire_resistance import WireResistance, wire_resistance

from .cell_table import CellTable

Array = NDArray[np.float64]
ROUNDS = 5
"""Of currents and rises: each takes a digit where a tenth of the current is lost."""


@dataclass(frozen=True)
class Ground:
    """The mesh under the weights: a rail below each row and one above all, a place a column, the first at the left."""

    mesh: SupplyMesh

    def factor(self, codes: Ints, cell: CellTable) -> Array:
        """Currents of weights by those on a ground that does not rise, (rows, cols): what rises less, takes less."""
        found = np.ones(codes.shape)
        for _ in range(ROUNDS):
            found = np.exp(-cell.by_ground[np.abs(codes)] * self.rises(cell.current_a[np.abs(codes)] * found))
        return np.asarray(found)

    def rises(self, currents: Array) -> Array:
        """How far the ground of weights with `currents` (rows, cols) A rises over that of the reference, as many V."""
        entering = np.zeros((1, len(currents) + 1, currents.shape[1]))
        entering[0, 1:] = currents
        return self.mesh.rises(entering)[0, 1:]


@cache
def tile_ground(spec: PwmTileSpec, corner: str = "typical") -> Ground:
    """The ground of a tile at a wire corner. Raises InputError for an unknown corner."""
    floor, of = TileFloor(spec, ReadoutFloor(spec, readout(spec), shared(spec))), wire_resistance(corner)
    lane = floor.bus[VSS]
    columns = [col * floor.cell.width + floor.cell.strap_x for col in range(spec.cols)]
    x = np.array([*columns, (lane.left + lane.right) // 2]) / 1e3
    y = np.array([floor.lane_y(0, VSS), *floor.rail_y(VSS)]) / 1e3
    rail = of.ohm_per_um(Layer.MET2, RAIL_NM / 1e3) * np.diff(x)
    rail[-1] += of.cut_ohm[Layer.VIA2] / _cuts(lane.width())
    straps = np.full(spec.cols, _strap_ohm(floor.pitch, of))
    return Ground(SupplyMesh(rail, straps, of.ohm_per_um(Layer.MET3, lane.width() / 1e3) * np.diff(y)))


def _strap_ohm(pitch_nm: int, of: WireResistance) -> float:
    """Met4 from rail to rail, with a via of two levels at both ends."""
    ends = 2 * (of.cut_ohm[Layer.VIA2] + of.cut_ohm[Layer.VIA3])
    return of.ohm_per_um(Layer.MET4, LINE_NM / 1e3) * pitch_nm / 1e3 + ends


def _cuts(lane_nm: int) -> int:
    """Cuts of the joint of a rail and the lane."""
    room = (lane_nm - 2 * VIA2.ends_nm, RAIL_NM - 2 * VIA2.ends_nm)
    across, up = (1 + (nm - VIA2.size_nm) // (VIA2.size_nm + VIA2.space_nm) for nm in room)
    return max(across, 1) * max(up, 1)
