"""A training run in ngspice of a cell as it is, schematic or extracted, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Measured, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.gradient import STEP_V, cosine
from analoom.flows.systems.trained_crossbar.solver.pair import REST_V
from analoom.flows.systems.trained_crossbar.solver.training import Array, Samples, Trainer, Weights

from .deck import HELD_S, held_at, seconds, training_deck, weights_found
from .deck_blocks import Blocks
from .settings import TrainingSettings
from .solved import curves, some, started, task

LOOSE = ".option reltol=1e-4 vntol=1e-8 abstol=1e-14 gmin=1e-15"
TIGHTER = ".option reltol=1e-6 vntol=1e-9 abstol=1e-15 gmin=1e-15"
"""To train with, where steps of 3-8-1 differ from those of tighter tolerances by 0.02 %, and to judge with."""

SMALL_RATE = 1e-3
"""Rates by the settings' where steps are judged: weights then stay where they are."""


@dataclass(frozen=True)
class InNgspice:
    """Runs of `trainer`'s bench with `blocks` of its netlist."""

    trainer: Trainer
    blocks: Blocks
    settings: TrainingSettings
    options: str = LOOSE

    def measured(self, notes: tuple[str, ...]) -> Measured:
        """Trains epoch by epoch; the error is that of the outputs which ngspice itself gives, with no update."""
        samples, weights = task(self.trainer.bench, self.settings), started(self.trainer, self.settings)
        draw, errors = np.random.default_rng([self.settings.seed, 2]), [self.nrmse(samples, weights)]
        metrics = replace(self, options=TIGHTER)._judged(samples, weights)
        late = self.settings.epochs - round(self.settings.late * self.settings.epochs)
        for epoch in range(self.settings.epochs):
            of = self if epoch < late else self._at_rates(0.2)
            weights = of.taught(samples, draw.permutation(len(samples.x)), weights)
            errors.append(self.nrmse(samples, weights))
        pulled, free = (self._columns(samples, weights, "h", phase) for phase in "hl")
        metrics |= {
            "nudge_effect": Metric(float(np.sqrt(np.mean((pulled - free) ** 2))), "V"),
            "nrmse": Metric(errors[-1], ""),
            "nrmse_start": Metric(errors[0], ""),
            "nrmse_best": Metric(min(errors[1:]), ""),
        }
        return Measured(metrics, curves(np.array(errors[1:]), self.outputs(samples, weights), samples), notes=notes)

    def taught(self, samples: Samples, order: NDArray[np.int64], weights: Weights) -> Weights:
        """Weights after the samples in `order`, within their range."""
        ends = weights_found(self.trainer, self._run(samples, order, weights, len(order)), self.blocks)
        low, high = self.trainer.pair.weights_v
        return np.clip(ends[0], low, high), np.clip(ends[1], low, high)

    def outputs(self, samples: Samples, weights: Weights) -> Array:
        """Free outputs (samples, outputs) V from rest; no weight moves."""
        return self._columns(samples, weights, "o", "l")

    def nrmse(self, samples: Samples, weights: Weights) -> float:
        """Root mean square of the outputs' errors over the targets' standard deviation."""
        error = self.outputs(samples, weights) - samples.y
        return float(np.sqrt(np.mean(error**2)) / np.std(samples.y))

    def _judged(self, samples: Samples, weights: Weights) -> dict[str, Metric]:
        """Cosines of the steps with differences, and drift without nudge, at `weights`."""
        few = some(samples)
        steps, truth = self._steps(few, weights), self._differences(few, weights)
        still = replace(self, trainer=replace(self.trainer, bench=self._bench(nudge=0.0)))
        drift = still.taught(samples, np.arange(len(samples.x)), weights)
        moved = max(float(np.abs(a - b).max()) for a, b in zip(drift, weights, strict=True))
        return {
            **{f"cosine_{k}": Metric(value, "") for k, value in enumerate(cosine(truth, steps), 1)},
            "null_drift": Metric(moved / len(samples.x), "V"),
        }

    def _steps(self, samples: Samples, weights: Weights) -> Weights:
        """What all samples say of the gradient, up to a factor by layer, at weights that all but stay."""
        slow, order = self._at_rates(SMALL_RATE), np.arange(len(samples.x))
        first, second = slow.taught(samples, order, weights)
        return weights[0] - first, weights[1] - second

    def _differences(self, samples: Samples, weights: Weights) -> Weights:
        found = tuple(np.zeros_like(w) for w in weights)
        for layer, at in ((k, at) for k, w in enumerate(weights) for at in np.ndindex(w.shape)):
            errors = []
            for step in (STEP_V, -STEP_V):
                moved = weights[0].copy(), weights[1].copy()
                moved[layer][at] += step
                errors.append(np.sum((self.outputs(samples, moved) - samples.y) ** 2) / 2)
            found[layer][at] = (errors[0] - errors[1]) / (2 * STEP_V)
        return found[0], found[1]

    def _columns(self, samples: Samples, weights: Weights, column: str, phase: str) -> Array:
        count = len(samples.x)
        found, at = self._run(samples, np.arange(count), weights, 0), held_at(count) + HELD_S
        names = [f"{phase}{column}_{k}" for k in range(self.trainer.bench.dims[1 if column == "h" else 2])]
        return np.array([np.interp(at, found["time"], found[name]) for name in names]).T - REST_V

    def _run(self, samples: Samples, order: NDArray[np.int64], weights: Weights, taught: int) -> Mapping[str, Array]:
        store_f, written = self.settings.store, None
        if self.trainer.bench.errors.rows == "one":
            draw = np.random.default_rng([self.settings.seed, 4])
            written = np.column_stack([draw.integers(rows, size=len(order)) for rows, _ in self.trainer.bench.shapes])
        lines = training_deck(
            self.trainer, samples, order, weights, store_f, self.options, self.blocks, written, taught
        )
        with circuit(f"* training\n{lines}\n{self._saved()}\n.end\n") as loaded:
            return loaded.run(f"tran 0.5u {seconds(len(order))!r} 0 0.5u uic")

    def _saved(self) -> str:
        bench = self.trainer.bench
        nodes = [f"{phase}h_{j}" for phase in "lh" for j in range(bench.dims[1])]
        nodes += [f"{phase}o_{k}" for phase in "lh" for k in range(bench.dims[2])]
        for layer, (rows, cols) in enumerate(bench.shapes, 1):
            nodes += [n for i, j in np.ndindex(rows, cols) for n in self.blocks.gates(self.trainer, layer, i, j)]
        return f".save {' '.join(f'v({node})' for node in dict.fromkeys(nodes))}"

    def _at_rates(self, factor: float) -> InNgspice:
        first, second = self.trainer.bench.rate
        return replace(self, trainer=replace(self.trainer, bench=self._bench(rate=(first * factor, second * factor))))

    def _bench(self, **changed: object) -> TrainingBench:
        return self.trainer.bench.model_copy(update=changed)
