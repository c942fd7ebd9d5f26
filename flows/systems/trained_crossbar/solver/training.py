"""Training by equilibrium propagation, quasi-static: operating points from device tables, weights that move between.

A sample is shown free and nudged towards its target; each weight then moves by what the nudge did to its column times
its row's voltage. Voltages are counted from rest, weights are those of the stored node.

    trainer = Trainer(TrainingBench(dims=(3, 8, 1)))
    run = trainer.train(sine(trainer.bench), trainer.start(seed=1), epochs=20, seed=1)
    run.nrmse[-1]

Source of the rule: Scellier and Bengio, Equilibrium Propagation, Frontiers in Computational Neuroscience 11:24, 2017;
of the circuit: analog-mlp-circuit (J. Metzger, 2025).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError

from . import steps
from .bench import TrainingBench
from .columns import Columns, columns_of
from .pair import Pair, pair_of
from .tables import StepArrays, step_arrays

Array = NDArray[np.float64]
Weights = tuple[Array, Array]
"""(inputs, hidden) and (hidden, outputs) V."""

SHIFT_STEP_V, TEMP_DEGC = 0.05, 27.0


@dataclass(frozen=True)
class Samples:
    """Inputs (samples, inputs) and targets (samples, outputs), V from rest."""

    x: Array
    y: Array


@dataclass(frozen=True)
class Run:
    """By epoch the error of all samples after it over the targets' deviation, and the weights at the end."""

    nrmse: Array
    weights: Weights


def sine(bench: TrainingBench, amplitude_v: float = 0.02, count: int = 50, frequency: float = 8.0) -> Samples:
    """A sine of `frequency` times x over x from 0 to 1 on each output; inputs as `features` times the swing."""
    t = np.linspace(0, 1, count)
    y = np.repeat(amplitude_v * np.sin(frequency * t)[:, None], bench.dims[2], axis=1)
    return Samples(bench.swing * features(t, bench.dims[0]), y)


def features(t: Array, inputs: int) -> Array:
    """`t` in 0 to 1 as (samples, inputs): t; t and 1 - t; with 1 beside; of more inputs hats of height 1, side by side,
    one of which falls as the next rises."""
    if inputs <= 3:
        return np.column_stack([t, 1 - t, np.ones_like(t)])[:, :inputs]
    return np.asarray(np.maximum(0.0, 1 - np.abs(t[:, None] * (inputs - 1) - np.arange(inputs))))


