"""Spreads, mistakes and losses by hand."""

from __future__ import annotations

import numpy as np
import pytest
from surrogate_dies import SurrogateDies, pairs_of, quadrants

from analoom.flows.compile.accuracy.losses import DESIGNED, losses, reached
from analoom.flows.compile.accuracy.mistakes import confusion
from analoom.flows.compile.accuracy.spread import spread
from analoom.flows.compile.training.loss import accuracy


def test_a_spread_says_mean_fifth_percentile_least_and_an_interval_that_is_that_of_a_mean() -> None:
    values = np.random.default_rng(1).normal(0.9, 0.02, 400)
    found = spread(list(values))
    assert found["mean"] == pytest.approx(values.mean(), rel=1e-9) and found["dies"] == 400
    assert (values < found["p5"]).sum() == 20 and found["min"] == values.min()
    half = 1.96 * values.std() / 20
    assert np.array(found["ci95"]) - values.mean() == pytest.approx([-half, half], rel=0.15)
    assert spread([0.5] * 9)["ci95"] == [0.5, 0.5]


def test_mistakes_are_counted_by_class_and_by_what_is_said() -> None:
    outputs = np.array([[[1.0, 0, 0], [0, 0, 1.0], [0, 2.0, 1.0]], [[1.0, 0, 0], [0, 1.0, 0], [0, 2.0, 1.0]]])
    assert confusion(outputs, np.array([0, 1, 1])).tolist() == [[2, 0, 0], [0, 3, 1], [0, 0, 0]]


def test_losses_by_source_add_up_to_the_whole_and_a_layer_without_mismatch_costs_nothing() -> None:
    dims, (x, y) = (2, 6, 2), quadrants()
    dies, rng = SurrogateDies(dims, 20, 1, scale=2.0), np.random.default_rng(0)
    codes = [rng.integers(-7, 8, shape) for shape in pairs_of(dims)]
    codes[1][-1] = 0
    for path in dies.somas:
        path[1][:] = 1.0
    found = reached([c.astype(np.float32) for c in codes], dies.measured(), 0.25, x.astype(np.float32), y)
    unaware = list(accuracy(dies.outputs(codes, x), y))
    without = {name: list(accuracy(other.outputs(codes, x), y)) for name, other in dies.without().items()}
    lost = losses(0.97, found, unaware, without)
    assert lost["units"] == pytest.approx(np.mean(without["units"]) - np.mean(unaware), rel=1e-9, abs=1e-9)
    assert sum(lost.values()) == pytest.approx(0.97 - np.mean(unaware), rel=1e-9)
    assert lost["gains_layer2"] == 0 and lost["gains_outputs"] == 0
    assert np.ptp(found["gains_layer1"]) > 0 == np.ptp(found[DESIGNED])
