"""Ways are joined up, enter nothing fixed, and cost little more than the cheapest, which scipy's Dijkstra finds."""

import itertools

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from analoom.generators.ways import search
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.search import Prices, Search

NX, NY, LEVELS = 12, 9, 5
ACROSS_X, ACROSS_Y = (3, 1, 3, 1, 3), (1, 3, 1, 3, 1)
"""Wires of met2 and met4 run along x, those of met1, met3 and met5 along y; a step across costs thrice its length."""
VIA, EAGER = 1000.0, 1.2


def prices_of(seed, blocked=0.25):
    rng, lattice = np.random.default_rng(seed), Lattice([210 * k for k in range(NX)], [210 * k for k in range(NY)])
    fixed, moving = Counted(lattice), Counted(lattice)
    fixed.wires[:] = rng.random(fixed.wires.shape) < blocked
    fixed.pads[:] = rng.random(fixed.pads.shape) < blocked / 2
    fixed.wires[:, 0, 0] = fixed.wires[:, -1, -1] = 0
    moving.wires[:] = rng.integers(0, 3, moving.wires.shape)
    return lattice, Prices(fixed, moving, np.zeros_like(fixed.wires, np.float32), 0.5)


def at(costs):
    return np.array(list(costs), np.int64), np.array(list(costs.values()), np.float64)


def cheapest(lattice, prices, start, goal):
    """The cost of the cheapest way on a graph written out step by step."""
    steps = [
        (lattice.node(level, i, j), lattice.node(a, b, c), cost)
        for level in range(LEVELS)
        for i in range(NX)
        for j in range(NY)
        for a, b, c, cost in neighbours(prices, level, i, j)
    ]
    tail, head, cost = zip(*steps, strict=True)
    size = LEVELS * NX * NY
    return dijkstra(coo_array((cost, (tail, head)), (size, size)).tocsr(), indices=start)[goal]


def neighbours(prices, level, i, j):
    for b, c, across in ((i - 1, j, ACROSS_X), (i + 1, j, ACROSS_X), (i, j - 1, ACROSS_Y), (i, j + 1, ACROSS_Y)):
        if 0 <= b < NX and 0 <= c < NY and not prices.fixed.wires[level, b, c]:
            yield level, b, c, 210 * (across[level] + prices.press * prices.moving.wires[level, b, c])
    for a in (level - 1, level + 1):
        if 0 <= a < LEVELS and not prices.fixed.wires[a, i, j]:
            k = min(a, level)
            free = [e for e in (0, 1) if not prices.fixed.pads[k, :, e, i, j].any()]
            if free:
                yield a, i, j, VIA + free[0]


@pytest.mark.parametrize("seed", range(12))
def test_ways_cost_at_most_what_eagerness_allows(seed):
    lattice, prices = prices_of(seed)
    start, goal = lattice.node(0, 0, 0), lattice.node(1, NX - 1, NY - 1)
    best = cheapest(lattice, prices, start, goal)
    way = [node for node, _ in Search(lattice).way(prices, at({start: 0.0}), at({goal: 0.0}))]
    assert bool(way) == bool(np.isfinite(best))
    if way:
        costs = [step_cost(lattice, prices, a, b) for a, b in itertools.pairwise(way)]
        assert (way[0], way[-1]) == (start, goal)
        assert best - 0.1 <= sum(costs) <= EAGER * best


def step_cost(lattice, prices, a, b):
    """The cost of a step; an IndexError for one that leads nowhere or into what is fixed."""
    found = {lattice.node(*step[:3]): step[3] for step in neighbours(prices, *lattice.place(a))}
    return found[b]


def test_the_nearer_of_two_starts_and_the_cheaper_entry_are_taken():
    lattice, prices = prices_of(0, blocked=0)
    near, far, goal = (lattice.node(0, 0, j) for j in (6, 0, 8))
    search = Search(lattice)
    assert search.way(prices, at({near: 0.0, far: 0.0}), at({goal: 0.0}))[0][0] == near
    assert search.way(prices, at({near: 5000.0, far: 0.0}), at({goal: 0.0}))[0][0] == far
    other = lattice.node(0, 0, 7)
    assert search.way(prices, at({near: 0.0}), at({goal: 0.0, other: 5000.0}))[-1][0] == goal


