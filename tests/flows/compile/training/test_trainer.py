"""Training: it finds what no line parts, keeps to the codes, repeats by its seed, and makes up for a die it knows."""

from __future__ import annotations

import numpy as np
import pytest
from surrogate_dies import SurrogateDies, pairs_of, quadrants

from analoom.flows.compile.training import trainer
from analoom.flows.compile.training.adam import Adam
from analoom.flows.compile.training.gains import ideal
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.training.on_dies import best_on
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Grid, train

DIMS, GRID = (2, 6, 2), Grid(7, 0.25)
HOW = Training(steps=200, rate=0.3, restarts=6, seed=3, noise=0.1)


def start() -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    return [3 * rng.standard_normal(shape).astype(np.float32) for shape in pairs_of(DIMS)]


def test_adam_takes_the_steps_of_its_paper_written_out() -> None:
    parameter, mean, square, at = [np.array([1.0], np.float32)], 0.0, 0.0, 1.0
    adam = Adam(parameter)
    for k, g in enumerate((0.5, -0.2, 0.1), 1):
        adam.step([np.array([g], np.float32)], 0.01)
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g * g
        at -= 0.01 * (mean / (1 - 0.9**k)) / ((square / (1 - 0.999**k)) ** 0.5 + 1e-8)
    assert float(parameter[0][0]) == pytest.approx(at, abs=1e-5, rel=0)


@pytest.mark.slow
def test_codes_are_whole_within_the_grid_repeat_by_the_seed_and_part_the_quadrants() -> None:
    x, y = quadrants()
    first, again = (train(start(), ideal(DIMS, 2), GRID, x, y, HOW) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert [c.shape for c in first] == [(2, *shape) for shape in pairs_of(DIMS)]
    assert all(c.dtype == np.int8 and np.abs(c).max() <= 7 for c in first)
    dies = SurrogateDies(DIMS, 2, 1, scale=0.0)
    assert accuracy(dies.outputs(first, x), y).min() > 0.9
    assert accuracy(dies.outputs([np.rint(w)[None] for w in start()], x), y).max() < 0.8, "or they part by chance"


def test_a_training_set_judged_in_parts_gives_the_same_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = quadrants()
    run = trainer._Run(
        ideal(DIMS, 3).over(GRID.step),
        GRID,
        x.astype(np.float32),
        y,
        trainer._starts(start(), 3, GRID, Training(restarts=1), np.random.default_rng(1)),
    )
    codes = [np.rint(w) for w in run.real]
    whole = run._judged(codes)
    monkeypatch.setattr(trainer, "MOST_AT_ONCE", 3 * 7 * 11)
    assert len(run._batches(codes)) == -(-len(y) // 11)
    assert run._judged(codes) == pytest.approx(whole, rel=1e-5, abs=0)
    assert run._judged([0 * c for c in codes]) != pytest.approx(whole, rel=1e-2, abs=0)


@pytest.mark.slow
def test_weights_trained_with_what_was_measured_of_a_die_beat_those_of_another() -> None:
    x, y = quadrants()
    dies = SurrogateDies(DIMS, 8, 4, scale=2.0)
    own = train(start(), dies.measured(), GRID, x, y, HOW)
    aware = accuracy(dies.outputs(own, x), y).mean()
    other = accuracy(dies.outputs([np.roll(c, 1, axis=0) for c in own], x), y).mean()
    assert aware > other + 0.05


def test_a_small_network_gets_more_restarts_and_a_large_one_more_steps() -> None:
    small, medium, large = (Training.fitting(dims, 1) for dims in ((4, 7, 3), (13, 16, 3), (64, 16, 10)))
    assert small.restarts > medium.restarts >= large.restarts and large.steps > small.steps


def test_of_several_codes_each_die_keeps_those_that_part_the_training_set_best_on_it() -> None:
    """A die whose gains are such that only the second candidate parts two points, and one of which the first does."""

    class Mirrored:
        def outputs(self, codes, x):
            sign = np.array([1.0, -1.0])[:, None, None]
            return sign * codes[0][:, None, :] * np.where(x[:, :1] > 0.5, 1.0, -1.0)[None]

    found = [[np.array([[1, -1], [1, -1]], np.int8)], [np.array([[-1, 1], [-1, 1]], np.int8)]]
    x, y = np.array([[1.0], [0.0]]), np.array([0, 1])
    assert best_on(Mirrored(), found, x, y)[0].tolist() == [[1, -1], [-1, 1]]
    assert best_on(Mirrored(), found, x, 1 - y)[0].tolist() == [[-1, 1], [1, -1]]
