"""Common-centroid placement: every unit placed once, point symmetry, what odd weights leave over, dispersion."""

from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analoom.generators.matching.centroid import place, place_row
from analoom.generators.matching.placement import DUMMY

WEIGHTS = st.lists(st.integers(1, 24), min_size=1, max_size=9)


@pytest.mark.slow
@given(WEIGHTS, st.integers(1, 3))
@settings(max_examples=120, deadline=None)
def test_each_weight_gets_its_units_and_its_mirror_images(weights, squash):
    grid = place(weights, 2480, 2745 * squash)
    flat = [who for line in grid.owner for who in line]
    assert [flat.count(k) for k in range(len(weights))] == weights
    mirrored = flat[::-1]
    unpaired = [(a, b) for a, b in zip(flat, mirrored, strict=True) if a != b]
    odd = sum(w % 2 for w in weights)
    assert len(unpaired) == odd - odd % 2
    assert all(DUMMY not in pair for pair in unpaired)


@given(WEIGHTS)
@settings(max_examples=60, deadline=None)
def test_even_weights_are_exact_and_odd_ones_off_by_one_unit(weights):
    grid = place(weights, 2000, 2000)
    for k, weight in enumerate(weights):
        x, y = grid.centroid_nm(k)
        moment = weight * hypot(x, y)
        assert moment == pytest.approx(0, abs=1e-6) or (weight % 2 and moment <= 1000 * hypot(grid.rows, grid.cols))


def test_two_equal_weights_make_a_chessboard():
    grid = place([8, 8], 1000, 1000)
    assert all((r + c) % 2 == grid.owner[0][0] ^ grid.owner[r][c] for r in range(4) for c in range(4))


def test_weights_meet_every_radius_alike():
    """A radial gradient reaches each weight alike: mean square radii of 64 sites agree within 35 %."""
    weights = [4, 8, 16, 36]
    grid = place(weights, 1000, 1000)
    middle = ((grid.rows - 1) / 2, (grid.cols - 1) / 2)
    means = [
        sum((r - middle[0]) ** 2 + (c - middle[1]) ** 2 for r, c in grid.sites(k)) / w for k, w in enumerate(weights)
    ]
    everywhere = sum(m * w for m, w in zip(means, weights, strict=True)) / sum(weights)
    assert all(abs(m / everywhere - 1) < 0.35 for m in means)


def test_free_sites_are_the_outermost():
    grid = place([5, 5, 5, 6], 1000, 1000)
    radius = {
        (r, c): hypot(r - (grid.rows - 1) / 2, c - (grid.cols - 1) / 2)
        for r in range(grid.rows)
        for c in range(grid.cols)
    }
    free = grid.sites(DUMMY)
    used = radius.keys() - set(free)
    assert not free or min(radius[s] for s in free) >= max(radius[s] for s in used) - 1e-9


def test_same_weights_same_placement():
    assert place([3, 5, 9], 2480, 2745) == place([3, 5, 9], 2480, 2745)


@pytest.mark.parametrize("pattern", ["spiral", "chessboard", "block_chessboard", "optimised"])
@pytest.mark.parametrize("weights", [[1, 1, 2, 4, 8, 16, 32], [3, 5, 7], [6, 2]])
def test_patterns_place_every_unit_about_the_same_centre(pattern, weights):
    grid = place(weights, 2000, 2000, pattern=pattern)
    flat = [who for line in grid.owner for who in line]
    assert [flat.count(k) for k in range(len(weights))] == weights
    even = [k for k, weight in enumerate(weights) if weight % 2 == 0]
    assert all(grid.centroid_nm(k) == (0.0, 0.0) for k in even)


def test_heaviest_of_a_chessboard_takes_every_other_site():
    grid = place([4, 4, 8, 16, 32], 2000, 2000, pattern="chessboard")
    assert {(r + c) % 2 for r, c in grid.sites(4)} == {1}


def test_spiral_keeps_light_weights_inside():
    grid = place([2, 2, 4, 8, 16, 32], 2000, 2000, pattern="spiral")
    rings = [max(max(abs(2 * r - 7), abs(2 * c - 7)) for r, c in grid.sites(k)) for k in range(6)]
    assert rings == sorted(rings) and rings[0] < rings[-1]


def test_a_row_is_mirrored_about_its_middle():
    order = place_row([2, 4, 6, 1], 1000).owner[0]
    assert order == order[::-1] and order[len(order) // 2] == 3


@pytest.mark.slow
def test_search_evens_out_what_a_bowl_does_to_heavy_weights():
    """Second moments of the heavier weights about the centre, by their own mean square radius: closer than undone."""

    def spread(pattern):
        grid = place([16, 32, 64, 144], 1000, 1000, pattern=pattern)
        means = [sum(hypot(r - 7.5, c - 7.5) ** 2 for r, c in grid.sites(k)) / len(grid.sites(k)) for k in range(4)]
        return max(means) - min(means)

    assert spread("optimised") < spread("dispersed")
    assert spread("optimised") < 0.2 * spread("spiral")
