"""A block whose wire collects too much for a gate is refused with the diode that cures it; with that, it is not."""

import klayout.db as kdb
import pytest

from analoom.cells.model.drawing import Box
from analoom.generators.ways.antenna import Held
from analoom.generators.ways.net import Joint, Net, Terminal
from analoom.generators.wiring.antenna_free import outer_antennas, ratios_of, require_antenna_free
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer

GATE_UM2 = 0.063
"""A transistor of 0.42 x 0.15 um."""
LENGTH_NM = 100_000


def wired(held):
    """A gate's pin on met2 with 100 um of met2 on it."""
    pin = Box(0, 0, 290, 290)
    joint = Joint(Layer.MET2, pin, 140, kdb.Region(pin))
    return Net("far", [Terminal("m1.g", (joint,), (), held)], [(Layer.MET2, Box(0, 0, LENGTH_NM, 140))])


def test_the_ratio_is_side_area_over_gate():
    """Met2 is 0.36 um thick (the `height` of sky130A.tech): 0.36 times the outline, over the gate."""
    (met2,) = ratios_of(wired(Held(GATE_UM2)))
    outline_um = 2 * (LENGTH_NM + 290) / 1000
    assert met2.ratio == pytest.approx(0.36 * outline_um / GATE_UM2, rel=0.01)


def test_a_long_wire_is_refused_and_allowed_with_the_diode_that_is_named():
    (met2,) = ratios_of(wired(Held(GATE_UM2)))
    with pytest.raises(SpecError, match=r"floorplan = 'far': .*400 times its gates' area on met2, .*antenna_diode"):
        require_antenna_free([wired(Held(GATE_UM2))])
    require_antenna_free([wired(Held(GATE_UM2, 1.01 * met2.diode_um2))])
    require_antenna_free([wired(Held())])


def test_a_net_that_leaves_the_block_is_told_of_and_not_refused():
    net = wired(Held(GATE_UM2))
    net.edge_wire = net.wires[0]
    require_antenna_free([net])
    (level,) = ratios_of(net)
    assert outer_antennas([net]) == {"far": {"met2": round(level.ratio, 1)}}
    assert outer_antennas([wired(Held(GATE_UM2))]) == {}
