"""Networks trained with quantised weights, each die with gains of its own: straight-through rounding, Adam, restarts.

Weights are kept as real numbers, used rounded, and moved by the gradient at the rounded ones (straight through:
Bengio et al., arXiv 1308.3432). Of all restarts and check points the one with the least loss on the training set stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from .adam import Adam
from .known import Known, Numbers, Pass
from .loss import cross_entropy
from .settings import Training

Codes = list[NDArray[np.int8]]
MOST_AT_ONCE = 2**24
"""Signals that are held at once where the training set is judged: dies by restarts by points by neurons."""
CHECKS = 12
"""How often, in the second half of training, what was reached is compared with the best so far."""


@dataclass(frozen=True)
class Grid:
    """The codes that a target stores, -`most` to `most`, and what 1 is worth, where that is the same in all layers."""

    most: int
    step: float


def train(
    start: Sequence[Numbers], known: Known, grid: Grid, x: NDArray[np.floating], y: NDArray[np.int64], how: Training
) -> Codes:
    """Codes (dies, inputs + 1, outputs) a layer, trained from `start` (inputs + 1, outputs) with what is known of dies.

    `x` (points, inputs) 0 to 1, `y` (points,). The same seed gives the same codes.
    """
    return _trained(start, known, grid, x, y, how).chosen(how.restarts)


def candidates(
    start: Sequence[Numbers], known: Known, grid: Grid, x: NDArray[np.floating], y: NDArray[np.int64], how: Training
) -> list[Codes]:
    """The same of every restart, best first by the loss that is foretold."""
    return _trained(start, known, grid, x, y, how).ordered(how.restarts)


def _trained(
    start: Sequence[Numbers], known: Known, grid: Grid, x: NDArray[np.floating], y: NDArray[np.int64], how: Training
) -> _Run:
    rng = np.random.default_rng(how.seed)
    many = known.repeated(how.restarts).over(grid.step)
    run = _Run(many, grid, x.astype(np.float32), y, _starts(start, known.dies, grid, how, rng))
    for k in range(how.steps):
        run.move(rng, how, 0.5 * how.rate * (1 + cos(pi * k / how.steps)))
        if 2 * k >= how.steps and (how.steps - 1 - k) % max(how.steps // 2 // CHECKS, 1) == 0:
            run.keep_best()
    return run


def _starts(start: Sequence[Numbers], dies: int, grid: Grid, how: Training, rng: np.random.Generator) -> list[Numbers]:
    """(restarts * dies, ...) a layer: the first restart as given, the others moved off by `jump` codes."""
    found = []
    for w in start:
        moves = how.jump * rng.standard_normal((how.restarts, 1, *w.shape)).astype(np.float32)
        moves[0] = 0
        many = np.broadcast_to(w + moves, (how.restarts, dies, *w.shape)).reshape(-1, *w.shape)
        found.append(np.clip(many, -grid.most, grid.most).astype(np.float32))
    return found


@dataclass
class _Run:
    """Training under way: real weights, the loss's factor, and the best codes so far by die and restart."""

    many: Pass
    grid: Grid
    x: Numbers
    y: NDArray[np.int64]
    real: list[Numbers]
    sharpness: Numbers = field(init=False)
    best: list[Numbers] = field(init=False)
    least: Numbers = field(init=False)
    adam: Adam = field(init=False)

    def __post_init__(self) -> None:
        outputs = self.many.outputs([np.rint(w) for w in self.real], self.x)
        self.sharpness = np.log(4 / np.maximum(outputs.std(axis=(1, 2)), np.float32(1e-3)))
        self.best, self.least = [np.rint(w) for w in self.real], np.full(len(self.sharpness), np.inf, np.float32)
        self.adam = Adam([*self.real, self.sharpness])
        self.keep_best()

    def move(self, rng: np.random.Generator, how: Training, rate: float) -> None:
        """One step on a batch, with noise drawn for every weight of every die."""
        at = rng.permutation(len(self.y))[: how.batch]
        codes = [np.rint(w) for w in self.real]
        weights = [w + _noise(c, how.noise * step, rng) for c, w, step in self._weighed(codes)]
        signals = self.many.forward(weights, self.x[at])
        loss = cross_entropy(signals[-1], self.y[at], self.sharpness)
        by_code = self.many.by_code(codes, self.many.backward(weights, signals, loss.by_output))
        self.adam.step([*by_code, loss.by_sharpness], rate)
        for w in self.real:
            np.clip(w, -self.grid.most, self.grid.most, out=w)

    def _weighed(self, codes: Sequence[Numbers]) -> list[tuple[Numbers, Numbers, float]]:
        return list(zip(codes, self.many.weights(codes), self.many.steps, strict=True))

    def keep_best(self) -> None:
        """Keeps the codes as they are now for each die and restart where they err least on the training set."""
        codes = [np.rint(w) for w in self.real]
        value = self._judged(codes)
        better = value < self.least
        self.least = np.where(better, value, self.least)
        self.best = [np.where(better[:, None, None], c, b) for c, b in zip(codes, self.best, strict=True)]

    def _judged(self, codes: Sequence[Numbers]) -> Numbers:
        """The loss on the whole training set, without noise: (dies,); endless where a die would not hold it."""
        batches = self._batches(codes)
        parts, sizes = [self._judged_on(codes, some) for some in batches], [some.stop - some.start for some in batches]
        return np.average(parts, axis=0, weights=sizes).astype(np.float32) if len(parts) > 1 else parts[0]

    def _judged_on(self, codes: Sequence[Numbers], some: slice) -> Numbers:
        x, y = self.x[some], self.y[some]
        value = cross_entropy(self.many.outputs(codes, x), y, self.sharpness).value
        return np.where(self.many.held(codes, x), value, np.float32(np.inf))

    def _batches(self, codes: Sequence[Numbers]) -> list[slice]:
        """Slices of the training set, nearly all of one size, whose signals of all dies take MOST_AT_ONCE at most."""
        points, widest = len(self.y), max(max(c.shape[1:]) for c in codes)
        count = min(-(-points * len(self.sharpness) * widest // MOST_AT_ONCE), points)
        edges = np.linspace(0, points, count + 1).round().astype(int)
        return [slice(int(a), int(b)) for a, b in pairwise(edges)]

    def chosen(self, restarts: int) -> Codes:
        """The codes of the restart that errs least, for each die."""
        return self.ordered(restarts)[0]

    def ordered(self, restarts: int) -> list[Codes]:
        """The codes of all restarts, for each die by their loss, the least first; for those that a die would not hold
        the first again."""
        least = self.least.reshape(restarts, -1)
        order = least.argsort(axis=0, kind="stable")
        order = np.where(np.isfinite(np.take_along_axis(least, order, axis=0)), order, order[:1])
        dies = np.arange(order.shape[1])
        many = [b.reshape(restarts, -1, *b.shape[1:]) for b in self.best]
        return [[of_layer[of_dies, dies].astype(np.int8) for of_layer in many] for of_dies in order]


def _noise(codes: Numbers, sigma: float, rng: np.random.Generator) -> Numbers:
    """What the spread of single units adds to a weight: by the root of how many conduct."""
    drawn = rng.standard_normal(codes.shape, dtype=np.float32)
    return np.float32(sigma) * np.sqrt(np.abs(codes)) * drawn
