"""Pins of a net are joined where its own cuts leave each other little room."""

from itertools import combinations

import numpy as np
import pytest

from analoom.generators.ways.entries import Entries
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.net import Net
from analoom.generators.ways.search import Prices, Search
from analoom.generators.wiring.join import Joining
from analoom.pdk import rules
from analoom.pdk.wire_levels import VIA4

MET4, MET5 = 3, 4
COLUMNS, ROWS, WALL = 41, 5, 20
APART_NM = rules.VIA4_SIZE.value_nm + rules.VIA4_SPACE.value_nm


def joining(walls, **pins):
    """The pins (level, columns, row) of a net on met4 and met5, with nothing below and walls (columns) in met4."""
    lattice = Lattice([210 * k for k in range(COLUMNS)], [210 * k for k in range(ROWS)])
    fixed, entries = Counted(lattice), {}
    fixed.wires[:MET4], fixed.wires[MET4, walls] = 1, 1
    for name, (level, columns, row) in pins.items():
        entries[name] = Entries(lattice, lattice.nodes(level, columns, [row]))
    prices = Prices(fixed, Counted(lattice), np.zeros_like(fixed.wires, np.float32))
    return Joining(Net("n", []), entries, Search(lattice), prices)


def apart_nm(net):
    """How far the nearest two via4 at different places lie apart along the farther axis."""
    places = {(cut.x_nm, cut.y_nm) for cut in net.cuts if cut.via is VIA4}
    return min(max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in combinations(sorted(places), 2))


def across_a_wall():
    """Two pins on met4 that only a way over a thin wall joins, its two via4 side by side at the cheapest."""
    return joining([WALL], left=(MET4, [0], 2), right=(MET4, [COLUMNS - 1], 2))


def test_a_way_whose_two_cuts_stand_too_near_is_found_farther_apart(monkeypatch):
    crossing = across_a_wall()
    assert crossing.run() == []
    assert apart_nm(crossing.net) >= APART_NM
    monkeypatch.setattr(Joining, "_guard", lambda *_: None)
    assert across_a_wall().run() == ["right"], "one place after the other is barred, of which there are many"


def test_a_pin_that_the_nets_own_cut_shuts_in_is_joined_first():
    """`pocket` lies above one column alone; the nearest way from `long` to `over` ends beside it."""
    walls = [0, 1, 2, 4, 5, 6, 7, 20]
    pins = {"long": (MET4, range(8, 20), 2), "over": (MET5, [8], 2), "pocket": (MET4, [3], 2)}
    assert joining(walls, **pins)._joined() == ["pocket"]
    net = joining(walls, **pins)
    assert net.run() == []
    assert apart_nm(net.net) >= APART_NM


@pytest.mark.parametrize("wall", [[], [WALL]])
def test_what_no_way_leads_to_is_told(wall):
    closed = joining(wall, left=(MET4, [0], 2), right=(MET4, [COLUMNS - 1], 2))
    closed._prices.fixed.wires[MET5] = 1
    assert closed.run() == (["right"] if wall else [])
