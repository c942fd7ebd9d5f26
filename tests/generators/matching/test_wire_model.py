"""What wires add by site, by hand; the search evens it out, and not without the model."""

import numpy as np
import pytest

from analoom.generators.matching.centroid import STARTS, place
from analoom.generators.matching.placement import DUMMY, Placement
from analoom.generators.matching.wire_model import WireModel, met_by_site, uneven

RIM = WireModel(spine=1.0)
BINARY = (2, 2, 4, 8, 16, 32)


def rim_columns(placement):
    """1 beside a spine in the first and the last column."""
    return RIM.added(met_by_site(placement, (), {0, placement.cols - 1}))


def units_at_the_rim(placement):
    owner = np.array(placement.owner)
    return [int((owner[:, [0, -1]] == k).sum()) for k in range(len(BINARY))]


def test_shares_by_site_by_hand():
    """Three rows of three, a dummy in the upper right corner: the lowest row, then the middle, then the highest."""
    model = WireModel(spine=1, spine_end=10, way_out=100, side=1e3, end=1e4, dummy=1e5)
    placement = Placement(((0, 0, 0), (0, 0, 0), (0, 0, DUMMY)), 1000, 1000)
    found = model.added(met_by_site(placement, {(2, 1)}, {0}))
    assert found.tolist() == [[11011, 10000, 11000], [1001, 0, 111000], [11011, 111100, 0]]


def test_wires_are_even_to_the_nearest_pair_where_the_search_knows_of_them():
    """8 x 8 units, a quarter of them in the outer columns: of 2, 2, 4, 8, 16 and 32 units 0.5, 0.5, 1, 2, 4 and 8."""
    knowing = units_at_the_rim(place(BINARY, 2000, 2000, pattern="optimised", wires=rim_columns))
    assert all(abs(n - weight / 4) <= 1 for n, weight in zip(knowing, BINARY, strict=True))
    for pattern in (*STARTS, "optimised"):
        found = units_at_the_rim(place(BINARY, 2000, 2000, pattern=pattern))
        assert not all(abs(n - weight / 4) <= 1 for n, weight in zip(found, BINARY, strict=True))


def test_uneven_is_the_root_of_the_squares_for_the_units():
    assert uneven(np.array([3.0, -4.0, 0.0]), 100) == pytest.approx(0.5)
