"""Dies of a bench: thresholds drawn as the models spread them, and what training makes of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analoom.pdk.mismatch.terms import DEFAULT_MODEL, random_terms

from .bench import TrainingBench
from .pair import pair_of
from .training import Array, Run, Samples, Trainer


def drawn(bench: TrainingBench, die: int, model: str = DEFAULT_MODEL) -> tuple[Array, Array]:
    """Threshold shifts of both layers, (2, rows, cols) V: first and second transistor of every synapse.

    Of the binned family those of `vth0` and `voff` together; its oxide thickness and `nfactor` are left out.
    """
    draw = np.random.default_rng([die, 7])
    sizes = [read.device for read in pair_of(bench.cell()).devices]
    terms = [random_terms(d.device, d.w_um, d.l_um, d.nf, d.m, model) for d in sizes]
    sigmas = np.array([t["delvto"] if "delvto" in t else np.hypot(t["vth0"], t.get("voff", 0.0)) for t in terms])
    first, second = (draw.normal(size=(2, *s)) * sigmas[:, None, None] for s in bench.shapes)
    return first, second


def die_of(bench: TrainingBench, die: int, model: str = DEFAULT_MODEL) -> Trainer:
    """A die: its synapses by the family, its blocks by the bench's sigmas."""
    return Trainer(bench, drawn(bench, die, model), die if bench.errors.spread else None)


def trained(
    bench: TrainingBench,
    samples: Samples,
    dies: Sequence[int],
    epochs: int,
    about_v: float,
    model: str = DEFAULT_MODEL,
) -> list[Run]:
    """Each die trained on its own, from weights of its own (seed: the die's number)."""
    found = []
    for die in dies:
        trainer = die_of(bench, die, model)
        found.append(trainer.train(samples, trainer.start(die, about_v=about_v), epochs, die))
    return found