def test_a_wall_leaves_no_way_and_tells_how_far_it_came():
    lattice, prices = prices_of(0, blocked=0)
    prices.fixed.wires[:, 4, :] = 1
    search = Search(lattice)
    start, goal = lattice.node(0, 0, 0), lattice.node(0, NX - 1, 0)
    assert search.way(prices, at({start: 0.0}), at({goal: 0.0})) == []
    assert search.explored() == LEVELS * 4 * NY


@pytest.mark.parametrize("is_open", [False, True])
def test_a_pin_in_a_pocket_is_shut_in_and_one_with_a_way_out_is_not(is_open):
    """Walls around three lines by three on every level; a lattice so large that the pocket is a small part of it."""
    lines = [210 * k for k in range(60)]
    lattice = Lattice(lines, lines)
    fixed, moving = Counted(lattice), Counted(lattice)
    fixed.wires[:, 3, :4] = fixed.wires[:, :4, 3] = 1
    if is_open:
        fixed.wires[0, 3, 1] = 0
    prices = Prices(fixed, moving, np.zeros_like(fixed.wires, np.float32), 0.5)
    start, goal = at({lattice.node(0, 1, 1): 0.0}), at({lattice.node(0, 50, 50): 0.0})
    assert Search(lattice).is_shut_in(prices, start, goal) == (not is_open)


def test_a_pin_in_a_pocket_is_given_up_before_all_crossings_are_looked_at(monkeypatch):
    """No way from one corner to a pocket at the other; asked in time, a part of the 450,000 crossings is looked at."""
    lines = [210 * k for k in range(300)]
    lattice = Lattice(lines, lines)
    fixed, moving = Counted(lattice), Counted(lattice)
    fixed.wires[:, 3, :4] = fixed.wires[:, :4, 3] = 1
    prices = Prices(fixed, moving, np.zeros_like(fixed.wires, np.float32), 0.5)
    far, pocket = (at({lattice.node(0, k, k): 0.0}) for k in (290, 1))
    found = Search(lattice)
    assert found.way(prices, far, pocket) == []
    assert found.effort < lattice.nx * lattice.ny * LEVELS / 4
    monkeypatch.setattr(search, "SUSPECT", search.EVER)
    unasked = Search(lattice)
    assert unasked.way(prices, far, pocket) == []
    assert unasked.effort > lattice.nx * lattice.ny * LEVELS * 0.9


def test_a_way_that_takes_long_is_the_same_one(monkeypatch):
    lattice, prices = prices_of(3)
    ends = at({lattice.node(0, 0, 0): 0.0}), at({lattice.node(1, NX - 1, NY - 1): 0.0})
    whole = Search(lattice).way(prices, *ends)
    monkeypatch.setattr(search, "SUSPECT", 5)
    monkeypatch.setattr(search, "FEW", 2)
    assert whole and Search(lattice).way(prices, *ends) == whole


@pytest.mark.parametrize("worn", [0.0, 33_333.3])
def test_where_prices_are_high_no_crossing_is_looked_at_over_and_over(worn):
    """Around a goal that is shut in all others are reached within three looks at each, also where a price is beyond
    single precision: once each tie was entered in the list again, and that list grew without end."""
    lattice, prices = prices_of(0, blocked=0.0)
    goal = lattice.node(4, NX - 1, NY - 1)
    prices.fixed.wires[4, NX - 1, NY - 1] = 1
    prices.worn[:] = worn
    size = LEVELS * NX * NY
    found = Search(lattice)
    assert not found.way(prices, at({lattice.node(0, 0, 0): 0.3}), at({goal: 0.0}), 3 * size)
    assert found.explored() == size - 1
