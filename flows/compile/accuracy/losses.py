"""What each source costs in accuracy, for weights that know nothing of their die."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.training.gains import DESIGNED
from analoom.flows.compile.training.known import Known, Numbers
from analoom.flows.compile.training.loss import accuracy

Reached = dict[str, list[float]]
"""Accuracies of each die, by what is other than designed."""


def reached(codes: Sequence[Numbers], known: Known, step: float, x: Numbers, y: NDArray[np.int64]) -> Reached:
    """Accuracies of dies where only one thing is as it was measured, by `Known.apart`.

    `codes` (inputs + 1, outputs) a layer. The first is that of a die as designed, as often as there are dies.
    """
    return {name: _accuracies(codes, one, step, x, y) for name, one in known.apart().items()}


def losses(software: float, found: Reached, unaware: Sequence[float], without: Reached) -> dict[str, float]:
    """Points of accuracy lost, fractions, by source; what the sources together leave unexplained is `rest`.

    `quantisation`: from the software to codes on ideal devices. Each of `found`: from there, by what was measured of it
    alone, as one layer's gains. Each of `without` (accuracies of the first dies without it) by what they
    would have kept. `rest`: single devices, bends of the curves, and what sources do together.
    """
    designed = float(np.mean(found[DESIGNED]))
    parts = {name: designed - float(np.mean(values)) for name, values in found.items() if name != DESIGNED}
    kept = float(np.mean(unaware))
    others = {name: float(np.mean(v)) - float(np.mean(unaware[: len(v)])) for name, v in without.items()}
    whole = {"quantisation": software - designed, **parts, **others}
    return {**whole, "rest": software - kept - sum(whole.values())}


def _accuracies(codes: Sequence[Numbers], known: Known, step: float, x: Numbers, y: NDArray[np.int64]) -> list[float]:
    many = [np.broadcast_to(c, (known.dies, *c.shape)) for c in codes]
    return [float(a) for a in accuracy(known.over(step).outputs(many, x), y)]
