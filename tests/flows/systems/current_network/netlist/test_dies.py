"""Dies in ngspice, several codes and inputs in one sweep, against a netlist written by hand with the same numbers.

The hand-written one has a switch's number in its threshold alone, here all parameters say together how it conducts.
"""

import numpy as np
import pytest
from hand_current_network import HandNetwork

from analoom.flows.systems.current_network.dies import CurrentDies
from analoom.flows.systems.current_network.netlist.dies import NgspiceDies
from analoom.flows.systems.current_network.netlist.sweep import Sweep
from analoom.generators.current_network.spec import CurrentNetworkSpec

DIMS = (1, 2, 2)
CODES = [np.array([[7, -3], [3, 6]]), np.array([[5, -7], [-3, 6], [1, 2]])]
X = np.array([[90e-9], [40e-9]])


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("family", ["continuous", pytest.param("binned", marks=pytest.mark.full)])
def test_a_die_is_the_one_written_by_hand_and_another_is_not(family):
    solver = CurrentDies(DIMS, 1.0, 1.0, 25e-9, family, 1, 1)
    by_hand, _ = HandNetwork(solver, 0, CODES).currents(X)
    (_,), (found,) = NgspiceDies(CurrentNetworkSpec(dims=DIMS), None, family, 2, 1).activities(
        [([-c for c in CODES], X[:1]), (CODES, X)]
    )
    scale = np.abs(by_hand).max()
    assert np.abs(found[0] - by_hand).max() < 0.003 * scale
    assert np.abs(found[1] - by_hand).max() > 0.02 * scale


def test_a_source_over_points_bends_where_values_change_alone():
    """By hand: 0, 0, 0, 1.8, 1.8 is flat up to the third and from the fourth point on."""
    codes = [[np.array([[code], [0]])] for code in (0, 0, 0, 1, 1)]
    lines = list(Sweep([(c, np.array([[1e-8]])) for c in codes]).lines())
    (bit,) = [line for line in lines if line.startswith("b_layer0_w0_0_b0 ")]
    assert bit.endswith("v=pwl(v(point),-1,0.0,2,0.0,3,1.8,5,1.8)")
    assert [line for line in lines if line.startswith("b_in0")] == ["b_in0 0 in0 i=1e-08"]
    assert Sweep([(c, np.array([[1e-8]])) for c in codes]).analysis == "dc v_point 0 4 1"
