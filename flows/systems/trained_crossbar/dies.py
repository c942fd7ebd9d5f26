"""Dies of a bench: thresholds drawn as the models spread them, and what training makes of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analoom.pdk.mismatch.terms import DEFAULT_MODEL, random_terms

from .bench import TrainingBench
from .pair import pair_of
from .training import Array, Run, Samples, Trainer


def drawn(bench: TrainingBench, die: int) -> tuple[Array, Array]:
    """Threshold shifts of both layers, (2, rows, cols) V: first and second transistor of every synapse."""
    draw = np.random.default_rng([die, 7])
    sizes = [read.device for read in pair_of(bench.cell()).devices]
    sigmas = [random_terms(d.device, d.w_um, d.l_um, d.nf, d.m, DEFAULT_MODEL)["delvto"] for d in sizes]
    first, second = (draw.normal(size=(2, *s)) * np.array(sigmas)[:, None, None] for s in bench.shapes)
    return first, second


def trained(bench: TrainingBench, samples: Samples, dies: Sequence[int], epochs: int, about_v: float) -> list[Run]:
    """Each die trained on its own, from weights of its own (seed: the die's number)."""
    found = []
    for die in dies:
        trainer = Trainer(bench, drawn(bench, die))
        found.append(trainer.train(samples, trainer.start(die, about_v=about_v), epochs, die))
    return found
