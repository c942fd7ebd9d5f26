"""A crossbar trained in place by equilibrium propagation: agreement with ngspice, cosines, learning, dies.

    python tests/benchmarks/equilibrium_propagation.py [agreement storage cosines reach cures dies ngspice]

Every block but the synapses' transistors is ideal. Sources: Scellier and Bengio, Frontiers in Computational
Neuroscience 11:24, 2017; analog-mlp-circuit (J. Metzger, 2025), whose target of 20 mV is the first row of `reach`.
"""

from __future__ import annotations

import time

import numpy as np
from parts import Parts, run_parts

from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.trained_crossbar.run.deck import (
    STORE_F,
    TIGHT,
    held_at,
    seconds,
    training_deck,
    weights_found,
)
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.dies import die_of
from analoom.flows.systems.trained_crossbar.solver.gradient import Rule, cosine, differences, nudged
from analoom.flows.systems.trained_crossbar.solver.pair import REST_V
from analoom.flows.systems.trained_crossbar.solver.training import Samples, Trainer, Weights, sine
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import MODELS

STANDARD, LVT, PAIR = {"cell": "synapse_cs"}, {"cell": "synapse_cs", "vt": "lvt"}, {"cell": "synapse_2t1c"}
LOOSE = ".option reltol=1e-4 vntol=1e-8 abstol=1e-14"
"""Differs from TIGHT by 0.02 % of the steps of 3-8-1, at half the time."""

LEARNS = {"dims": (3, 16, 1), "synapse": LVT, "reach": 0.15, "rate": (300.0, 500.0)}
AMPLITUDE_V, ABOUT_V = 0.0015, 0.45
EPOCHS, SEEDS = 60, (1, 2, 3)
RULES: list[tuple[Rule, float]] = [("weighted", 1e-7), ("weighted", 5e-4), ("plain", 1e-7), ("plain", 5e-4)]


def in_ngspice(
    trainer: Trainer,
    samples: Samples,
    order: np.ndarray,
    weights: Weights,
    store_f: float = STORE_F,
    options: str = TIGHT,
) -> tuple[dict, Weights, float]:
    """What ngspice found, the weights at the end, and its CPU seconds."""
    text = (
        f"* training\n.option gmin=1e-15\n{training_deck(trainer, samples, order, weights, store_f, options)}\n.end\n"
    )
    began = time.process_time()
    with circuit(text) as loaded:
        found = loaded.run(f"tran 0.5u {seconds(len(order))!r} 0 0.5u uic")
    return found, weights_found(trainer, found), time.process_time() - began


def held(found: dict, phase: str, bench: TrainingBench, count: int) -> np.ndarray:
    """Columns as held after a phase, (samples, hidden + outputs) V."""
    at = held_at(count)
    names = [f"{phase}h_{j}" for j in range(bench.dims[1])] + [f"{phase}o_{k}" for k in range(bench.dims[2])]
    return np.array([np.interp(at, found["time"], found[name]) for name in names]).T - REST_V


def shown(
    trainer: Trainer, samples: Samples, order: np.ndarray, weights: Weights
) -> tuple[np.ndarray, np.ndarray, Weights]:
    """The same of the solver: columns of both phases before every step, and the weights at the end."""
    bench, ours, phases = trainer.bench, tuple(w.copy() for w in weights), ([], [])
    for k in order:
        one = Samples(samples.x[k : k + 1], samples.y[k : k + 1])
        for found, nudge in zip(phases, (-bench.nudge if bench.phases == "both" else 0.0, bench.nudge), strict=True):
            found.append(np.concatenate([p[0] for p in trainer.points(one, ours, nudge)]))
        trainer.show(one, np.array([0]), ours, (np.zeros_like(ours[0]), np.zeros_like(ours[1])))
    return np.array(phases[0]), np.array(phases[1]), ours


