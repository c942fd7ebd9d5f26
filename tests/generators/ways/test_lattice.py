"""Crossings are counted as taken exactly where a wire or a pad would come nearer to a shape than the rule allows."""

import random

import pytest

from analoom.cells.model.drawing import Box
from analoom.generators.ways.lattice import Counted, Lattice, cut_middles
from analoom.pdk import rules
from analoom.pdk.wire_levels import VIA, VIA2

LINES = [210 * k for k in range(16)]
MET1, MET3 = 0, 2


@pytest.mark.parametrize(
    ("level", "width", "space"),
    [(MET1, rules.MET1_WIDTH, rules.MET1_SPACE), (MET3, rules.MET3_WIDTH, rules.MET3_SPACE)],
)
def test_wires_are_taken_where_their_metal_would_come_too_near(level, width, space):
    rng, lattice = random.Random(1), Lattice(LINES, LINES)
    for _ in range(20):
        left, bottom = rng.randrange(0, 2000, 5), rng.randrange(0, 2000, 5)
        box = Box(left, bottom, left + rng.randrange(140, 900, 5), bottom + rng.randrange(140, 900, 5))
        counted = Counted(lattice)
        counted.add(level, box, space.value_nm)
        for i, x in enumerate(LINES):
            for j, y in enumerate(LINES):
                dx = max(box.left - x, x - box.right) - width.value_nm // 2
                dy = max(box.bottom - y, y - box.top) - width.value_nm // 2
                near = dx < space.value_nm and dy < space.value_nm
                assert bool(counted.wires[level, i, j]) == near, (box.to_s(), x, y)


def test_a_shape_that_is_taken_out_leaves_nothing():
    counted = Counted(Lattice(LINES, LINES))
    shapes = [(level, Box(500, 500, 900, 700)) for level in range(5)]
    counted.add_all(shapes)
    assert counted.wires.any(axis=(1, 2)).all() and counted.pads.any()
    counted.add_all(shapes, -1)
    assert not counted.wires.any() and not counted.pads.any()


def test_a_pad_that_is_long_in_x_needs_more_room_in_x():
    """Half a via2's pad in met2 is 185 along its ends and 140 across (m2.4, m2.5: 200 + 2 x 85, 200 + 2 x 40)."""
    counted = Counted(Lattice(LINES, LINES))
    counted.add(1, Box(0, 0, 140, 3200), 140)
    via2, below, v, h = 1, 0, 0, 1
    assert not counted.pads[via2, below, v, 2, 7], "420 - 140 = 280 is 140 from the shape"
    assert counted.pads[via2, below, h, 2, 7], "420 - 185 = 235 is 95 from the shape"
    assert not counted.pads[via2, below, h, 3, 7]


def test_cuts_stand_on_their_own_grid():
    """The left edge of a via (150) is a multiple of 10, so on a line at 420 its middle lies at 415."""
    assert cut_middles(VIA, [415, 420, 425]) == [415, 415, 425]
    assert cut_middles(VIA2, [415, 420, 425]) == [410, 420, 420]


def test_numbers_of_crossings_and_outlines():
    lattice = Lattice([0, 10, 40], [5, 20])
    assert [lattice.at(lattice.node(level, i, j)) for level, i, j in ((0, 0, 0), (4, 2, 1))] == [(0, 0, 5), (4, 40, 20)]
    assert lattice.outline([lattice.node(1, 0, 1), lattice.node(3, 1, 0)]) == Box(0, 5, 10, 20)
    assert lattice.outline([]).empty()
    assert lattice.within(Box(5, 0, 40, 19)) == (range(1, 3), range(1))
