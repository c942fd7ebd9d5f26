"""How true the steps of training are: their cosine with the gradient of the error by finite differences, by layer.

The error is half the sum of the squares of all outputs' errors over all samples. Two rules: `plain`, what a column
moved by times its row's voltage, as training does; `weighted`, as the theory asks for and no circuit here computes: of
either transistor how the voltage across it moved times what the weight does to its current.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from .currents import currents
from .training import Array, Samples, Trainer, Weights

Rule = Literal["plain", "weighted"]

STEP_V = 1e-3
"""Of a finite difference of a weight."""


def cosines(trainer: Trainer, samples: Samples, weights: Weights, rule: Rule, nudge: float) -> tuple[float, float]:
    """Of each layer, with a nudge of that conductance (S)."""
    return cosine(differences(trainer, samples, weights), nudged(trainer, samples, weights, rule, nudge))


def cosine(one: Weights, other: Weights) -> tuple[float, float]:
    """Of each layer of two gradients; nan where one of them is nothing."""
    first, second = (_cosine(a, b) for a, b in zip(one, other, strict=True))
    return first, second


def _cosine(a: Array, b: Array) -> float:
    length = np.linalg.norm(a) * np.linalg.norm(b)
    return float(np.vdot(a, b) / length) if length else float("nan")


def differences(trainer: Trainer, samples: Samples, weights: Weights) -> Weights:
    """Gradient of the error by each weight, V2/V."""
    first, second = (np.zeros_like(w) for w in weights)
    for layer, out in enumerate((first, second)):
        for at in np.ndindex(out.shape):
            errors = [_error(trainer, samples, _moved(weights, layer, at, step)) for step in (STEP_V, -STEP_V)]
            out[at] = (errors[0] - errors[1]) / (2 * STEP_V)
    return first, second


def nudged(trainer: Trainer, samples: Samples, weights: Weights, rule: Rule, nudge: float) -> Weights:
    """What the nudge says of the gradient, up to a factor for each layer."""
    low = trainer.points(samples, weights, -nudge if trainer.bench.phases == "both" else 0.0)
    high = trainer.points(samples, weights, nudge)
    total = np.zeros_like(weights[0]), np.zeros_like(weights[1])
    for k, x in enumerate(samples.x):
        second = [_rows(trainer, columns[0][k]) for columns in (low, high)]
        for layer, (rows, later) in enumerate(((x, x), second)):
            before, after = low[layer][k], high[layer][k]
            if rule == "plain":
                total[layer][:] += np.outer(rows, after - before)
            else:
                slopes = _by_weight(trainer, weights, layer, rows, before)
                for sign, slope in zip((1.0, -1.0), slopes, strict=True):
                    total[layer][:] -= slope * ((after - before) - sign * (later - rows)[:, None])
    return total


def _rows(trainer: Trainer, hidden: Array) -> Array:
    """The second layer's rows at hidden columns, V."""
    return np.append(trainer.bench.gain * hidden, [trainer.bench.bias] * (trainer.bench.bias > 0))


def _error(trainer: Trainer, samples: Samples, weights: Weights) -> float:
    return float(0.5 * np.sum((trainer.points(samples, weights)[1] - samples.y) ** 2))


def _moved(weights: Weights, layer: int, at: tuple[int, ...], step: float) -> Weights:
    first, second = (w.copy() for w in weights)
    (first, second)[layer][at] += step
    return first, second


def _by_weight(trainer: Trainer, weights: Weights, layer: int, rows: Array, columns: Array) -> Array:
    """Slope of each transistor's current by its weight, (2, rows, cols) S."""
    up, down = (currents(rows, columns, *trainer.layer(layer, weights[layer] + s)) for s in (STEP_V, -STEP_V))
    return np.asarray((up - down) / (2 * STEP_V))