@dataclass(frozen=True)
class Trainer:
    """A bench on one die: `shifts_v` of thresholds by layer, (2, rows, cols) V, first and second transistor; `die` is
    the number by which the blocks of its columns are drawn, none for nominal ones."""

    bench: TrainingBench
    shifts_v: tuple[Array, Array] | None = None
    die: int | None = None
    corner: str = "tt"
    temp_degc: float = TEMP_DEGC
    pair: Pair = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pair", pair_of(self.bench.cell()))

    def start(self, seed: int, spread_v: float = 0.25, about_v: float | None = None) -> Weights:
        """Weights even within `spread_v` of the middle of their range; with `about_v` even within it of the two
        points that lie `about_v` off the middle: outside the dead zone."""
        draw, (low, high) = np.random.default_rng(seed), self.pair.weights_v
        found = []
        for shape in self.bench.shapes:
            off = 0.0 if about_v is None else about_v * draw.choice([-1.0, 1.0], shape)
            found.append(np.clip(self.pair.middle_v + off + draw.uniform(-spread_v, spread_v, shape), low, high))
        return found[0], found[1]

    def start_bent(self, seed: int, about_v: float, spread_v: float = 0.25) -> Weights:
        """As `start`, but a hidden column's first two weights lie on different sides of the middle and the others near
        it: of inputs x and 1 - x each hidden column then changes its sign, and its clamp comes on, within the range."""
        first, second = self.start(seed, spread_v, about_v)
        middle = self.pair.middle_v
        if len(first) > 1:
            first[1] = middle - np.sign(first[0] - middle) * np.abs(first[1] - middle)
        first[2:] = middle + 0.2 * (first[2:] - middle)
        return first, second

    def train(self, samples: Samples, weights: Weights, epochs: int, seed: int) -> Run:
        """Shows all samples `epochs` times, each time in another order. Raises InputError where a voltage runs away."""
        w1, w2 = (w.copy() for w in weights)
        moved, draw, errors = (np.zeros_like(w1), np.zeros_like(w2)), np.random.default_rng([seed, 2]), []
        held = np.zeros((len(samples.x), sum(self.bench.dims[1:])))
        for _ in range(epochs):
            order = draw.permutation(len(samples.x))
            self.show(samples, order, (w1, w2), moved, held, draw)
            errors.append(self.nrmse(samples, (w1, w2), held.copy()))
        return Run(np.array(errors), (w1, w2))

    def train_late(
        self, samples: Samples, weights: Weights, epochs: int, seed: int, late: float, slower: float = 5.0
    ) -> Run:
        """As `train`, but the last epochs, the part `late` of all, have rates smaller by `slower`."""
        last = round(late * epochs)
        first = self.train(samples, weights, epochs - last, seed) if last < epochs else None
        rate = self.bench.rate[0] / slower, self.bench.rate[1] / slower
        slow = replace(self, bench=self.bench.model_copy(update={"rate": rate}))
        then = slow.train(samples, first.weights if first else weights, last, seed + 100)
        return Run(np.concatenate([first.nrmse if first else [], then.nrmse]), then.weights)

    def show(
        self,
        samples: Samples,
        order: NDArray[np.int64],
        weights: Weights,
        moved: Weights,
        held: Array | None = None,
        draw: np.random.Generator | None = None,
        written: NDArray[np.int64] | None = None,
    ) -> None:
        """Shows samples in `order`: `weights` and `moved`, the last steps, are changed in place.

        `draw` gives noise, and the rows that are written one at a time where `written` (shown, 2) does not say them:
        a row of each layer.
        """
        bench = self.bench
        held = np.zeros((len(samples.x), sum(bench.dims[1:]))) if held is None else held
        rule = np.array([*bench.rate, bench.momentum, bench.decay, float(bench.phases == "both")])
        noise, rows = self._drawn(len(order), draw or np.random.default_rng(0))
        pieces, devices, size, bounds = self._tables
        taken = pieces, self.columns.arrays, devices, size, bounds, rule, self._limits
        rows = rows if written is None else written
        shown = steps.train(samples.x, samples.y, order, *weights, *self._shifts, *taken, *moved, held, noise, rows)
        if shown < len(order):
            self._refuse()

    def _drawn(self, count: int, draw: np.random.Generator) -> tuple[Array, NDArray[np.int64]]:
        """Noise (count, columns) V and rows written (count, 2), -1 for all, of so many samples."""
        errors, noise = self.bench.errors, np.zeros((count, sum(self.bench.dims[1:])))
        written = np.full((count, 2), -1)
        if errors.update_noise:
            noise = errors.update_noise * draw.standard_normal(noise.shape)
        if errors.rows == "one":
            written = np.column_stack([draw.integers(rows, size=count) for rows, _ in self.bench.shapes])
        return noise, written

    def points(
        self, samples: Samples, weights: Weights, nudge: float = 0.0, held: Array | None = None
    ) -> tuple[Array, Array]:
        """Hidden and output columns of every sample, (samples, columns) V, with a nudge of that conductance (S); they
        are sought from `held` (samples, all columns) V, which they replace."""
        held = np.zeros((len(samples.x), sum(self.bench.dims[1:]))) if held is None else held
        pieces, devices, size, bounds = self._tables
        taken = pieces, self.columns.arrays, devices, size, bounds
        if not steps.points(samples.x, samples.y, nudge, *weights, *self._shifts, *taken, held):
            self._refuse()
        return held[:, : self.bench.dims[1]], held[:, self.bench.dims[1] :]

    def nrmse(self, samples: Samples, weights: Weights, held: Array | None = None) -> float:
        """Root mean square of the outputs' errors over the targets' standard deviation; `held` as of `points`."""
        error = self.points(samples, weights, held=held)[1] - samples.y
        return float(np.sqrt(np.mean(error**2)) / np.std(samples.y))

    def layer(self, layer: int, weights: Array) -> tuple[Array, Array, Array, Array, NDArray[np.int64], Array]:
        """What `steps.currents` takes of a layer with other weights, which may leave their range by a margin."""
        pieces, devices, size, bounds = self._tables
        return weights, self._shifts[layer], pieces, devices, size, bounds

    def _refuse(self) -> None:
        said = f"no operating point within {self.bench.ends_v:g} V of rest was found"
        raise InputError(said, field="reach", remedy="a smaller gain or nudge, or a larger reach")

    @cached_property
    def columns(self) -> Columns:
        """The blocks of every column."""
        return columns_of(self.bench, self.die)

    @cached_property
    def _limits(self) -> Array:
        return np.array(self.pair.weights_v)

    @cached_property
    def _shifts(self) -> tuple[Array, Array]:
        if self.shifts_v is not None:
            return self.shifts_v
        first, second = self.bench.shapes
        return np.zeros((2, *first)), np.zeros((2, *second))

    @cached_property
    def _most_shift_v(self) -> float:
        """Rounded up, so that many dies share a table."""
        return float(np.ceil(max(np.abs(s).max() for s in self._shifts) / SHIFT_STEP_V) * SHIFT_STEP_V)

    @cached_property
    def _tables(self) -> StepArrays:
        return step_arrays(self.bench, self.pair, self._most_shift_v, corner_named(self.corner), self.temp_degc)
