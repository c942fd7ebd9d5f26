"""A crossbar trained in place: its solver against ngspice, steps against differences, what is learnt and refused."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analoom.cells.model import registry
from analoom.cells.model.circuit import Mos
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.crossbar.solver.device_sampling import sweep_device
from analoom.flows.systems.crossbar.solver.device_table import FLOOR_A
from analoom.flows.systems.trained_crossbar.run.deck import held_at, seconds, training_deck, weights_found
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.columns import CLAMP_V, GAIN_N, GAIN_P, STEP_V, columns_of
from analoom.flows.systems.trained_crossbar.solver.currents import currents
from analoom.flows.systems.trained_crossbar.solver.dies import drawn
from analoom.flows.systems.trained_crossbar.solver.gradient import cosines
from analoom.flows.systems.trained_crossbar.solver.pair import REST_V, pair_of
from analoom.flows.systems.trained_crossbar.solver.training import Samples, Trainer, Weights, sine
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError, SpecError

compiled = pytest.mark.full
"""The first such test compiles the steps, for 15 s."""

LVT = {"cell": "synapse_cs", "vt": "lvt"}
SMALL = {"dims": (3, 2, 1), "synapse": LVT, "reach": 0.15}


def in_ngspice(trainer: Trainer, samples: Samples, order: np.ndarray, weights: Weights, **deck: Any) -> dict:
    with circuit(f"* training\n{training_deck(trainer, samples, order, weights, **deck)}\n.end\n") as loaded:
        return loaded.run(f"tran 0.5u {seconds(len(order))!r} 0 0.5u uic")


def moved(trainer: Trainer, found: dict, weights: Weights) -> np.ndarray:
    """By how much ngspice moved every weight, V."""
    ends = weights_found(trainer, found)
    return np.concatenate([(end - w).ravel() for end, w in zip(ends, weights, strict=True)])


def both(changed: dict, judged: dict, count: int = 4, die: int | None = None) -> tuple[np.ndarray, np.ndarray, float]:
    """Steps of all weights by the solver for one bench and by ngspice for another, and the columns' largest gap, V."""
    trainer, judge = (Trainer(TrainingBench.parse(SMALL | fields), die=die) for fields in (changed, judged))
    samples, start = sine(trainer.bench), trainer.start(1, 0.3, min(0.4, trainer.pair.weights_v[1] / 3))
    order, ours = np.arange(count) * 11, tuple(w.copy() for w in start)
    written = np.arange(2 * count).reshape(count, 2) % 2 if trainer.bench.errors.rows == "one" else None
    parts = None if written is None else (written[:-1], written[-1:])
    still = np.zeros_like(start[0]), np.zeros_like(start[1])
    trainer.show(samples, order[:-1], ours, still, written=parts and parts[0])
    last = Samples(samples.x[order[-1:]], samples.y[order[-1:]])
    points = np.concatenate([p[0] for p in trainer.points(last, ours, trainer.bench.nudge)])
    still = np.zeros_like(start[0]), np.zeros_like(start[1])
    trainer.show(samples, order[-1:], ours, still, written=parts and parts[1])
    found = in_ngspice(judge, samples, order, start, written=written)
    names = [f"hh_{j}" for j in range(2)] + ["ho_0"]
    held = [np.interp(held_at(count)[-1], found["time"], found[name]) - REST_V for name in names]
    return (
        np.concatenate([(a - b).ravel() for a, b in zip(ours, start, strict=True)]),
        moved(judge, found, start),
        float(np.abs(points - held).max()),
    )


@compiled
@pytest.mark.tools
@pytest.mark.parametrize("changed", [{}, {"phases": "both", "nudge": 1e-4, "bias": 0.05, "gain": 1.4, "reach": 0.25}])
def test_ngspice_moves_the_same_weights(changed: dict[str, object]) -> None:
    """Columns within 10 uV of signals of 30 mV, steps within 0.1 %."""
    ours, judged, gap_v = both(changed, changed)
    assert gap_v < 1e-5
    assert np.abs(ours).max() > 1e-3
    assert np.linalg.norm(ours - judged) < 1e-3 * np.linalg.norm(ours)


