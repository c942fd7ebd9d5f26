"""Drops on the supplies' wires: a mesh by hand, and a network whose wires are far too thin, against ngspice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_current_network import HandNetwork

from analoom.flows.systems.current_network.dies import CurrentDies
from analoom.flows.systems.current_network.solver.ir_drop import LayerWires
from analoom.flows.systems.current_network.solver.supplies import layer_wires
from analoom.flows.systems.current_network.solver.supply_mesh import SupplyMesh
from analoom.generators.current_network.spec import CurrentLayerSpec
from analoom.pdk.errors import InputError

RAIL, STRAP, LANE = 4e3, 13e3, 2e3
"""Ohm, some thousand times what is drawn: drops of a few millivolts."""


def thin(rows: int, columns: int) -> LayerWires:
    rail, none, strap = (np.full(columns + 1, ohm) for ohm in (RAIL, np.inf, STRAP))
    return LayerWires(SupplyMesh(rail, none, np.full(rows, LANE)), SupplyMesh(rail, strap, np.full(rows + 1, LANE)))


def test_a_mesh_rises_as_two_rails_and_their_straps_do_by_hand() -> None:
    """1 A into the far end of the lower of two rails of 1 ohm a piece, one strap of 2 ohm at that end, lanes of 3 and 1
    ohm. From the far end 2 ohm (2 pieces) lead to the lower lane, 2 + 2 + 1 (strap, 2 pieces, upper lane) beside them:
    2 || 5 = 10/7, and 3 ohm below. The upper end lies where 3 of the 5 ohm are left of the 10/7."""
    mesh = SupplyMesh(np.ones(2), np.array([2.0, np.inf]), np.array([3.0, 1.0]))
    currents = np.zeros((1, 2, 2))
    currents[0, 0, 0] = 1.0
    found = mesh.rises(currents)[0]
    assert found[0, 0] == pytest.approx(3 + 10 / 7, rel=1e-12, abs=0)
    assert found[1, 0] == pytest.approx(3 + 10 / 7 * 3 / 5, rel=1e-12, abs=0)
    loose = replace(mesh, strap_ohm=np.full(2, np.inf)).rises(currents)[0]
    assert loose[:, 0] == pytest.approx([5.0, 3.0], rel=1e-12, abs=0)
    barely = replace(mesh, strap_ohm=np.full(2, 1e12)).rises(currents)[0]
    assert loose == pytest.approx(barely, rel=1e-9, abs=0)


def test_a_mesh_of_many_rails_rises_as_its_matrix_of_conductances_says() -> None:
    """Kirchhoff's law at every node, in one matrix; at several points at once, and with one place without a strap."""
    rng = np.random.default_rng(3)
    rail, lane, straps = rng.uniform(1, 5, 3), rng.uniform(1, 5, 4), np.array([2.0, np.inf, 7.0])
    currents = rng.random((5, 4, 3))
    matrix = np.zeros((16, 16))
    joined = [(4 * r + k, 4 * r + k + 1, rail[k]) for r in range(4) for k in range(3)]
    joined += [(4 * r + k, 4 * r + k - 4, straps[k]) for r in (1, 2, 3) for k in range(3)]
    joined += [(4 * r + 3, 4 * r - 1, lane[r]) for r in range(4)]
    for a, b, ohm in joined:
        for node in (a, b):
            if node >= 0:
                matrix[node, node] += 1 / ohm
        if b >= 0:
            matrix[a, b] -= 1 / ohm
            matrix[b, a] -= 1 / ohm
    entering = np.pad(currents, ((0, 0), (0, 0), (0, 1))).reshape(5, 16)
    expected = np.linalg.solve(matrix, entering.T).T.reshape(5, 4, 4)[:, :, :3]
    assert SupplyMesh(rail, straps, lane).rises(currents) == pytest.approx(expected, rel=1e-10, abs=0)


@pytest.mark.slow
@pytest.mark.tools
def test_a_network_with_thin_wires_loses_what_it_does_in_ngspice() -> None:
    """What the wires take off is told within a tenth; a solver that forgets them errs by all of it."""
    codes = [np.array([[7, -3], [3, 6]]), np.array([[5, -7], [-3, 6], [1, 2]])]
    x = np.array([[90e-9]])
    dies = CurrentDies((1, 2, 2), 1.0, 1.0, 25e-9, "continuous", 1, 1)
    wired = replace(dies, wires=(thin(2, 2), thin(3, 2)))
    plain, held = (HandNetwork(dies, 0, codes, ohm=ohm).currents(x)[0] for ohm in (None, (RAIL, STRAP, LANE)))
    lost, found = held - plain, wired.currents(codes, x)[0] - dies.currents(codes, x)[0]
    assert np.abs(lost).max() > 0.02 * np.abs(plain).max(), "or nothing is tested"
    assert np.abs(found - lost).max() < 0.1 * np.abs(lost).max()


def test_drawn_wires_are_by_their_sheets() -> None:
    """By hand: a synapse is 12.26 um wide on a rail of .4 um of met2, .125 ohm a square over .361 um; the lane is 1 um
    of met3, .047 ohm a square over .975 um, a row 6.89 um high."""
    wires = layer_wires(CurrentLayerSpec(rows=3, cols=4))
    assert wires.shape == (3, 4) and len(wires.vss.lane_ohm) == 4
    assert wires.vdd.rail_ohm[1] == pytest.approx(12.26 * 0.125 / 0.361, rel=0.01)
    assert wires.vdd.lane_ohm[1] == pytest.approx(6.89 * 0.047 / 0.975, rel=0.01)
    assert np.isinf(wires.vdd.strap_ohm).all() and np.isfinite(wires.vss.strap_ohm).all()


def test_wires_of_other_layers_are_refused() -> None:
    with pytest.raises(InputError, match="wires of layers"):
        CurrentDies((1, 2), 1.0, 1.0, 25e-9, "binned", 1, 1, wires=(thin(3, 2),))
