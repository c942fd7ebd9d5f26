"""What drawn clamps and nudges cost a crossbar trained in place: cosines, learning, dies of both families.

    python tests/benchmarks/trained_columns.py [offsets ladder dies ngspice]

Targets of 1.5 mV, swing of 0.1 V, `vt=lvt`; an error is told over the targets' deviation, and once more without the
outputs' mean error, as a constant offset of a nudge is learnt as a target that is shifted.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from equilibrium_propagation import AMPLITUDE_V, LEARNS, SEEDS, learnt, started
from parts import Parts, run_parts

from analoom import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.trained_crossbar.drawn_columns import with_clamp, with_nudge
from analoom.flows.systems.trained_crossbar.run.in_ngspice import InNgspice
from analoom.flows.systems.trained_crossbar.run.placed import Placed
from analoom.flows.systems.trained_crossbar.run.settings import TrainingSettings
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.dies import die_of
from analoom.flows.systems.trained_crossbar.solver.gradient import cosines
from analoom.flows.systems.trained_crossbar.solver.training import Samples, Trainer, Weights, sine
from analoom.pdk.corners import corner
from analoom.pdk.mismatch.terms import MODELS

DIMS = ((3, 8, 1), (3, 16, 1))
DIES, NETS = 8, 6
Change = Callable[[TrainingBench, str | None], TrainingBench]


def _nudge(bench: TrainingBench, model: str | None) -> TrainingBench:
    return with_nudge(bench, build("column_nudge"), model)


def _clamp(bench: TrainingBench, model: str | None) -> TrainingBench:
    return with_clamp(bench, build("column_clamp"), model)


LADDER: dict[str, Change] = {
    "ideal": lambda bench, model: bench,
    "clamp drawn": _clamp,
    "nudge drawn": _nudge,
    "both drawn": lambda bench, model: _nudge(_clamp(bench, model), model),
}


def _error(trainer: Trainer, seed: int) -> tuple[float, float]:
    """After training: of the outputs as they are, and without their mean error."""
    samples = sine(trainer.bench, AMPLITUDE_V)
    _, weights = learnt(trainer, samples, started(trainer, seed), seed)
    return _of(trainer, samples, weights)


def _of(trainer: Trainer, samples: Samples, weights: Weights) -> tuple[float, float]:
    return _told(trainer.points(samples, weights)[1], samples)


def _told(outputs: np.ndarray, samples: Samples) -> tuple[float, float]:
    off, scale = outputs - samples.y, np.std(samples.y)
    return float(np.sqrt(np.mean(off**2)) / scale), float(np.std(off) / scale)


def _cosines(bench: TrainingBench) -> str:
    """Medians over nets of layers 1, 2, by the theory's rule and by the circuit's."""
    trainer = Trainer(bench)
    samples, told = sine(bench, AMPLITUDE_V, count=10), []
    for rule in ("weighted", "plain"):
        found = [cosines(trainer, samples, trainer.start(seed, 0.9), rule, bench.nudge) for seed in range(NETS)]
        told.append("{:5.3f} {:5.3f}".format(*np.median(found, axis=0)))
    return "   ".join(told)


def _in_order(found: list[tuple[float, float]]) -> str:
    return "   ".join(" ".join(f"{e:4.2f}" for e in np.sort(one)) for one in np.array(found).T)


def ladder() -> None:
    """Nominal blocks, one after the other."""
    print("\nweighted, plain: cosines of layers 1, 2; NRMSE of three seeds in order; the same without the mean error")
    for dims in DIMS:
        for name, change in LADDER.items():
            bench = change(TrainingBench.parse(LEARNS | {"dims": dims}), None)
            errors = [_error(Trainer(bench), seed) for seed in SEEDS]
            print(f"{dims} {name:12s} {_cosines(bench)}   {_in_order(errors)}", flush=True)


def dies() -> None:
    """Synapses and blocks of each die drawn; each is trained on its own."""
    print(f"\n{DIES} dies, trained each: NRMSE in order; the same without the mean error")
    for model in MODELS:
        for dims in DIMS:
            for name, change in LADDER.items():
                bench = change(TrainingBench.parse(LEARNS | {"dims": dims}), model)
                errors = [_error(die_of(bench, die, model), 1) for die in range(DIES)]
                print(f"{model:10s} {dims} {name:12s} {_in_order(errors)}", flush=True)


def offsets() -> None:
    """How much offset, one sigma over columns, learning stands: of clamps, and of the nudge."""
    print(f"\noffsets: NRMSE of {DIES} dies with nominal synapses, in order; without the mean error")
    for field in ("clamp_offset_sigma", "nudge_offset_sigma"):
        for sigma_v in (1e-4, 3e-4, 1e-3, 3e-3, 5e-3, 1e-2, 2e-2):
            bench = TrainingBench.parse(LEARNS | {"errors": {field: sigma_v}})
            errors = [_error(Trainer(bench, die=die), 1) for die in range(DIES)]
            print(f"{field} {1e3 * sigma_v:5.1f} mV {_in_order(errors)}", flush=True)


def ngspice(epochs: int = 6) -> None:
    """Trained in ngspice with the transistors of clamps, nudge and load, epoch by epoch, beside the solver."""
    print("\nin ngspice with clamps, nudge and load drawn: epoch, NRMSE of ngspice's weights and of the solver's, each")
    print("once more without the mean error; steps of both layers off the solver's; CPU s of ngspice")
    for dims in ((3, 4, 1), (3, 8, 1)):
        bench = LADDER["both drawn"](TrainingBench.parse(LEARNS | {"dims": dims}), None)
        runs, trainer = _in_ngspice(bench), Trainer(bench)
        samples, weights = sine(bench, AMPLITUDE_V), started(trainer, 1)
        ours, draw = (weights[0].copy(), weights[1].copy()), np.random.default_rng([1, 2])
        for epoch in range(epochs):
            order, before, began = draw.permutation(50), weights, time.process_time()
            weights, _ = runs.taught(samples, order, weights)
            cpu_s = time.process_time() - began
            step = before[0].copy(), before[1].copy()
            for moved in (step, ours):
                trainer.show(samples, order, moved, (np.zeros_like(ours[0]), np.zeros_like(ours[1])))
            off = [_off(*three) for three in zip(step, weights, before, strict=True)]
            told = "   ".join("{:.3f} {:.3f}".format(*_of(trainer, samples, w)) for w in (weights, ours))
            print(f"{dims} {epoch + 1:2d}   {told}   {off[0]:.3f} {off[1]:.3f}   {cpu_s:.1f}", flush=True)
        _, outputs = _in_ngspice(bench.model_copy(update={"rate": (0.0, 0.0)})).taught(samples, np.arange(50), weights)
        print("outputs read by ngspice itself at the end: {:.3f} {:.3f}".format(*_told(outputs, samples)), flush=True)


def _in_ngspice(bench: TrainingBench) -> InNgspice:
    fields = {"dims": bench.dims, "clamp": "drawn", "nudge": "drawn", "load": "drawn"}
    trainer = Trainer(bench)
    dut = make_dut(build("trained_crossbar", fields), "schematic", corner("tt"), trainer.temp_degc)
    return InNgspice(trainer, Placed(dut).blocks, TrainingSettings())


def _off(one: np.ndarray, other: np.ndarray, before: np.ndarray) -> float:
    """By how much a step is off another."""
    return float(np.linalg.norm(one - other) / np.linalg.norm(one - before))


PARTS: Parts = {"offsets": offsets, "ladder": ladder, "dies": dies, "ngspice": ngspice}


if __name__ == "__main__":
    run_parts(__doc__, PARTS)
