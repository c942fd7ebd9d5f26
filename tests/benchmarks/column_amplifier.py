"""What the amplifiers of hidden columns cost a crossbar that is trained in place: errors one by one, the drawn one.

    python tests/benchmarks/column_amplifier.py [errors drawn dies ngspice]

The upright output of the drawn amplifier is the column itself; every other block is ideal. The synapses are the
transistors of `synapse_cs` of low threshold. NRMSE: after EPOCHS of a sine of 1.5 mV at a swing of 0.1 V.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from equilibrium_propagation import AMPLITUDE_V, LEARNS, LOOSE, learnt, started

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.mismatch import mismatch
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.post_layout import lumped
from analoom.flows.simulate import simulate
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.trained_crossbar import deck
from analoom.flows.systems.trained_crossbar.amplifier.stand import tail_diode
from analoom.flows.systems.trained_crossbar.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.deck_blocks import IDEAL, Blocks
from analoom.flows.systems.trained_crossbar.dies import die_of
from analoom.flows.systems.trained_crossbar.gradient import Rule, cosine, differences, nudged
from analoom.flows.systems.trained_crossbar.pair import REST_V
from analoom.flows.systems.trained_crossbar.training import TEMP_DEGC, Samples, Trainer, Weights, sine
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

SEEDS, NETS = range(1, 9), 6
FAMILIES = ("continuous", "binned")
PHASE_S = 4e-6
"""A phase in ngspice: the drawn amplifier settles to 1 uV of 30 mV in some 2 us."""
RULES: tuple[Rule, ...] = ("weighted", "plain")


def shown(name: str, dims: tuple[int, int, int], errors: dict[str, Any]) -> None:
    """A line: medians over nets of the cosines, NRMSE of the seeds in order, their median first."""
    nrmse = np.sort([trained(dims, errors, seed) for seed in SEEDS])
    cosines = " ".join(f"{a:5.3f} {b:5.3f}" for a, b in cosines_of(dims, errors))
    print(f"{name:34s} {cosines}   {np.median(nrmse):.2f}: {' '.join(f'{e:.2f}' for e in nrmse)}", flush=True)


def bench_of(dims: tuple[int, int, int], errors: dict[str, Any]) -> TrainingBench:
    """With blocks that err so."""
    return TrainingBench.parse(LEARNS | {"dims": dims, "errors": errors})


def trained(dims: tuple[int, int, int], errors: dict[str, Any], seed: int) -> float:
    """NRMSE; infinite where a column leaves the range that is known."""
    trainer = Trainer(bench_of(dims, errors), None, seed)
    try:
        return learnt(trainer, sine(trainer.bench, AMPLITUDE_V), started(trainer, seed), seed)[0]
    except InputError:
        return float("inf")


def cosines_of(dims: tuple[int, int, int], errors: dict[str, Any]) -> np.ndarray:
    """(rules, layers), medians over nets with weights all over the range, of the gradient of ten samples."""
    found = []
    for seed in range(NETS):
        trainer = Trainer(bench_of(dims, errors), None, seed)
        samples, weights = sine(trainer.bench, 0.003, count=10), trainer.start(seed, 0.9)
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
            shown(name, dims, ONE_BY_ONE[name])


def drawn_errors(model: str) -> dict[str, Any]:
    """What `sim` and `mismatch` tell of the registered cell, nominal and one sigma of a family."""
    cell = build("column_amplifier")
    found = {name: metric.value for name, metric in simulate(cell).metrics.items()}
    sigma = {name: spread.sigma for name, spread in mismatch(cell, model=model).metrics.items()}
    return WIRE | {
        "amplifier_gain": (1.0, found["gain"]),
        "amplifier_offset": (0.0, found["offset"]),
        "amplifier_copy": (1.0, found["copy_ratio"]),
        "amplifier_resistance": found["output_resistance"],
        "amplifier_input": found["input_conductance"],
        "amplifier_current": found["input_current"],
        "amplifier_gain_sigma": sigma["gain_error"],
        "amplifier_offset_sigma": sigma["offset"],
        "amplifier_copy_sigma": sigma["copy_error"],
        "amplifier_current_sigma": sigma["input_current"],
    }


def drawn() -> None:
    """The drawn amplifier, nominal and with the spread of either family; synapses are nominal."""
    spreads = {model: drawn_errors(model) for model in FAMILIES}
    nominal = {name: v for name, v in spreads["continuous"].items() if not name.endswith("_sigma")}
    for dims in ((3, 8, 1), (3, 16, 1)):
        print(f"\n{dims}: cosines weighted, plain by layer; NRMSE: median: eight seeds in order")
        for name, given in {"ideal": {}, "drawn, nominal": nominal, **spreads}.items():
            shown(name, dims, given)


def dies(count: int = 8) -> None:
    """Dies whose synapses and amplifiers are drawn, each trained on its own, beside the same with ideal amplifiers."""
    for dims in ((3, 8, 1), (3, 16, 1)):
        for model in FAMILIES:
            for name, given in {"ideal amplifiers": {}, "drawn amplifiers": drawn_errors(model)}.items():
                found = np.sort([_die(dims, given, die, model) for die in range(count)])
                told = " ".join(f"{e:.2f}" for e in found)
                print(f"{dims} {count} dies, {model}, {name}: {np.median(found):.2f}: {told}", flush=True)


def _die(dims: tuple[int, int, int], errors: dict[str, Any], die: int, model: str) -> float:
    trainer = die_of(bench_of(dims, errors), die, model)
    try:
        return learnt(trainer, sine(trainer.bench, AMPLITUDE_V), started(trainer, die), die)[0]
    except InputError:
        return float("inf")


def transistors(extracted: bool = True) -> Blocks:
    """The amplifier of every column as transistors, with the wires' capacitances or without."""
    cell = build("column_amplifier")
    with tempfile.TemporaryDirectory() as folder:
        wires = lumped(cell, Path(folder), "tt") if extracted else None
        dut = make_dut(cell, "post" if extracted else "schematic", corner("tt"), TEMP_DEGC, wires)
    around = ("v_vdd vdd 0 1.8", "v_vss vss 0 0", "i_bias 0 bias 1e-7", with_variants(tail_diode(cell).spice()))

    def lines(trainer: Trainer, j: int) -> Iterator[str]:
        yield f"v_wire{j} h_{j} r2p_{j} 0"
        yield f"xamp{j} h_{j} rest r2n_{j} bias vdd vss {dut.name}"
        yield f".ic v(r2n_{j})={REST_V!r}"

    before = (f'.include "{dut.library}"', with_variants(dut.text), *around)
    return Blocks(amplifier=lines, before=before)