def agreement() -> None:
    """Columns, what the nudge does to them, steps of the weights, and time, against ngspice."""
    print("\nsolver against ngspice: 50 samples (3-32-1: 10)")
    print(
        "                      hidden rms, gap     nudge rms, gap     steps off by layer    ngspice solver, ms a sample"
    )
    for name, fields, count in (
        ("3-8-1 standard", {"dims": (3, 8, 1), "synapse": STANDARD}, 50),
        ("3-8-1 lvt", {"dims": (3, 8, 1), "synapse": LVT, "reach": 0.15}, 50),
        ("3-8-1 lvt, both", {"dims": (3, 8, 1), "synapse": LVT, "reach": 0.15, "phases": "both", "nudge": 2e-5}, 50),
        ("3-32-1 lvt", {"dims": (3, 32, 1), "synapse": LVT, "reach": 0.15}, 10),
    ):
        trainer = Trainer(TrainingBench.parse(fields))
        samples, start = sine(trainer.bench), trainer.start(1, 0.3, ABOUT_V)
        order, hidden = np.random.default_rng(5).permutation(50)[:count], trainer.bench.dims[1]
        low, high, ours = shown(trainer, samples, order, start)
        found, ends, cpu_s = in_ngspice(trainer, samples, order, start)
        gap, nudge = held(found, "l", trainer.bench, count) - low, high - low
        off = held(found, "h", trainer.bench, count) - held(found, "l", trainer.bench, count) - nudge
        steps = [np.linalg.norm(a - b) / np.linalg.norm(a - w) for a, b, w in zip(ours, ends, start, strict=True)]
        print(
            f"{name:20s} {1e3 * _rms(low[:, :hidden]):8.2f} mV {1e6 * _rms(gap[:, :hidden]):6.2f} uV "
            f"{1e6 * _rms(nudge[:, :hidden]):8.0f} uV {1e6 * _rms(off[:, :hidden]):6.2f} uV   "
            f"{steps[0]:8.1e} {steps[1]:8.1e}  "
            f"{1e3 * cpu_s / count:7.0f} {_solver_ms(trainer, samples):8.2f}",
            flush=True,
        )


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _solver_ms(trainer: Trainer, samples: Samples) -> float:
    """CPU time of a sample in training, ms."""
    weights, order = trainer.start(1, 0.3, ABOUT_V), np.tile(np.arange(50), 6)
    moved = np.zeros_like(weights[0]), np.zeros_like(weights[1])
    began = time.process_time()
    trainer.show(samples, order, weights, moved)
    return 1e3 * (time.process_time() - began) / len(order)


def storage() -> None:
    """What the charge of the gates does to weights that capacitors hold: steps of ngspice off those with 1 nF."""
    print("\nngspice, 3-4-1 standard, 20 samples: steps of both layers off those of 1 nF, and drift without nudge")
    for store_f in (1e-13, 1e-12, 1e-11):
        ends = {}
        for nudge in (0.0, 5e-4):
            trainer = Trainer(TrainingBench.parse({"dims": (3, 4, 1), "synapse": STANDARD, "nudge": nudge}))
            samples, start, order = sine(trainer.bench), trainer.start(1, 0.3, ABOUT_V), np.arange(20) * 2
            ends[nudge] = in_ngspice(trainer, samples, order, start, store_f)[1]
        true = in_ngspice(trainer, samples, order, start)[1]
        off = [np.linalg.norm(a - b) / np.linalg.norm(b - w) for a, b, w in zip(ends[5e-4], true, start, strict=True)]
        drift = max(float(np.abs(a - w).max()) for a, w in zip(ends[0.0], start, strict=True))
        print(
            f"{store_f * 1e12:6g} pF: {off[0]:7.1%} {off[1]:7.1%}; "
            f"without nudge {1e3 * drift / len(order):.4f} mV a sample",
            flush=True,
        )


