"""A training run by the solver, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.gradient import cosine, differences, nudged
from analoom.flows.systems.trained_crossbar.solver.training import Array, Run, Samples, Trainer, Weights, sine
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec

from .picture import picture_of
from .settings import TrainingSettings

MOST_JUDGED = 10
"""Samples whose gradient is found by finite differences."""

RULES = (
    "cosine_<layer> is that of the steps as the circuit makes them: what the nudge did to a column times its row's "
    "voltage; cosine_weighted_<layer> of what the theory asks for: by how a weight moves either transistor's current; "
    "neither is told of a layer without gradient or steps"
)


@dataclass(frozen=True)
class Solved:
    """A run of `trainer` on `samples` from `start`."""

    trainer: Trainer
    samples: Samples
    start: Weights
    run: Run

    @cached_property
    def errors(self) -> dict[str, Metric]:
        """After training."""
        return errors(self.trainer.points(self.samples, self.run.weights)[1], self.samples)

    def metrics(self) -> dict[str, Metric]:
        """What the bench tells."""
        found = {
            **self.errors,
            "nrmse_start": Metric(self.trainer.nrmse(self.samples, self.start), ""),
            "nrmse_best": Metric(float(self.run.nrmse.min()), ""),
            "null_drift": Metric(null_drift(self.trainer, self.samples, self.start), "V"),
            "nudge_effect": Metric(self._nudged_v(), "V"),
        }
        judged = some(self.samples)
        truth = differences(self.trainer, judged, self.start)
        for name, rule in (("cosine", "plain"), ("cosine_weighted", "weighted")):
            steps = nudged(self.trainer, judged, self.start, rule, self.trainer.bench.nudge)  # type: ignore[arg-type]
            found |= told_by_layer(name, cosine(truth, steps))
        return found

    def _nudged_v(self) -> float:
        free, pulled = (
            self.trainer.points(self.samples, self.run.weights, g)[0] for g in (0.0, self.trainer.bench.nudge)
        )
        return float(np.sqrt(np.mean((pulled - free) ** 2)))

    def curves(self) -> dict[str, Curve]:
        """Error by epoch; targets and outputs after training over the number of the sample."""
        return curves(self.run.nrmse, self.trainer.points(self.samples, self.run.weights)[1], self.samples)

    def measured(self, notes: tuple[str, ...] = ()) -> Measured:
        """Metrics and curves."""
        outputs = self.trainer.points(self.samples, self.run.weights)[1]
        shown = picture_of(title_of(self.trainer.bench, "by the solver"), self.run.nrmse, outputs, self.samples)
        return Measured(self.metrics(), self.curves(), notes=(*notes, RULES), pictures={"run": shown})


def solved(spec: TrainedCrossbarSpec, settings: TrainingSettings, trainer: Trainer) -> Solved:
    """A run as `settings` ask for."""
    samples, start = task(trainer.bench, settings), started(trainer, settings)
    run = trainer.train_late(samples, start, settings.epochs, settings.seed, settings.late)
    return Solved(trainer, samples, start, run)


def task(bench: TrainingBench, settings: TrainingSettings) -> Samples:
    """What is learnt."""
    return sine(bench, settings.amplitude, settings.samples, settings.frequency)


def started(trainer: Trainer, settings: TrainingSettings) -> Weights:
    """Weights at the start. A pair of cells has a third of the range of a single one: so have its starts."""
    low, high = trainer.pair.weights_v
    scale = (high - low) / 1.8
    spread, about = scale * settings.spread, scale * settings.about
    if settings.start == "bent":
        return trainer.start_bent(settings.seed, about, spread)
    return trainer.start(settings.seed, spread, about if settings.start == "off" else None)


def some(samples: Samples) -> Samples:
    """At most MOST_JUDGED of them, evenly."""
    step = -(-len(samples.x) // MOST_JUDGED)
    return Samples(samples.x[::step], samples.y[::step])


def null_drift(trainer: Trainer, samples: Samples, weights: Weights) -> float:
    """Largest move of a weight a sample, V, where no nudge is given: over one epoch."""
    still = replace(trainer, bench=trainer.bench.model_copy(update={"nudge": 0.0}))
    ends = weights[0].copy(), weights[1].copy()
    still.show(samples, np.arange(len(samples.x)), ends, (np.zeros_like(ends[0]), np.zeros_like(ends[1])))
    return float(max(np.abs(a - b).max() for a, b in zip(ends, weights, strict=True)) / len(samples.x))


def told_by_layer(name: str, values: tuple[float, float]) -> dict[str, Metric]:
    """Cosines by layer, but for layers that have none."""
    return {f"{name}_{k}": Metric(value, "") for k, value in enumerate(values, 1) if np.isfinite(value)}


def curves(nrmse: Array, outputs: Array, samples: Samples) -> dict[str, Curve]:
    """Error by epoch; of each output its target and what it gives after training, over the number of the sample."""
    found = {"nrmse": Curve(np.arange(len(nrmse), dtype=np.float64) + 1, nrmse, "epoch", "NRMSE")}
    at = np.arange(len(outputs), dtype=np.float64)
    for k in range(outputs.shape[1]):
        found[f"target_o{k}"] = Curve(at, samples.y[:, k], "sample", f"target of o{k} from rest (V)")
        found[f"output_o{k}"] = Curve(at, outputs[:, k], "sample", f"o{k} after training, from rest (V)")
    return found


def title_of(bench: TrainingBench, how: str) -> str:
    """What was trained, and how."""
    return f"{'-'.join(map(str, bench.dims))} {bench.synapse.get('cell')}, trained {how}"


def errors(outputs: Array, samples: Samples) -> dict[str, Metric]:
    """Of outputs (samples, outputs) V, as they are and without their mean."""
    centred = outputs - np.mean(outputs - samples.y, axis=0)
    return {
        "nrmse": Metric(nrmse(outputs, samples.y), ""),
        "nrmse_centred": Metric(nrmse(centred, samples.y), ""),
    }


def nrmse(outputs: Array, targets: Array) -> float:
    """Root mean square of the outputs' errors over the targets' standard deviation."""
    return float(np.sqrt(np.mean((outputs - targets) ** 2)) / np.std(targets))
