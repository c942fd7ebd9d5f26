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

from .deck import held_at, seconds, training_deck, weights_found
from .deck_blocks import Blocks
from .picture import picture_of
from .settings import TrainingSettings
from .solved import Solved, curves, errors, nrmse, some, started, task, title_of, told_by_layer

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
        """Trains epoch by epoch; errors are those of outputs which ngspice itself gives, after training with no update,
        by epoch as samples are shown."""
        samples, weights = task(self.trainer.bench, self.settings), started(self.trainer, self.settings)
        draw, by_epoch = np.random.default_rng([self.settings.seed, 2]), np.zeros(self.settings.epochs)
        start, judged = self.nrmse(samples, weights), replace(self, options=TIGHTER)._judged(samples, weights)
        late = self.settings.epochs - round(self.settings.late * self.settings.epochs)
        for epoch in range(self.settings.epochs):
            order = draw.permutation(len(samples.x))
            weights, shown = (self if epoch < late else self._at_rates(0.2)).taught(samples, order, weights)
            by_epoch[epoch] = nrmse(shown, samples.y[order])
        metrics, outputs = self._after(samples, weights)
        metrics |= {"nrmse_start": Metric(start, ""), **judged}
        return self._measured("in ngspice", metrics, by_epoch, outputs, samples, notes)

    def judged(self, run: Solved, notes: tuple[str, ...]) -> Measured:
        """What another engine has trained, shown once: the error and what the nudge does, as drawn."""
        few = some(run.samples)
        metrics, outputs = self._after(few, run.run.weights)
        metrics["nrmse_start"] = Metric(self.nrmse(few, run.start), "")
        how = "by the solver, judged as drawn"
        return self._measured(how, metrics, run.run.nrmse, outputs, few, notes)

    def _measured(
        self,
        how: str,
        metrics: dict[str, Metric],
        by_epoch: Array,
        outputs: Array,
        samples: Samples,
        notes: tuple[str, ...],
    ) -> Measured:
        shown = picture_of(title_of(self.trainer.bench, how), by_epoch, outputs, samples)
        return Measured(metrics, curves(by_epoch, outputs, samples), notes=notes, pictures={"run": shown})

    def _after(self, samples: Samples, weights: Weights) -> tuple[dict[str, Metric], Array]:
        """Metrics of trained weights, and outputs."""
        count = len(samples.x)
        found = self._run(samples, np.arange(count), weights, 0)
        outputs, pulled, free = (self._held(found, count, *at) for at in ("ol", "hh", "hl"))
        effect = float(np.sqrt(np.mean((pulled - free) ** 2)))
        return {**errors(outputs, samples), "nudge_effect": Metric(effect, "V")}, outputs

    def taught(self, samples: Samples, order: NDArray[np.int64], weights: Weights) -> tuple[Weights, Array]:
        """Weights after the samples in `order`, within their range; free outputs as these were shown, V from rest."""
        found = self._run(samples, order, weights, len(order))
        first, second = weights_found(self.trainer, found, self.blocks)
        low, high = self.trainer.pair.weights_v
        return (np.clip(first, low, high), np.clip(second, low, high)), self._held(found, len(order), "o", "l")

    def nrmse(self, samples: Samples, weights: Weights) -> float:
        """The error of all samples' free outputs while no weight moves."""
        return nrmse(self._columns(samples, weights, "o", "l"), samples.y)

    def _judged(self, samples: Samples, weights: Weights) -> dict[str, Metric]:
        """Cosines of the steps with differences, and drift without nudge, at `weights`."""
        few = some(samples)
        steps, truth = self._steps(few, weights), self._differences(few, weights)
        still = replace(self, trainer=replace(self.trainer, bench=self._bench(nudge=0.0)))
        drift, _ = still.taught(samples, np.arange(len(samples.x)), weights)
        moved = max(float(np.abs(a - b).max()) for a, b in zip(drift, weights, strict=True))
        return {
            **told_by_layer("cosine", cosine(truth, steps)),
            "null_drift": Metric(moved / len(samples.x), "V"),
        }

    def _steps(self, samples: Samples, weights: Weights) -> Weights:
        """What all samples say of the gradient, up to a factor by layer, at weights that all but stay."""
        slow, order = self._at_rates(SMALL_RATE), np.arange(len(samples.x))
        (first, second), _ = slow.taught(samples, order, weights)
        return weights[0] - first, weights[1] - second

    def _differences(self, samples: Samples, weights: Weights) -> Weights:
        found = tuple(np.zeros_like(w) for w in weights)
        for layer, at in ((k, at) for k, w in enumerate(weights) for at in np.ndindex(w.shape)):
            errors = []
            for step in (STEP_V, -STEP_V):
                moved = weights[0].copy(), weights[1].copy()
                moved[layer][at] += step
                errors.append(np.sum((self._columns(samples, moved, "o", "l") - samples.y) ** 2) / 2)
            found[layer][at] = (errors[0] - errors[1]) / (2 * STEP_V)
        return found[0], found[1]

    def _columns(self, samples: Samples, weights: Weights, column: str, phase: str) -> Array:
        """Columns (samples, columns) V from rest as held after a phase, while no weight moves."""
        count = len(samples.x)
        return self._held(self._run(samples, np.arange(count), weights, 0), count, column, phase)

    def _held(self, found: Mapping[str, Array], count: int, column: str, phase: str) -> Array:
        at = held_at(count, self.blocks.phase_s)
        names = [f"{phase}{column}_{k}" for k in range(self.trainer.bench.dims[1 if column == "h" else 2])]
        return np.array([np.interp(at, found["time"], found[name]) for name in names]).T - REST_V

    def _run(self, samples: Samples, order: NDArray[np.int64], weights: Weights, taught: int) -> Mapping[str, Array]:
        store_f, written = self.settings.store, None
        samples = Samples(samples.x, samples.y + self.settings.trim)
        if self.trainer.bench.errors.rows == "one":
            draw = np.random.default_rng([self.settings.seed, 4])
            written = np.column_stack([draw.integers(rows, size=len(order)) for rows, _ in self.trainer.bench.shapes])
        lines = training_deck(
            self.trainer, samples, order, weights, store_f, self.options, self.blocks, written, taught
        )
        with circuit(f"* training\n{lines}\n{self._saved()}\n.end\n") as loaded:
            phase_s = self.blocks.phase_s
            return loaded.run(f"tran {phase_s / 2!r} {seconds(len(order), phase_s)!r} 0 {phase_s / 2!r} uic")

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
