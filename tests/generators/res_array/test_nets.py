"""The wires of resistors from their links alone: each chain runs through all units of its resistor."""

import pytest

from analoom.generators.matching.placement import Placement
from analoom.generators.res_array.nets import wiring
from analoom.generators.res_array.order import placed

RATIOS = [(1,), (2,), (3, 1), (2, 2, 2), (5, 3, 2, 1)]


def walked(ends, count):
    """The units met from p1 on, each left by the net that it does not come by."""
    found = {1: []}
    for k in range(1, count + 1):
        net, here = f"p{k}", []
        while net != f"n{k}":
            (site,) = [s for s, nets in ends.items() if net in nets and s not in here]
            here.append(site)
            net = next(other for other in ends[site] if other != net)
        found[k] = here
    return found


@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("pattern", ["common_centroid", "interdigitated"])
@pytest.mark.parametrize("ratios", RATIOS)
def test_a_chain_runs_through_all_units_of_its_resistor_once(ratios, pattern, rows):
    placement = placed(ratios, min(rows, sum(ratios)), pattern, (1000, 10_000))
    found = walked(wiring(placement, len(ratios), "series").ends, len(ratios))
    for k, units in found.items():
        assert sorted(units) == placement.sites(k - 1) and len(units) == ratios[k - 1]


def test_a_row_of_two_resistors_by_hand():
    """A B B A: the chain of A enters the first from below, goes on above, and leaves from the last below."""
    work = wiring(Placement(((0, 1, 1, 0),), 1000, 1000), 2, "series")
    assert work.ends == {(0, 0): ("p1", "x1_1"), (0, 3): ("n1", "x1_1"), (0, 1): ("p2", "x2_1"), (0, 2): ("n2", "x2_1")}
    of_a = [(x.net, x.top, x.ends, x.joints, x.leaves) for x in work.links if x.slot == 0]
    assert of_a == [
        ("p1", False, ("left", 0), (0,), True),
        ("x1_1", True, (0, 3), (0, 3), False),
        ("n1", False, (3, "right"), (3,), True),
    ]
    assert not work.risers


def test_two_rows_in_series_meet_on_the_right_and_end_on_the_left():
    work = wiring(Placement(((0, 0), (0, 0)), 1000, 1000), 1, "series")
    (riser,) = work.risers
    assert (riser.net, riser.side, riser.levels) == ("x1_2", "right", ((0, False), (1, False)))
    assert [x.ends for x in work.links if x.leaves] == [("left", 0), (0, "left")]


def test_in_parallel_all_lower_ends_are_one_net():
    work = wiring(Placement(((0, 1, 0), (1, 0, 0)), 1000, 1000), 2, "parallel")
    assert {nets for site, nets in work.ends.items()} == {("p1", "n1"), ("p2", "n2")}
    assert {(r.net, r.side) for r in work.risers} == {("p1", "left"), ("n1", "right"), ("p2", "left"), ("n2", "right")}


def test_in_turn_shares_are_even_along_the_row():
    """Two to one: no two of the lesser within two sites of each other."""
    assert placed((4, 2), 1, "interdigitated", (1, 1)).owner == ((0, 1, 0, 0, 1, 0),)


def test_three_rows_centre_what_the_weighted_sum_needs():
    """37, 2, 13, 5 and 10 units in 3 x 23 sites: all five about one centre."""
    placement = placed((37, 2, 13, 5, 10), 3, "common_centroid", (1890, 19_710))
    for k in range(5):
        assert placement.centroid_nm(k) == pytest.approx((0, 0), abs=1e-6)
    off = placed((37, 2, 13, 5, 10), 3, "interdigitated", (1890, 19_710))
    assert max(abs(v) for k in range(5) for v in off.centroid_nm(k)) > 1000
