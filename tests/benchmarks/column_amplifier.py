"""What the amplifiers of hidden columns cost a crossbar that is trained in place: errors one by one, the drawn one.

    python tests/benchmarks/column_amplifier.py [errors drawn dies steps ngspice]

The upright output of the drawn amplifier is the column itself; every other block is ideal. The synapses are the
transistors of `synapse_cs` of low threshold. NRMSE: after EPOCHS of a sine of 1.5 mV at a swing of 0.1 V.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from equilibrium_propagation import AMPLITUDE_V, LEARNS, learnt, started
from parts import Parts, run_parts

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.post_layout import lumped
from analoom.flows.systems.trained_crossbar.drawn_columns import with_amplifier
from analoom.flows.systems.trained_crossbar.run.amplifiers import with_amplifiers
from analoom.flows.systems.trained_crossbar.run.deck_blocks import Blocks
from analoom.flows.systems.trained_crossbar.run.in_ngspice import InNgspice
from analoom.flows.systems.trained_crossbar.run.settings import TrainingSettings
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.dies import die_of
from analoom.flows.systems.trained_crossbar.solver.gradient import Rule, cosine, differences, nudged
from analoom.flows.systems.trained_crossbar.solver.training import TEMP_DEGC, Samples, Trainer, Weights, sine
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

SEEDS, NETS = range(1, 9), 6
FAMILIES = ("continuous", "binned")
RULES: tuple[Rule, ...] = ("weighted", "plain")


def shown(name: str, bench: TrainingBench) -> None:
    """A line: medians over nets of the cosines; NRMSE, the median, then the seeds' in order."""
    nrmse = np.sort([trained(Trainer(bench, None, seed), seed) for seed in SEEDS])
    cosines = " ".join(f"{a:5.3f} {b:5.3f}" for a, b in cosines_of(bench))
    print(f"{name:34s} {cosines}   {np.median(nrmse):.2f}: {' '.join(f'{e:.2f}' for e in nrmse)}", flush=True)


def bench_of(dims: tuple[int, int, int], errors: dict[str, Any] | None = None) -> TrainingBench:
    """With blocks that err so."""
    return TrainingBench.parse(LEARNS | {"dims": dims, "errors": errors or {}})


def trained(trainer: Trainer, seed: int) -> float:
    """NRMSE; infinite where a column leaves the range that is known."""
    try:
        return learnt(trainer, sine(trainer.bench, AMPLITUDE_V), started(trainer, seed), seed)[0]
    except InputError:
        return float("inf")


def cosines_of(bench: TrainingBench) -> np.ndarray:
    """(rules, layers), medians over nets with weights all over the range, of the gradient of ten samples."""
    found = []
    for seed in range(NETS):
        trainer = Trainer(bench, None, seed)
        samples, weights = sine(bench, 0.003, count=10), trainer.start(seed, 0.9)
        try:
            truth = differences(trainer, samples, weights)
            found.append([cosine(truth, nudged(trainer, samples, weights, rule, 5e-4)) for rule in RULES])
        except InputError:
            found.append([(np.nan, np.nan)] * len(RULES))
    return np.nanmedian(found, axis=0)


WIRE = {"amplifier_wire": True}
ONE_BY_ONE: dict[str, dict[str, Any]] = {
    "ideal": {},
    **{f"copy ratio {copy:g}": {"amplifier_copy": (copy, copy)} for copy in (0.0, 0.2, 0.5, 0.8, 1.2)},
    "copy ratio of the inverted 0": {"amplifier_copy": (1.0, 0.0)},
    **{f"copy, sigma {sigma:g}": {"amplifier_copy_sigma": sigma} for sigma in (0.03, 0.1)},
    "gain of the inverted 0.9": {"amplifier_gain": (1.0, 0.9)},
    **{f"gain of the inverted, sigma {s:g}": WIRE | {"amplifier_gain_sigma": s} for s in (0.03, 0.1, 0.2)},
    **{f"offset, both, sigma {1e3 * s:g} mV": {"amplifier_offset_sigma": s} for s in (2e-3, 5e-3)},
    **{f"offset, inverted, sigma {1e3 * s:g} mV": WIRE | {"amplifier_offset_sigma": s} for s in (2e-3, 5e-3, 1e-2)},
    **{f"input conductance {1e9 * g:g} nS": {"amplifier_input": g} for g in (5e-8, 2e-7, 1e-6, 2e-6)},
    **{f"input current, sigma {1e9 * s:g} nA": {"amplifier_current_sigma": s} for s in (1e-8, 2e-8, 5e-8, 1e-7)},
}
LARGER = ("ideal", "copy ratio 0", "copy ratio 0.8", "gain of the inverted, sigma 0.1", "input current, sigma 20 nA")
"""Those told of the larger net too."""


