"""The pass over dies whose columns have gains and offsets: against a plain loop, its gradient against differences."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from analoom.flows.compile.training.columns import PULL, ColumnGains, ColumnPass
from analoom.flows.compile.training.dense_pass import BELOW
from analoom.flows.compile.training.loss import cross_entropy

DIMS, DIES, POINTS = (3, 4, 2), 2, 5
LOST, STEPS, FREE = (0.02, 0.01), (0.125, 0.25), (1e3, 1e3)


def case(held: tuple[float, float] = FREE) -> tuple[ColumnGains, list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(3)
    gain = tuple(rng.uniform(0.8, 1.2, (DIES, n)) for n in DIMS[1:])
    offset = tuple(rng.uniform(-0.1, 0.1, (DIES, n)) for n in DIMS[1:])
    designed = tuple(np.ones((1, n)) for n in DIMS[1:]), tuple(np.zeros((1, n)) for n in DIMS[1:])
    codes = [rng.integers(-7, 8, (DIES, n + 1, m)).astype(float) for n, m in pairwise(DIMS)]
    x = rng.random((POINTS, DIMS[0]))
    x[0, 0] = 0.0
    return ColumnGains(gain, offset, designed, LOST, STEPS, held), codes, x


def by_loop(known: ColumnGains, codes: list[np.ndarray], die: int, x: np.ndarray) -> list[float]:
    signals = list(x)
    for layer, of_layer in enumerate(codes):
        sums = []
        for j in range(of_layer.shape[2]):
            total = 0.0
            for i, pulse in enumerate([*signals, 1.0]):
                total += of_layer[die, i, j] * (pulse - LOST[layer] if pulse > 0 else 0.0)
            sums.append(known.gain[layer][die, j] * STEPS[layer] * total + known.offset[layer][die, j])
        signals = [max(z, 0.0) for z in sums] if layer == 0 else sums
    return [z if z > 0 else BELOW * z for z in signals]


def test_outputs_are_those_of_a_plain_loop_and_other_offsets_give_others() -> None:
    known, codes, x = case()
    expected = [[by_loop(known, codes, die, point) for point in x] for die in range(DIES)]
    assert ColumnPass(known).outputs(codes, x) == pytest.approx(np.array(expected), rel=1e-6, abs=1e-6)
    other = replace(known, offset=tuple(of + 0.1 for of in known.offset))
    assert np.abs(ColumnPass(other).outputs(codes, x) - expected).max() > 0.05


def test_the_gradient_is_that_of_differences() -> None:
    known, codes, x = case()
    net, y, sharp = ColumnPass(known), np.array([0, 1, 1, 0, 1]), np.zeros(DIES)
    weights = net.weights(codes)
    signals = net.forward(weights, x)
    by_weight = net.backward(weights, signals, cross_entropy(signals[-1], y, sharp).by_output)
    for layer, at in ((0, (1, 2)), (0, (3, 1)), (1, (0, 1)), (1, (4, 0))):
        moved = []
        for way in (1e-5, -1e-5):
            changed = [w.astype(np.float64) for w in weights]
            changed[layer][(slice(None), *at)] += way
            moved.append(cross_entropy(net.forward(changed, x)[-1], y, sharp).value)
        assert by_weight[layer][(slice(None), *at)] == pytest.approx((moved[0] - moved[1]) / 2e-5, rel=1e-3, abs=1e-6)


def test_a_column_beyond_its_bound_is_told_and_pulled_back_and_one_within_is_not() -> None:
    known, codes, x = case()
    codes[0][:] = 0.0
    codes[0][:, :, 0] = 5.0
    most = 5 * max(sum(pulse - LOST[0] for pulse in [*point, 1.0] if pulse > 0) for point in x)
    for bound, fits in ((most * 1.001, True), (most * 0.999, False)):
        net = ColumnPass(replace(known, held=(bound, 1e3)))
        assert net.held(codes, x).tolist() == [fits] * DIES
        weights = net.weights(codes)
        signals = net.forward(weights, x)
        pulled = net.backward(weights, signals, np.zeros((DIES, POINTS, 2)))[0]
        assert (pulled[:, -1, 0] > 0).all() == (not fits) and not pulled[:, :, 1:].any()
        assert fits or pulled[0, -1, 0] == pytest.approx(PULL / POINTS, rel=1e-6), "one point of five is beyond"


def test_dies_apart_have_one_thing_of_their_own() -> None:
    known = case()[0]
    found = known.apart()
    assert list(found) == ["designed", "gains_layer1", "offsets_layer1", "gains_layer2", "offsets_layer2"]
    assert (found["gains_layer2"].gain[1] == known.gain[1]).all() and (found["gains_layer2"].gain[0] == 1).all()
    assert not found["gains_layer2"].offset[1].any() and (found["offsets_layer2"].offset[1] == known.offset[1]).all()
    twice = known.repeated(2)
    assert twice.dies == 2 * DIES and (twice.gain[0][DIES:] == known.gain[0]).all()
    assert known.by_layer()["lost"][1].tolist() == pytest.approx(np.full((DIES, 1), LOST[1]))