@pytest.mark.slow
@pytest.mark.tools
def test_the_steps_as_they_are_written_agree_too() -> None:
    """The first case above with numba switched off, which saves the compilation."""
    words = [sys.executable, "-m", "pytest", "-n", "0", "-m", "", __file__, "-k", "same_weights and changed0"]
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=300, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}
    )
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


CLAMPS = {"clamp_offset": -0.004, "clamp_offset_sigma": 0.002, "clamp_limit": 3e-6, "clamp_current": 2e-7}
NUDGES = {
    "nudge_offset": 0.002,
    "nudge_offset_sigma": 1e-3,
    "nudge_gain_sigma": 0.1,
    "nudge_limit": 6e-6,
    "nudge_current": 1e-7,
}
AMPLIFIERS = {
    "amplifier_gain": (0.95, 1.08),
    "amplifier_gain_sigma": 0.02,
    "amplifier_offset": (1e-3, -2e-3),
    "amplifier_offset_sigma": 5e-4,
    "amplifier_copy": (0.9, 1.2),
    "amplifier_copy_sigma": 0.05,
    "amplifier_resistance": 2e4,
    "amplifier_input": 1.2e-6,
    "amplifier_current": 1e-8,
    "amplifier_current_sigma": 1e-8,
}
UPDATES = {
    "update_offset": 5e-5,
    "update_offset_sigma": 2e-5,
    "update_row_offset": 1e-3,
    "update_row_offset_sigma": 1e-3,
    "update_gain_sigma": 0.1,
    "update_limit": 1e-3,
    "update_row_limit": 0.05,
    "update_drift": 1e-4,
    "update_drift_sigma": 5e-5,
    "rows": "one",
    "row_phase": "nudged",
}


@compiled
@pytest.mark.tools
@pytest.mark.parametrize("errors", [CLAMPS, NUDGES, AMPLIFIERS, UPDATES], ids=["clamp", "nudge", "amplifier", "update"])
def test_blocks_that_are_not_ideal_are_the_same_in_ngspice(errors: dict[str, object]) -> None:
    """Of a die whose columns differ: columns within 20 uV, steps within 0.5 %; ideal blocks would step otherwise."""
    ours, judged, gap_v = both({"errors": errors}, {"errors": errors}, die=3)
    assert gap_v < 2e-5
    assert np.linalg.norm(ours - judged) < 5e-3 * np.linalg.norm(ours)
    ideal, _, _ = both({}, {}, die=3)
    assert np.linalg.norm(ours - ideal) > 0.05 * np.linalg.norm(ours)


@compiled
@pytest.mark.tools
def test_a_pair_of_cells_moves_as_in_ngspice() -> None:
    """Two 2T1C cells, a gate each: columns within 10 uV, steps, of 0.1 mV, within 0.5 %."""
    ours, judged, gap_v = both({"synapse": {"cell": "synapse_2t1c"}}, {"synapse": {"cell": "synapse_2t1c"}})
    assert gap_v < 1e-5
    assert np.linalg.norm(ours - judged) < 5e-3 * np.linalg.norm(ours)


@compiled
@pytest.mark.tools
@pytest.mark.parametrize("changed", [{"gain": 1.1}, {"clamp": 1e-5}, {"rate": (21.0, 3.0)}, {"phases": "both"}])
def test_ngspice_of_another_bench_is_seen(changed: dict[str, object]) -> None:
    ours, judged, _ = both({"nudge": 1e-4}, {"nudge": 1e-4} | changed)
    assert np.linalg.norm(ours - judged) > 0.01 * np.linalg.norm(ours)


@pytest.mark.slow
@pytest.mark.tools
def test_gates_move_the_weights_of_a_small_capacitor() -> None:
    """0.1 pF: the charge of the gates themselves moves weights by more than training does, which is why a solver that
    holds them does not agree with a netlist that stores them so."""
    trainer = Trainer(TrainingBench.parse(SMALL))
    samples, start, order = sine(trainer.bench), trainer.start(1, 0.3, 0.4), np.arange(4) * 11
    large, small = (moved(trainer, in_ngspice(trainer, samples, order, start, store_f=f), start) for f in (1e-9, 1e-13))
    assert np.linalg.norm(small - large) > 0.3 * np.linalg.norm(large)


