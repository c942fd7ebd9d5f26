"""The pass over dies against a plain loop, and its gradient against differences."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.flows.compile.training.dense_pass import BELOW, DensePass
from analoom.flows.compile.training.gains import Gains, ideal
from analoom.flows.compile.training.loss import cross_entropy

DIMS, DIES, POINTS = (3, 4, 2), 2, 5


def case() -> tuple[Gains, list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(3)

    def gains(size: int) -> np.ndarray:
        return rng.uniform(0.7, 1.3, (DIES, size))

    sizes = [n + 1 for n in DIMS[:-1]]
    made = Gains(tuple(map(gains, sizes)), tuple(map(gains, sizes)), gains(DIMS[-1]))
    codes = [rng.integers(-7, 8, (DIES, n, m)).astype(float) for n, m in zip(sizes, DIMS[1:], strict=True)]
    return made, codes, rng.random((POINTS, DIMS[0]))


def by_loop(gains: Gains, codes: list[np.ndarray], die: int, x: np.ndarray) -> list[float]:
    signals = list(x)
    for layer, of_layer in enumerate(codes):
        sums = []
        for j in range(of_layer.shape[2]):
            total = 0.0
            for i, y in enumerate([*signals, 1.0]):
                c = of_layer[die, i, j]
                total += 0.25 * c * y * (gains.positive if c > 0 else gains.negative)[layer][die, i]
            sums.append(total)
        signals = [max(z, 0.0) for z in sums] if layer == 0 else sums
    return [g * (z if z > 0 else BELOW * z) for g, z in zip(gains.output[die], signals, strict=True)]


def test_outputs_are_those_of_a_plain_loop_and_other_gains_give_others() -> None:
    gains, codes, x = case()
    found = DensePass(gains, 0.25).outputs(codes, x)
    expected = [[by_loop(gains, codes, die, point) for point in x] for die in range(DIES)]
    assert found == pytest.approx(np.array(expected), rel=1e-6, abs=1e-6)
    assert np.abs(DensePass(ideal(DIMS, DIES), 0.25).outputs(codes, x) - expected).max() > 0.05


def test_the_gradient_is_that_of_differences() -> None:
    gains, codes, x = case()
    net, y, sharp = DensePass(gains, 0.25), np.array([0, 1, 1, 0, 1]), np.zeros(DIES)
    weights = net.weights(codes)

    def loss_of(changed: list[np.ndarray]) -> np.ndarray:
        return cross_entropy(net.forward(changed, x)[-1], y, sharp).value

    signals = net.forward(weights, x)
    by_weight = net.backward(weights, signals, cross_entropy(signals[-1], y, sharp).by_output)
    for layer, at in ((0, (1, 2)), (0, (3, 1)), (1, (0, 1)), (1, (4, 0))):
        moved = []
        for way in (1e-5, -1e-5):
            changed = [w.astype(np.float64) for w in weights]
            changed[layer][(slice(None), *at)] += way
            moved.append(loss_of(changed))
        assert by_weight[layer][(slice(None), *at)] == pytest.approx((moved[0] - moved[1]) / 2e-5, rel=1e-3, abs=1e-6)


def test_the_sharpness_follows_its_own_gradient() -> None:
    outputs, y = np.random.default_rng(1).normal(size=(2, 6, 3)), np.array([0, 1, 2, 0, 1, 2])
    at, step = np.array([0.2, -0.3]), 1e-5
    slope = (cross_entropy(outputs, y, at + step).value - cross_entropy(outputs, y, at - step).value) / (2 * step)
    assert cross_entropy(outputs, y, at).by_sharpness == pytest.approx(slope, rel=1e-4, abs=1e-7)


def test_gains_of_each_weight_that_are_alike_in_a_row_are_those_of_neurons_and_others_are_not() -> None:
    gains, codes, x = case()
    paths = [
        tuple(np.repeat(g[:, :, None], c.shape[2], axis=2) for g, c in zip(path, codes, strict=True))
        for path in (gains.positive, gains.negative)
    ]
    each = Gains(paths[0], paths[1], gains.output)
    found = DensePass(gains, 0.25).outputs(codes, x)
    assert each.over(0.25).outputs(codes, x) == pytest.approx(found, rel=1e-6, abs=0)
    assert each.repeated(3).positive[0].shape == (3 * DIES, 4, 4)
    alone = each.apart()["gains_layer2"]
    assert (alone.positive[0] == 1).all() and (alone.positive[1] == paths[0][1]).all()
    assert "positive[k][i][j]" in each.formula and "positive[k][i] " in gains.formula
    paths[0][0][:, 0, 0] *= 2
    assert np.abs(each.over(0.25).outputs(codes, x) - found).max() > 1e-3
