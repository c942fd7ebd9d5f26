"""The field solver against exact results and against an independent solver's numbers."""

import numpy as np
import pytest
from oracles.field_solver import Box, Mesh, per_length_af_per_um, solid_af

GOLDEN = [
    ("A", "met1", 0.14, 75.975),
    ("B", "met1", 0.14, 73.069),
    ("A", "met2", 0.14, 68.141),
    ("B", "met2", 0.14, 65.273),
    ("A", "li1", 0.17, 76.774),
]
PAIRS = [
    ("A", 0.28, 85.506, 46.914),
    ("B", 0.28, 81.747, 45.301),
    ("A", 0.56, 50.616, 51.075),
    ("B", 0.56, 47.598, 49.393),
]


@pytest.mark.parametrize(("stack", "level", "w_um", "golden"), GOLDEN)
def test_wire_alone(stack, level, w_um, golden):
    """Golden: finite-integration Laplace solution, +-0.4 %."""
    assert per_length_af_per_um([Box(0, level, 0, 0, w_um, 1)], stack)[0, 0] == pytest.approx(golden, rel=0.01)


@pytest.mark.parametrize(("stack", "s_um", "coupling", "ground"), PAIRS)
def test_met1_pair(stack, s_um, coupling, ground):
    """Golden: finite-integration Laplace solution, +-0.2 %; a second-order finite-element one agrees to 0.1 %."""
    found = per_length_af_per_um([Box(0, "met1", 0, 0, 0.14, 1), Box(1, "met1", 0.14 + s_um, 0, 0.28 + s_um, 1)], stack)
    assert -found[0, 1] == pytest.approx(coupling, rel=0.015)
    assert found[0].sum() == pytest.approx(ground, rel=0.015)


def test_wide_plates_are_a_plate_capacitor():
    """Met2 over met1 between mirrors: eps0 k / gap, k = 4.5 (NILD3) over 0.27 um."""
    walls = Mesh(h_um=0.05, top_um=8, walls_um=(0, 0, 1, 1))
    found = solid_af([Box(0, "met1", 0, 0, 1, 1), Box(1, "met2", 0, 0, 1, 1)], "A", walls)
    assert -found[0, 1] == pytest.approx(8.8541878128 * 4.5 / 0.27, rel=1e-3)


def test_matrix_is_symmetric_and_passive():
    found = solid_af(
        [Box(0, "met1", 0, 0, 0.5, 0.2), Box(1, "met2", 0, 0, 0.2, 0.5)],
        "A",
        Mesh(h_um=0.1, growth=1.6, top_um=8, walls_um=(0, 0, 3, 3)),
    )
    assert found == pytest.approx(found.T)
    assert (found.sum(axis=1) > 0).all() and found[0, 1] < 0 < np.diag(found).min()