@compiled
@pytest.mark.tools
def test_without_a_nudge_nothing_moves() -> None:
    """Null test: below 0.02 mV a sample in ngspice, nothing at all in the solver."""
    trainer = Trainer(TrainingBench.parse(SMALL | {"nudge": 0.0}))
    samples, start, order = sine(trainer.bench), trainer.start(1, 0.3, 0.4), np.arange(4) * 11
    ours = tuple(w.copy() for w in start)
    trainer.show(samples, order, ours, (np.zeros_like(start[0]), np.zeros_like(start[1])))
    assert max(np.abs(a - b).max() for a, b in zip(ours, start, strict=True)) < 1e-12
    assert np.abs(moved(trainer, in_ngspice(trainer, samples, order, start), start)).max() < 4 * 2e-5


@compiled
def test_conductances_give_the_gradient_itself() -> None:
    """Linear conductances are reciprocal, so a small nudge gives the gradient (Scellier and Bengio, 2017)."""
    trainer = Trainer(TrainingBench.parse(SMALL | {"device": "linear", "bias": 0.05, "gain": 1.4}))
    samples, weights = sine(trainer.bench, 0.003, count=5), trainer.start(2, 0.8)
    assert min(cosines(trainer, samples, weights, "weighted", 1e-8)) > 0.9999
    away = Samples(samples.x, 2 * trainer.points(samples, weights)[1] - samples.y)
    assert max(cosines(trainer, away, weights, "weighted", 1e-8)) > 0.9999
    wrong = [np.sum(cosines(trainer, s, weights, "weighted", -1e-8)) for s in (samples, away)]
    assert max(wrong) < -1.999


@compiled
@pytest.mark.parametrize("synapse", [{"cell": "synapse_cs"}, LVT, {"cell": "synapse_2t1c"}])
def test_drawn_synapses_give_nearly_the_gradient_at_a_small_swing(synapse: dict[str, str]) -> None:
    trainer = Trainer(TrainingBench(dims=(3, 2, 1), synapse=synapse, swing=0.05))
    samples = sine(trainer.bench, 0.002, count=5)
    assert min(cosines(trainer, samples, trainer.start(2, 0.8), "weighted", 1e-7)) > 0.95


@pytest.mark.full
@pytest.mark.tools
def test_shifted_thresholds_are_those_of_the_models() -> None:
    """Currents of both transistors at two gates, with a threshold raised by 30 mV in ngspice: within 1 %, or twenty
    times a table's floor."""
    shift, trainer = 0.03, Trainer(TrainingBench.parse(SMALL))
    raised = replace(trainer, shifts_v=(np.full((2, 1, 2), shift), np.full((2, 2, 1), shift)))
    weights, row, column = np.array([[0.5, 1.3]]), 0.08, 0.02
    found, unmoved = (
        currents(np.array([row]), np.array([column, column]), *t.layer(0, weights))
        for t in (raised, replace(trainer, shifts_v=(np.zeros((2, 1, 2)), np.zeros((2, 2, 1)))))
    )
    for k, (read, sign) in enumerate(zip(trainer.pair.devices, (1, -1), strict=True)):
        ends = sorted(read.sign * (REST_V + v - read.bulk_v) for v in (column, sign * row))
        gates = np.sort(read.sign * (weights[0] - read.bulk_v))
        nodes = np.array([shift]), np.array([ends[0]]), np.array([ends[1] - ends[0]])
        truth = sweep_device(read.device, corner("tt"), 27.0, gates, nodes)[:, 0, 0, 0]
        assert np.sort(np.abs(found[k][0])) == pytest.approx(np.sort(truth), rel=1e-2, abs=20 * FLOOR_A)
        assert (np.sort(np.abs(unmoved[k][0])) > 1.1 * np.sort(truth)).all()


@pytest.mark.full
def test_a_sine_that_the_columns_can_reach_is_learnt() -> None:
    """A column averages its rows, so its slope is bounded: 1.5 mV are learnt at a swing of 0.1 V, 20 mV are not."""
    bench = TrainingBench.parse({"dims": (3, 16, 1), "synapse": LVT, "reach": 0.15, "rate": (300, 500)})
    trainer = Trainer(bench)
    small, large = (trainer.train(sine(bench, a), trainer.start_bent(1, 0.45, 0.3), 30, 1) for a in (0.0015, 0.02))
    assert small.nrmse[-1] < 0.35 and large.nrmse.min() > 0.7


