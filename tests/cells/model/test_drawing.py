"""Cut placement: as many as the rules let fit, on the cut grid, inside."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analoom.cells.model.drawing import spread


@given(st.integers(-500, 500), st.integers(0, 600), st.sampled_from([(170, 170), (170, 190), (150, 170), (200, 200)]))
def test_spread_fits_and_keeps_distance(low5, width5, cut):
    low, high, (size, space) = low5 * 5, low5 * 5 + width5 * 5, cut
    lefts = spread(low, high, size, space)
    assert all(low <= x and x + size <= high and x % 10 == 0 for x in lefts)
    assert all(b - a >= size + space for a, b in pairwise(lefts))
    room = high - -(-low // 10) * 10
    assert len(lefts) == max(0, (room - size) // (size + space) + 1)
