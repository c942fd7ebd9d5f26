"""The accuracy of dies in a few figures: mean with its interval, what 95 % of dies reach, the worst."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

DRAWS = 2000
LEAST = 5
"""Of a hundred dies, how many may fall below `p5`."""


def spread(accuracies: Sequence[float], seed: int = 1) -> dict[str, Any]:
    """`mean`, `p5`, `min`, `ci95` and `dies` of the dies' accuracies, fractions.

    `ci95` is that of the mean over dies, by the percentile bootstrap (Efron and Tibshirani, An introduction to the
    bootstrap, chapter 13): dies are drawn anew from those there are, with replacement.
    """
    found = np.asarray(accuracies, dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(found), (DRAWS, len(found)))
    low, high = np.percentile(found[drawn].mean(axis=1), (2.5, 97.5))
    return {
        "mean": float(found.mean()),
        "p5": float(np.percentile(found, LEAST)),
        "min": float(found.min()),
        "ci95": [float(low), float(high)],
        "dies": len(found),
    }
