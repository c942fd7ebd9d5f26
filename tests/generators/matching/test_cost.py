"""What a placement costs, worked out by hand, and the search that lowers it."""

from math import sqrt

import numpy as np
import pytest

from analoom.cells.model import registry
from analoom.flows.statistics.drawn_placement import drawn_placement
from analoom.generators.matching import search as centroid_search
from analoom.generators.matching.centroid import STARTS, place
from analoom.generators.matching.cost import GRADIENT_WEIGHT, RHO, placement_cost
from analoom.generators.matching.placement import DUMMY, Placement

PATTERNS = (*STARTS, "optimised")


def test_figures_of_a_cross_quad_by_hand():
    """Four units at +-1/2: no centre is off; xy is +-1/4 of a mean squared radius of 1/2; every column holds both."""
    cost = placement_cost(Placement(((0, 1), (1, 0)), 1000, 1000))
    assert cost.linear == pytest.approx(0, abs=1e-12)
    assert cost.quadratic == pytest.approx(sqrt(2) * 0.25 / 0.5)
    assert cost.dispersion == pytest.approx(1 - 4 * RHO / (2 + 2 * RHO ** sqrt(2)))
    assert cost.routing == 1


def test_figures_of_a_split_row_by_hand():
    """aabb: centres one pitch off, root mean square radius sqrt(1.25); free sites count for nothing."""
    cost = placement_cost(Placement(((DUMMY, 0, 0, 1, 1, DUMMY),), 1000, 1000))
    assert cost.linear == pytest.approx(1 / sqrt(1.25))
    assert cost.quadratic == pytest.approx(0, abs=1e-12)
    near = (2 * RHO**2 + RHO + RHO**3) / (2 + 2 * RHO)
    assert cost.dispersion == pytest.approx(1 - near)


@pytest.mark.parametrize("weights", [(2, 2, 4), (4, 8, 20, 2, 16), (6, 6, 6, 6), (1, 1, 1, 12, 2, 1), (5, 9, 3)])
def test_the_search_keeps_its_sums_as_the_definition_has_them(weights, monkeypatch):
    """What the search says it has reached is what the finished placement costs, but for the linear figure."""
    told = []

    def watched(board, starts):
        state = centroid_search._State(board, starts[1])
        state.descend(np.random.default_rng(3))
        told.append(state.cost())
        return [int(k) for k in state.owner]

    monkeypatch.setattr("analoom.generators.matching.centroid.improve", watched)
    found = place(weights, 2000, 2400, pattern="optimised")
    cost = placement_cost(found)
    assert told == [pytest.approx(cost.total - GRADIENT_WEIGHT * cost.linear, rel=1e-9)]


@pytest.mark.parametrize("units", [16, 64, 256])
def test_optimised_costs_least_of_all_patterns(units):
    weights = [1, *(2**k for k in range(units.bit_length() - 1))]
    cost = {pattern: placement_cost(place(weights, 2480, 2840, pattern=pattern)).total for pattern in PATTERNS}
    assert min(cost, key=lambda name: cost[name]) == "optimised"
    assert cost["optimised"] < 0.8 * cost["dispersed"]


@pytest.mark.slow
def test_optimised_costs_least_as_drawn_too():
    """The wires, which the search evens out beside, do not outweigh the figures."""
    weights = (1, 1, 2, 4, 8, 16, 32, 64)
    cost = {}
    for pattern in PATTERNS:
        cell = registry.build("cap_array", {"weights": weights, "pattern": pattern})
        cost[pattern] = placement_cost(drawn_placement(cell)).total
    assert min(cost, key=lambda name: cost[name]) == "optimised"
