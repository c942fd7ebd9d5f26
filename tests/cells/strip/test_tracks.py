"""Tracks of a strip: wires on one track keep apart, columns on one x do not cross, and what has no way is said."""

from itertools import pairwise

import pytest

from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import plan_strip
from analoom.cells.strip.strip import Gate, Island, Strip, both
from analoom.cells.strip.tracks import Column, Net, assign

W_NM, L_NM = 420, 150
RAIL = (VSS, VDD)


def node(net):
    return net, net


def multiplexer(*, crossed):
    gates = (Gate("q", "s"), Gate("s", "q", crossed=crossed))
    return Strip((Island((node("a"), node("y"), node("c")), gates, W_NM, L_NM),), along=("a", "y", "c", "q", "s"))


def test_a_multiplexer_needs_its_second_pair_of_gates_side_by_side():
    """Above each other, q would have to be below s at one pair and above it at the other."""
    plan = plan_strip(multiplexer(crossed=True))
    assert len(set(plan.tracks.values())) == 5
    with pytest.raises(ValueError, match="no order of tracks"):
        plan_strip(multiplexer(crossed=False))


def test_inverters_share_tracks_where_their_wires_do_not_meet():
    regions = (node("b"), RAIL, node("c"), RAIL, node("d"))
    plan = plan_strip(Strip((Island(regions, tuple(map(both, "aabb")), W_NM, L_NM),)))
    assert set(plan.tracks) == {"a", "b"}, "c and d end on one column each"
    spans = sorted((plan.tracks[n], plan.nets[n].left, plan.nets[n].right) for n in plan.tracks)
    for (y, _, right), (other, left, _) in pairwise(spans):
        assert y != other or right + 140 <= left, "m2.2"


def test_wires_on_one_track_keep_their_distance():
    near, far = Net("near", 900, 1500), Net("far", 1140, 1500)
    base = Net("base", 0, 1000)
    assert assign({"base": base, "far": far}, (), {"base": [0], "far": [0]}, None) == {"base": 0, "far": 0}
    assert assign({"base": base, "near": near}, (), {"base": [0], "near": [0]}, None) is None


def test_columns_on_one_x_do_not_meet():
    """The lower contact's net may not have the higher track, unless both columns keep clear of each other."""
    nets = {"low": Net("low", 0, 500), "high": Net("high", 0, 500)}
    columns = (Column("low", 100, 0, 290), Column("high", 100, 800, 1090))
    found = assign(nets, columns, {"low": [0, 900], "high": [0, 900]}, None)
    assert found == {"low": 0, "high": 900}
    assert assign(nets, columns, {"low": [900], "high": [0]}, None) is None


def test_ends_share_their_track():
    regions = (node("d"), RAIL, node("q"))
    plan = plan_strip(Strip((Island(regions, (both("x"), both("x")), W_NM, L_NM),), across=("x",), ends=("d", "q")))
    assert plan.tracks["d"] == plan.tracks["q"]
    assert plan.nets["d"].left == 0 and plan.nets["q"].right == plan.width
