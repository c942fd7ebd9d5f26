"""Pairs of units beside spines: how far they lie from the centre."""

from math import hypot

import pytest

from analoom.generators.cap_array.spines import _radius
from analoom.generators.matching.placement import Placement


def test_the_radius_of_a_pair_is_counted_from_the_middle_of_the_array():
    """4 rows of 6 units, 2 um by 3 um: the corner lies 2.5 columns and 1.5 rows off, the last row's first unit too."""
    placement = Placement(((0,) * 6,) * 4, 2000, 3000)
    corner = hypot(2.5 * 2000, 1.5 * 3000)
    assert _radius(placement, ((0, 0), (3, 5))) == pytest.approx(corner)
    assert _radius(placement, ((3, 0), (0, 5))) == pytest.approx(corner)
    assert _radius(placement, ((1, 2), (2, 3))) == pytest.approx(hypot(0.5 * 2000, 0.5 * 3000))