def errors() -> None:
    """One error at a time; those with a sigma are drawn for every column of a seed."""
    for dims, names in (((3, 8, 1), tuple(ONE_BY_ONE)), ((3, 16, 1), LARGER)):
        print(f"\n{dims}: cosines weighted, plain by layer; NRMSE: median: eight seeds in order")
        for name in names:
            shown(name, bench_of(dims, ONE_BY_ONE[name]))


def drawn() -> None:
    """The drawn amplifier, nominal and with the spread of either family; synapses are nominal."""
    cell = build("column_amplifier")
    for dims in ((3, 8, 1), (3, 16, 1)):
        print(f"\n{dims}: cosines weighted, plain by layer; NRMSE: median: eight seeds in order")
        for name, model in {"drawn, nominal": None, **{family: family for family in FAMILIES}}.items():
            shown(name, with_amplifier(bench_of(dims), cell, model))


def dies(count: int = 8) -> None:
    """Dies whose synapses and amplifiers are drawn, each trained on its own, beside the same with ideal amplifiers."""
    cell = build("column_amplifier")
    for dims in ((3, 8, 1), (3, 16, 1)):
        for model in FAMILIES:
            ideal = bench_of(dims)
            for name, bench in {"ideal": ideal, "drawn": with_amplifier(ideal, cell, model)}.items():
                found = np.sort([trained(die_of(bench, die, model), die) for die in range(count)])
                told = " ".join(f"{e:.2f}" for e in found)
                print(f"{dims} {count} dies, {model}, amplifiers {name}: {np.median(found):.2f}: {told}", flush=True)


def extracted() -> Blocks:
    """The amplifier of every column as transistors with the wires' capacitances."""
    cell = build("column_amplifier")
    with tempfile.TemporaryDirectory() as folder:
        return with_amplifiers(make_dut(cell, "post", corner("tt"), TEMP_DEGC, lumped(cell, Path(folder), "tt")))


GEAR = ".option reltol=1e-5 vntol=1e-9 abstol=1e-14 gmin=1e-15 method=gear"


def steps() -> None:
    """Ten samples in ngspice with extracted amplifiers: steps by layer off the solver's, drawn law and ideal."""
    cell, blocks = build("column_amplifier"), extracted()
    for dims in ((3, 4, 1), (3, 8, 1)):
        ideal, order = Trainer(bench_of(dims)), np.arange(10) * 5
        samples, start = sine(ideal.bench, AMPLITUDE_V), started(ideal, 1)
        judged, _ = InNgspice(ideal, blocks, TrainingSettings(), GEAR).taught(samples, order, start)
        for name, trainer in {"drawn": Trainer(with_amplifier(ideal.bench, cell)), "ideal": ideal}.items():
            ours = shown_to(trainer, samples, order, start)
            gaps = [np.linalg.norm(a - b) / np.linalg.norm(b - w) for a, b, w in zip(ours, judged, start, strict=True)]
            print(f"{dims} ngspice off the solver, law {name}: {gaps[0]:.1%} {gaps[1]:.1%}", flush=True)


def shown_to(trainer: Trainer, samples: Samples, order: np.ndarray, weights: Weights) -> Weights:
    """Weights after the samples in `order`."""
    ours = weights[0].copy(), weights[1].copy()
    trainer.show(samples, order, ours, (np.zeros_like(ours[0]), np.zeros_like(ours[1])))
    return ours


def ngspice(epochs: int = 5) -> None:
    """3-8-1 trained in ngspice from the start with extracted amplifiers, all else ideal, beside the solver's training.

    Errors are the solver's with the drawn law, of ngspice's weights and of its own, and ideal.
    """
    ideal, draw = Trainer(bench_of((3, 8, 1))), np.random.default_rng([1, 2])
    law = Trainer(with_amplifier(ideal.bench, build("column_amplifier")))
    samples, start = sine(ideal.bench, AMPLITUDE_V), started(ideal, 1)
    run, weights, own, plain = InNgspice(ideal, extracted(), TrainingSettings()), start, start, start
    print(f"at the start {law.nrmse(samples, start):.3f}; by epoch ngspice, solver drawn, ideal:", flush=True)
    for epoch in range(epochs):
        order = draw.permutation(len(samples.x))
        weights, _ = run.taught(samples, order, weights)
        own, plain = shown_to(law, samples, order, own), shown_to(ideal, samples, order, plain)
        told = law.nrmse(samples, weights), law.nrmse(samples, own), ideal.nrmse(samples, plain)
        print(f"{epoch + 1:4d} {' '.join(f'{error:.3f}' for error in told)}", flush=True)


PARTS: Parts = {
    "errors": errors,
    "drawn": drawn,
    "dies": dies,
    "steps": steps,
    "ngspice": ngspice,
}


if __name__ == "__main__":
    run_parts(__doc__, PARTS)
