"""The loss that a network of classes is trained by: cross-entropy of its outputs, sharpened by a factor a die."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .known import Numbers

SHARPNESS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
"""Factors that are tried on outputs of a spread of 1."""


@dataclass(frozen=True)
class Loss:
    """Cross-entropy (dies,), its gradient by output (dies, points, outputs), and by the factor's logarithm (dies,)."""

    value: Numbers
    by_output: Numbers
    by_sharpness: Numbers


def cross_entropy(outputs: Numbers, y: NDArray[np.int64], log_sharpness: Numbers) -> Loss:
    """The loss of `outputs` (dies, points, outputs) for classes `y`; `log_sharpness` (dies,).

    Output currents have a size of their own, which says nothing of a class: the factor finds the scale that fits.
    """
    sharp = np.exp(log_sharpness)[:, None, None]
    scaled = sharp * outputs
    scaled -= scaled.max(axis=2, keepdims=True)
    share = np.exp(scaled)
    share /= share.sum(axis=2, keepdims=True)
    at = (slice(None), np.arange(len(y)), y)
    value = -np.log(np.maximum(share[at], np.float32(1e-30))).mean(axis=1)
    share[at] -= 1
    share *= np.float32(1 / len(y))
    return Loss(value, sharp * share, (scaled * share).sum(axis=(1, 2)))


def least_loss(outputs: Numbers, y: NDArray[np.int64]) -> Numbers:
    """The cross-entropy (dies,) of `outputs` (dies, points, outputs) by the factor of SHARPNESS that fits each die."""
    spread = np.log(np.maximum(outputs.std(axis=(1, 2)), np.float32(1e-9)))
    tried = [cross_entropy(outputs, y, (np.log(s) - spread).astype(np.float32)).value for s in SHARPNESS]
    return np.asarray(np.min(tried, axis=0), dtype=np.float32)


def accuracy(outputs: NDArray[np.floating], y: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of points whose largest output is that of their class: (...,) of outputs (..., points, outputs)."""
    return np.asarray((outputs.argmax(axis=-1) == y).mean(axis=-1), dtype=np.float64)