def cosine_table(nets: int = 6) -> None:
    """Medians over nets of the cosine with finite differences: the whole gradient of ten samples, 3-8-1."""
    print(f"\ncosines of layers 1, 2 with finite differences, medians of {nets} nets 3-8-1, weights all over the range")
    heads = [f"{rule}, {1e3 * nudge:g} mS" for rule, nudge in RULES]
    print(f"{'synapse':18s} {'swing':6s} " + " ".join(f"{head:18s}" for head in heads))
    for name, synapse in (("synapse_cs", STANDARD), ("synapse_cs lvt", LVT), ("synapse_2t1c pair", PAIR)):
        for swing in (0.05, 0.1, 0.2, 0.4):
            first, second = _cosines(synapse, swing, nets).T
            cells = [f"{a:6.3f} {b:6.3f}" for a, b in zip(first, second, strict=True)]
            print(f"{name:18s} {swing:4g} V " + " ".join(f"{cell:18s}" for cell in cells), flush=True)


def _cosines(synapse: dict, swing: float, nets: int) -> np.ndarray:
    """(rules, layers)."""
    trainer = Trainer(TrainingBench(dims=(3, 8, 1), synapse=synapse, swing=swing))
    samples, found = sine(trainer.bench, 0.03 * swing, count=10), []
    for seed in range(nets):
        weights = trainer.start(seed, 0.9)
        truth = differences(trainer, samples, weights)
        found.append([cosine(truth, nudged(trainer, samples, weights, rule, nudge)) for rule, nudge in RULES])
    return np.median(found, axis=0)


def reach() -> None:
    """What amplitude a swing of 0.1 V can reach: the same training for targets from 20 to 1 mV."""
    print(f"\nNRMSE of sin(8x) by its amplitude, 3-16-1 lvt, {EPOCHS} epochs of 50 samples, three seeds in order")
    for amplitude_v in (0.02, 0.01, 0.005, 0.003, 0.002, 0.0015, 0.001):
        print(f"{1e3 * amplitude_v:5g} mV: {_seeds(LEARNS, amplitude_v)}", flush=True)


def cures() -> None:
    """One change at a time."""
    print(f"\nNRMSE at {1e3 * AMPLITUDE_V:g} mV, {EPOCHS} epochs, three seeds in order, one change at a time")
    changes: list[tuple[str, dict, str]] = [
        ("3-16-1 lvt, rates 300 and 500", {}, "bent"),
        ("weights start at random, off the dead zone", {}, "off"),
        ("weights start at random, in the dead zone", {}, "in"),
        ("rates 300 and 50", {"rate": (300.0, 50.0)}, "bent"),
        ("rates 20 and 3, the seed's", {"rate": (20.0, 3.0)}, "bent"),
        ("nudged both ways, 0.1 mS", {"phases": "both", "nudge": 1e-4}, "bent"),
        ("nudge 2 mS", {"nudge": 2e-3}, "bent"),
        ("momentum 0.9, rates a tenth", {"momentum": 0.9, "rate": (30.0, 50.0)}, "bent"),
        ("decay 1e-4 a sample", {"decay": 1e-4}, "bent"),
        ("gain 2", {"gain": 2.0, "reach": 0.25}, "bent"),
        ("a bias row of 50 mV in layer 2", {"bias": 0.05}, "bent"),
        ("standard threshold", {"synapse": STANDARD}, "bent"),
        ("linear conductances for the transistors", {"device": "linear"}, "bent"),
        ("3-8-1", {"dims": (3, 8, 1)}, "bent"),
        ("3-32-1", {"dims": (3, 32, 1)}, "bent"),
        ("four outputs", {"dims": (3, 16, 4)}, "bent"),
    ]
    for name, change, start in changes:
        print(f"{name:44s} {_seeds(LEARNS | change, AMPLITUDE_V, start)}", flush=True)


def started(trainer: Trainer, seed: int, start: str = "bent") -> Weights:
    """Weights by the name of where they begin."""
    if start == "bent":
        return trainer.start_bent(seed, ABOUT_V, 0.3)
    return trainer.start(seed, 0.3, ABOUT_V if start == "off" else None)


