"""The supplies' wires of a layer as drawn: rails on met2 to lanes on met3 at the right, straps of vss on met1.

What is left out makes them worse than they are: the li1 beside the rails, of some hundred times the resistance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import COLUMN_NM, RAIL_NM
from analoom.generators.current_network.layer_floor import LANE_NM, LayerFloor
from analoom.generators.current_network.spec import CurrentLayerSpec
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2
from analoom.pdk.wire_resistance import WireResistance, wire_resistance

from .ir_drop import LayerWires
from .supply_mesh import SupplyMesh

Array = NDArray[np.float64]


def layer_wires(spec: CurrentLayerSpec, corner: str = "typical") -> LayerWires:
    """Both supplies of a layer at a wire corner, fed where their lanes leave it below. Raises InputError."""
    floor, of = LayerFloor(spec), wire_resistance(corner)
    none = np.full(1 + spec.cols, np.inf)
    return LayerWires(_mesh(floor, of, VDD, none), _mesh(floor, of, VSS, _straps(floor, of)))


def _mesh(floor: LayerFloor, of: WireResistance, net: str, straps: Array) -> SupplyMesh:
    lane = floor.lane(net, floor.bottom, floor.top)
    columns = [floor.column_x(k) + floor.synapse.width // 2 for k in range(floor.spec.cols)]
    x = np.array([floor.soma.width // 2, *columns, (lane.left + lane.right) // 2]) / 1e3
    y = np.array([floor.bottom, *floor.rail_y(net)]) / 1e3
    rail = of.ohm_per_um(Layer.MET2, RAIL_NM / 1e3) * np.diff(x)
    rail[-1] += of.cut_ohm[Layer.VIA2] / _cuts_across()
    return SupplyMesh(rail, straps, of.ohm_per_um(Layer.MET3, LANE_NM / 1e3) * np.diff(y))


def _cuts_across() -> int:
    """Cuts of the joint of a rail and a lane."""
    room = (LANE_NM - 2 * VIA2.ends_nm, RAIL_NM - 2 * VIA2.ends_nm)
    across, up = (1 + (nm - VIA2.size_nm) // (VIA2.size_nm + VIA2.space_nm) for nm in room)
    return across * max(up, 1)


def _straps(floor: LayerFloor, of: WireResistance) -> Array:
    """Met1 from rail to rail: straight in a soma, around the last switch in a synapse; a via at both ends."""
    (low, high), per_um = floor.synapse.strap_x, of.ohm_per_um(Layer.MET1, COLUMN_NM / 1e3)
    ends = 2 * of.cut_ohm[Layer.VIA]
    soma, synapse = (floor.pitch + nm for nm in (0, 2 * (high - low)))
    return np.array([soma, *[synapse] * floor.spec.cols]) / 1e3 * per_um + ends