def ngspice(epochs: int = 12) -> None:
    """3-4-1 and 3-8-1 trained in ngspice from the start, amplifiers ideal and as extracted transistors; all else ideal.

    Outputs are read by ngspice itself, with weights that stand still.
    """
    deck.PHASE_S = PHASE_S
    for dims in ((3, 4, 1), (3, 8, 1)):
        for name, blocks in {"ideal": IDEAL, "extracted": transistors()}.items():
            bench = bench_of(dims, {})
            trainer, draw = Trainer(bench), np.random.default_rng([1, 2])
            samples, weights, cpu_s = sine(bench, AMPLITUDE_V), started(trainer, 1), 0.0
            print(f"\n{dims} in ngspice, {name} amplifiers: epoch, NRMSE, CPU s so far", flush=True)
            for epoch in range(epochs):
                part = 0.2 if epoch >= epochs * 5 // 6 else 1.0
                rates = (part * bench.rate[0], part * bench.rate[1])
                at_work = Trainer(bench.model_copy(update={"rate": rates}))
                _, weights, spent = in_ngspice(at_work, samples, draw.permutation(50), weights, blocks)
                cpu_s += spent
                if epoch % 3 == 2:
                    print(f"{epoch + 1:4d} {read(bench, samples, weights, blocks):6.3f} {cpu_s:6.0f}", flush=True)


def in_ngspice(
    trainer: Trainer, samples: Samples, order: np.ndarray, weights: Weights, blocks: Blocks
) -> tuple[dict[str, np.ndarray], Weights, float]:
    """What ngspice found, the weights at the end, and its CPU seconds."""
    lines = deck.training_deck(trainer, samples, order, weights, deck.STORE_F, LOOSE, blocks)
    began = time.process_time()
    with circuit(f"* training\n.option gmin=1e-15\n{lines}\n.end\n") as loaded:
        found = loaded.run(f"tran 0.5u {deck.seconds(len(order))!r} 0 {PHASE_S / 4!r} uic")
    return found, deck.weights_found(trainer, found), time.process_time() - began


def read(bench: TrainingBench, samples: Samples, weights: Weights, blocks: Blocks) -> float:
    """NRMSE of the outputs that ngspice holds in the free phase."""
    still = Trainer(bench.model_copy(update={"rate": (0.0, 0.0)}))
    found, _, _ = in_ngspice(still, samples, np.arange(len(samples.x)), weights, blocks)
    at = deck.held_at(len(samples.x)) + PHASE_S / 10
    outputs = np.array([np.interp(at, found["time"], found[f"lo_{k}"]) for k in range(bench.dims[2])]).T - REST_V
    return float(np.sqrt(np.mean((outputs - samples.y) ** 2)) / np.std(samples.y))


PARTS: dict[str, Callable[[], None]] = {"errors": errors, "drawn": drawn, "dies": dies, "ngspice": ngspice}


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    for part in told.parse_args().parts:
        PARTS[part]()


if __name__ == "__main__":
    main()