def learnt(trainer: Trainer, samples: Samples, weights: Weights, seed: int) -> tuple[float, Weights]:
    """NRMSE and weights after EPOCHS, of which the last sixth has a fifth of the rates."""
    run = trainer.train_late(samples, weights, EPOCHS, seed, late=1 / 6)
    return float(run.nrmse[-1]), run.weights


def _seeds(fields: dict, amplitude_v: float, start: str = "bent") -> str:
    found = []
    trainer = Trainer(TrainingBench.parse(fields))
    samples = sine(trainer.bench, amplitude_v)
    for seed in SEEDS:
        try:
            found.append(learnt(trainer, samples, started(trainer, seed, start), seed)[0])
        except InputError:
            found.append(np.inf)
    return " ".join(f"{e:5.2f}" for e in sorted(found))


def dies(count: int = 6) -> None:
    """Every die trained on its own, and the weights of the nominal circuit put on it, in both families of models."""
    bench = TrainingBench.parse(LEARNS)
    samples, first = sine(bench, AMPLITUDE_V), Trainer(bench)
    nominal, weights = learnt(first, samples, started(first, 1), 1)
    for model in MODELS:
        runs = []
        for die in range(count):
            trainer = die_of(bench, die, model)
            own, _ = learnt(trainer, samples, started(trainer, 1), 1)
            runs.append((own, trainer.nrmse(samples, weights)))
        owns, others = np.sort(np.array(runs), axis=0).T
        print(f"\n{count} dies ({model}), NRMSE in order, {EPOCHS} epochs; nominal {nominal:.2f}")
        print("trained on the die:      ", " ".join(f"{e:.2f}" for e in owns))
        print("trained on the nominal:  ", " ".join(f"{e:.2f}" for e in others), flush=True)


def ngspice(epochs: int = 8) -> None:
    """A training from the start to the end in ngspice, transient, epoch by epoch, beside the solver's."""
    trainer = Trainer(TrainingBench.parse(LEARNS))
    samples, weights = sine(trainer.bench, AMPLITUDE_V), started(trainer, 1)
    still = Trainer(TrainingBench.parse(LEARNS | {"rate": (0.0, 0.0)}))
    draw, ours = np.random.default_rng([1, 2]), (weights[0].copy(), weights[1].copy())
    print("\nin ngspice, transient, 3-16-1 lvt: epoch, NRMSE of ngspice's weights and of the solver's, CPU s")
    for epoch in range(epochs):
        order = draw.permutation(50)
        _, weights, cpu_s = in_ngspice(trainer, samples, order, weights, options=LOOSE)
        trainer.show(samples, order, ours, (np.zeros_like(ours[0]), np.zeros_like(ours[1])))
        errors = trainer.nrmse(samples, weights), trainer.nrmse(samples, ours)
        print(f"{epoch + 1:4d} {errors[0]:6.3f} {errors[1]:6.3f} {cpu_s:6.1f}", flush=True)
    free, nudged_to = (trainer.points(samples, ours, nudge)[0] for nudge in (0.0, trainer.bench.nudge))
    print(f"then the nudge moves hidden columns by {1e6 * _rms(nudged_to - free):.0f} uV rms")
    found, _, _ = in_ngspice(still, samples, np.arange(50), weights, options=LOOSE)
    outputs = held(found, "l", still.bench, 50)[:, -1:]
    print(f"outputs read by ngspice itself at the end: NRMSE {_rms(outputs - samples.y) / np.std(samples.y):.3f}")


PARTS: Parts = {
    "agreement": agreement,
    "storage": storage,
    "cosines": cosine_table,
    "reach": reach,
    "cures": cures,
    "dies": dies,
    "ngspice": ngspice,
}


if __name__ == "__main__":
    run_parts(__doc__, PARTS)
