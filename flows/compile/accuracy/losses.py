"""What each source costs in accuracy, for weights that know nothing of their die."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.training.dense_pass import DensePass
from analoom.flows.compile.training.gains import Gains, Numbers, ideal
from analoom.flows.compile.training.loss import accuracy

Reached = dict[str, list[float]]
"""Accuracies of each die, by what is other than designed."""
DESIGNED = "designed"


def reached(codes: Sequence[Numbers], gains: Gains, step: float, x: Numbers, y: NDArray[np.int64]) -> Reached:
    """Accuracies of dies where only one layer's neurons, or only the outputs, have the gains that were measured.

    `codes` (inputs + 1, outputs) a layer. The first is that of a die as designed, as often as there are dies.
    """
    dims = [len(layer) - 1 for layer in codes] + [codes[-1].shape[-1]]
    held = ideal(dims, gains.dies)
    tried = {DESIGNED: held}
    for k in range(len(codes)):
        paths = [_one(own, of, k) for own, of in ((gains.positive, held.positive), (gains.negative, held.negative))]
        tried[f"gains_layer{k + 1}"] = replace(held, positive=paths[0], negative=paths[1])
    tried["gains_outputs"] = replace(held, output=gains.output)
    return {name: _accuracies(codes, one, step, x, y) for name, one in tried.items()}


def losses(software: float, found: Reached, unaware: Sequence[float], without: Reached) -> dict[str, float]:
    """Points of accuracy lost, fractions, by source; what the sources together leave unexplained is `rest`.

    `quantisation`: from the software to codes on ideal devices. `gains_...`: from there, by what was measured of one
    layer's neurons or of the outputs alone. Each of `without` (accuracies of the first dies without it) by what they
    would have kept. `rest`: single devices, bends of the curves, and what sources do together.
    """
    designed = float(np.mean(found[DESIGNED]))
    parts = {name: designed - float(np.mean(values)) for name, values in found.items() if name != DESIGNED}
    kept = float(np.mean(unaware))
    others = {name: float(np.mean(v)) - float(np.mean(unaware[: len(v)])) for name, v in without.items()}
    whole = {"quantisation": software - designed, **parts, **others}
    return {**whole, "rest": software - kept - sum(whole.values())}


def _one(own: Sequence[Numbers], of: Sequence[Numbers], k: int) -> tuple[Numbers, ...]:
    return tuple(own[n] if n == k else of[n] for n in range(len(of)))


def _accuracies(codes: Sequence[Numbers], gains: Gains, step: float, x: Numbers, y: NDArray[np.int64]) -> list[float]:
    many = [np.broadcast_to(c, (gains.dies, *c.shape)) for c in codes]
    return [float(a) for a in accuracy(DensePass(gains, step).outputs(many, x), y)]
