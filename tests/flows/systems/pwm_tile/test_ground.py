"""The ground of a tile: by hand on a row, as drawn, and against ngspice with its resistance a thousandfold."""

import re
from dataclasses import replace

import numpy as np
import pytest
from ideal_pulse_tile import BY_GROUND, DELAY_S, LOST_C, UNIT_A, Ideal

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.current_network.solver.supply_mesh import SupplyMesh
from analoom.flows.systems.pwm_tile.operation.analog import without_memory
from analoom.flows.systems.pwm_tile.operation.program import USUAL, Program, read_s
from analoom.flows.systems.pwm_tile.operation.transient import run_tile
from analoom.flows.systems.pwm_tile.solver.forward import NOMINAL, forward
from analoom.flows.systems.pwm_tile.solver.ground import Ground, tile_ground
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.corners import corner

EXAGGERATED = 1000


def test_a_row_loses_what_its_rail_takes():
    """By hand: 2 kohm from the left place to the right one, 3 to the lane, 1 down it; 140 and 60 nA come in."""
    ground = Ground(SupplyMesh(np.array([2e3, 3e3]), np.full(2, np.inf), np.array([1e3, 0.0])))
    cell, codes = Ideal(PwmTileSpec(rows=1, cols=2)).cell, np.array([[7, -3]])
    right_v = 10 * UNIT_A * 4e3
    rises = np.array([right_v + 7 * UNIT_A * 2e3, right_v])
    assert ground.rises(UNIT_A * np.array([[7.0, 3.0]]))[0] == pytest.approx(rises, rel=1e-9, abs=0)
    assert ground.factor(codes, cell)[0] == pytest.approx(np.exp(-BY_GROUND * rises), rel=1e-3, abs=0)


def test_pulses_out_are_shorter_by_what_the_ground_takes():
    """10 mV under every weight, 10 a volt: a tenth of the charge in e to the minus."""
    spec, codes, pulses = PwmTileSpec(rows=1, cols=1), np.array([[7]]), np.array([[1e-6]])
    ground = Ground(SupplyMesh(np.array([1e-2 / (7 * UNIT_A) * np.exp(0.1)]), np.array([np.inf]), np.zeros(2)))
    plain = Ideal(spec).pulses(codes, pulses, NOMINAL)[0, 0]
    fallen = Ideal(spec, ground=ground).pulses(codes, pulses, NOMINAL)[0, 0]
    lost_s = LOST_C / (8 * UNIT_A)
    assert (fallen - DELAY_S + lost_s) / (plain - DELAY_S + lost_s) == pytest.approx(np.exp(-0.1), rel=1e-3, abs=0)


@pytest.mark.full
def test_the_ground_of_a_large_tile_takes_parts_of_a_hundred():
    """By hand, of 64 rows at code 7: met3 of 1 um down 64 pitches with the current of all rows above."""
    spec = PwmTileSpec(rows=64, cols=64, full_scale=0.1)
    mesh = tile_ground(spec).mesh
    assert len(mesh.lane_ohm) == 65 and len(mesh.rail_ohm) == 64
    along = 0.047 * build("pwm_cell").notes["tile_nm"][1] / 1e3
    assert mesh.lane_ohm[1:] == pytest.approx(along, rel=0.05, abs=0)


@pytest.mark.full
@pytest.mark.tools
def test_the_solver_agrees_with_ngspice_on_a_ground_of_a_thousand_times_the_resistance():
    spec, codes = PwmTileSpec(rows=2, cols=2), np.array([[7, 4], [5, -2]])
    ground = tile_ground(spec)
    drawn = (ground.mesh.rail_ohm, ground.mesh.strap_ohm, ground.mesh.lane_ohm)
    mesh = SupplyMesh(*(EXAGGERATED * ohm for ohm in drawn))
    pulses = 1e-8 * np.array([[127.0, 127.0], [64.0, 20.0], [30.0, 0.0]])
    dut = without_memory(make_dut(build("pwm_tile", {"rows": 2, "cols": 2}), "schematic", corner("tt"), 27.0))
    risen = replace(dut, text=on_mesh(dut.text, mesh))
    found = run_tile(risen, Program(spec, USUAL, pulses, read_s(spec, codes, pulses)), codes).pulses
    full_s = 2 * 7 * 1.27e-6 / 8
    error = np.abs(forward(spec, codes, pulses, ground=Ground(mesh)) - found).max() / full_s
    plain = np.abs(forward(spec, codes, pulses) - found).max() / full_s
    print(f"largest error {100 * error:.3f} % of full scale, {100 * plain:.2f} % without the ground")
    assert error < 4e-3, "what it errs by without a ground"
    assert plain > 5e-2


def on_mesh(text, mesh):
    """A tile's netlist whose weights stand on nodes of a mesh, `g<rail>_<place>`."""
    rails, places = len(mesh.lane_ohm), len(mesh.rail_ohm)
    *lines, end = text.splitlines()
    for k, line in enumerate(lines):
        if weight := re.match(r"Xweights_r(\d)c(\d)_", line):
            name, d, g, source, _, *rest = line.split()
            node = f"g{int(weight[1]) + 1}_{weight[2]}"
            lines[k] = " ".join([name, d, g, node if source == "vss" else source, node, *rest])
    for rail in range(rails):
        nodes = [*(f"g{rail}_{k}" for k in range(places)), f"lane{rail}"]
        lines += [f"Rrail{rail}_{k} {nodes[k]} {nodes[k + 1]} {float(mesh.rail_ohm[k])!r}" for k in range(places)]
        lines.append(f"Rlane{rail} {nodes[-1]} {f'lane{rail - 1}' if rail else 'vss'} {float(mesh.lane_ohm[rail])!r}")
        if rail:
            lines += [
                f"Rstrap{rail}_{k} g{rail}_{k} g{rail - 1}_{k} {float(mesh.strap_ohm[k])!r}" for k in range(places)
            ]
    return "\n".join([*lines, end, ""])