@pytest.mark.full
@pytest.mark.tools
def test_a_die_differs_and_is_the_same_again() -> None:
    bench = TrainingBench.parse(SMALL)
    one, again, other = (drawn(bench, die) for die in (1, 1, 2))
    assert (one[0] == again[0]).all() and (one[0] != other[0]).all()
    samples, weights = sine(bench), Trainer(bench).start(1, 0.25, 0.45)
    errors = {Trainer(bench, shifts).nrmse(samples, weights) for shifts in (None, one, other)}
    assert len(errors) == 3


@pytest.mark.parametrize(("model", "p_mv", "n_mv"), [("continuous", 16.144, 21.737), ("binned", 20.592, 21.737)])
def test_thresholds_are_drawn_by_the_family_asked(model: str, p_mv: float, n_mv: float) -> None:
    """Low-threshold transistors of 1.3/0.35 and 0.42/0.15: sigmas of 6,000 draws are those of the model files."""
    bench = TrainingBench.parse({"dims": (100, 60, 1), "synapse": LVT})
    shifts, _ = drawn(bench, 1, model)
    assert 1e3 * shifts.std(axis=(1, 2)) == pytest.approx([p_mv, n_mv], rel=0.03)


def test_columns_are_drawn_by_their_sigmas() -> None:
    errors = {"clamp_offset": 0.01, "clamp_offset_sigma": 0.002, "amplifier_gain": (0.9, 1.1), "update_offset": 1e-5}
    bench = TrainingBench.parse({"dims": (3, 256, 1), "errors": errors})
    nominal, one, other = (columns_of(bench, die) for die in (None, 1, 2))
    assert (nominal.hidden[:, CLAMP_V] == 0.01).all() and (one.hidden[:, CLAMP_V] != other.hidden[:, CLAMP_V]).all()
    assert one.hidden[:, CLAMP_V].std() == pytest.approx(0.002, rel=0.15)
    assert (one.hidden[:, [GAIN_P, GAIN_N]] == [0.9, -1.1]).all() and (one.updates[:, STEP_V] == 1e-5).all()


def test_pairs_of_the_registered_synapses() -> None:
    tied, two = (pair_of(registry.build(name)) for name in ("synapse_cs", "synapse_2t1c"))
    assert tied.tied and [d.device.device.is_p for d in tied.devices] == [True, False]
    assert not two.tied and all(isinstance(d.device, Mos) and not d.device.device.is_p for d in two.devices)
    assert two.weights_v == pytest.approx((-0.3, 0.3))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"dims": [3, 8]}, "dims", "three numbers"),
        ({"gain": 5.0}, "gain", "within 0.45 V"),
        ({"swing": 0.5}, "swing", "less than or equal to 0.4"),
        ({"synapse": {"cell": "unit_cap"}}, "synapse.cell", "synapse_cs"),
    ],
)
def test_benches_that_are_refused(fields: dict[str, object], field: str, said: str) -> None:
    with pytest.raises(SpecError, match=said) as refused:
        TrainingBench.parse(fields).cell()
    assert refused.value.field == field


def test_netlists_that_are_refused() -> None:
    for fields in ({"momentum": 0.5}, {"errors": {"update_noise": 1e-6}}, {"errors": {"rows": "one"}}):
        trainer = Trainer(TrainingBench.parse(fields))
        with pytest.raises(InputError):
            training_deck(trainer, sine(trainer.bench), np.arange(1), trainer.start(1))


@pytest.mark.parametrize("inputs", [1, 2, 3, 8])
def test_inputs_of_any_number_lie_within_the_swing_and_tell_x(inputs: int) -> None:
    """x is a weighted sum of them: by least squares."""
    x = sine(TrainingBench(dims=(inputs, 2, 2), swing=0.2)).x
    assert x.shape == (50, inputs) and x.min() >= 0 and x.max() <= 0.2 + 1e-12
    residual = np.linalg.lstsq(x, np.linspace(0, 1, 50), rcond=None)[0] @ x.T - np.linspace(0, 1, 50)
    assert np.abs(residual).max() < 1e-9
