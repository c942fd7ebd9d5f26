"""What an update's errors cost a crossbar trained in place; what a write through a shared bit line does to weights.

    python tests/benchmarks/column_update.py [tolerance drawn line write dies noise]

Every block but the update is ideal. NRMSE of a sine of 1.5 mV at a swing of 0.1 V, 3-16-1, `synapse_cs` of low
threshold, nudge 2 mS, rates 300 and 500, 60 epochs, the last sixth with a fifth of the rates; by seed or die, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from parts import Parts, run_parts

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.training import Trainer, sine
from analoom.flows.systems.trained_crossbar.update.mismatch import UpdateStatistics
from analoom.flows.systems.trained_crossbar.update.settings import UpdateSettings
from analoom.flows.systems.trained_crossbar.update.stand import Sample
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

BENCH = {
    "dims": (3, 16, 1),
    "synapse": {"cell": "synapse_cs", "vt": "lvt"},
    "reach": 0.15,
    "rate": (300.0, 500.0),
    "nudge": 2e-3,
}
AMPLITUDE_V, SEEDS = 1.5e-3, (1, 2, 3, 4)
LIMITS = {"update_limit": 5.5e-4, "update_limit_out": 5e-3, "update_row_limit": 0.09}
"""Of the drawn update: where its charge bends, with `w_cf=4` for output columns."""
SHARE, KICK_V = 0.0985 / 1.0985, 1.2e-3
"""What `write` finds: the line's part of both capacitances, and what opening and closing a row leave on its weight."""


def learnt(errors: dict, seed: int, die: int | None = None, epochs: int = 60, **fields: object) -> float:
    """NRMSE; inf where a voltage ran away."""
    trainer = Trainer(TrainingBench.parse(BENCH | {"errors": errors} | fields), die=die)
    samples = sine(trainer.bench, AMPLITUDE_V)
    try:
        return float(trainer.train_late(samples, trainer.start_bent(seed, 0.45, 0.3), epochs, seed, 1 / 6).nrmse[-1])
    except InputError:
        return np.inf


def told(label: str, found: Iterable[float]) -> None:
    print(f"{label:56s}", " ".join(f"{e:5.2f}" for e in sorted(found)), flush=True)


def tolerance() -> None:
    """One error at a time, drawn for every column, one die for each seed."""
    told("ideal", (learnt({}, seed) for seed in SEEDS))
    errors: list[tuple[str, str, tuple[float, ...]]] = [
        ("update_offset_sigma", "uV", (3e-6, 1e-5, 3e-5)),
        ("update_noise", "uV", (3e-5, 1e-4, 3e-4)),
        ("update_drift_sigma", "uV", (1e-5, 3e-5, 1e-4)),
        ("update_row_offset_sigma", "uV", (1e-2, 3e-2)),
    ]
    for name, unit, values in errors:
        for value in values:
            told(f"{name} {1e6 * value:g} {unit}", (learnt({name: value}, seed, die=seed) for seed in SEEDS))


def drawn() -> None:
    """The drawn update: its bends, 80 uV of noise, one row a sample; then its spread, at two sizes of a step."""
    told("its bends", (learnt(LIMITS, seed) for seed in SEEDS))
    told("its bends, 120 epochs", (learnt(LIMITS, seed, epochs=120) for seed in SEEDS))
    one = {**LIMITS, "rows": "one", "update_noise": 8e-5}
    spread = one | {"update_drift_sigma": 3.6e-4, "update_gain_sigma": 0.06}
    for rate in ((500.0, 500.0), (2000.0, 8000.0)):
        for name, errors in (("without spread", one), ("with its spread, dies", spread)):
            found = (learnt(errors, 1, die=die, epochs=120, rate=rate) for die in range(3))
            told(f"one row a sample, noise, rates {rate[0]:g} {rate[1]:g}, {name}", found)


def line() -> None:
    """Rows of a layer in turn, each open for some samples; at each change the line's charge goes into the weights."""
    errors = {**LIMITS, "rows": "one", "update_noise": 8e-5}
    for stay, rounds in ((50, 10), (200, 4)):
        for share, kick in ((SHARE, KICK_V), (0.0, 0.0)):
            said = "the line shares" if share else "nothing is shared"
            told(f"rows stay {stay} samples, {said}", (_in_turn(errors, s, rounds, stay, share, kick) for s in (1, 2)))


def _in_turn(errors: dict, seed: int, rounds: int, stay: int, share: float, kick: float) -> float:
    trainer = Trainer(TrainingBench.parse(BENCH | {"errors": errors}))
    samples, draw = sine(trainer.bench, AMPLITUDE_V), np.random.default_rng([seed, 4])
    weights = trainer.start_bent(seed, 0.45, 0.3)
    moved, lines = tuple(np.zeros_like(w) for w in weights), [np.full(w.shape[1], 0.9) for w in weights]
    low, high = trainer.pair.weights_v
    total = rounds * max(len(w) for w in weights)
    turns = [np.concatenate([draw.permutation(len(w)) for _ in range(total // len(w) + 1)]) for w in weights]
    for turn in range(total):
        if turn == total * 3 // 4:
            slow = tuple(r / 5 for r in trainer.bench.rate)
            trainer = Trainer(trainer.bench.model_copy(update={"rate": slow}))
        rows = [int(order[turn]) for order in turns]
        for w, row, at in zip(weights, rows, lines, strict=True):
            w[row] = np.clip(w[row] + share * (at - w[row]) + kick, low, high)
        order = draw.integers(len(samples.x), size=stay)
        try:
            trainer.show(samples, order, weights, (moved[0], moved[1]), None, draw, np.tile(rows, (stay, 1)))
        except InputError:
            return np.inf
        lines = [w[row].copy() for w, row in zip(weights, rows, strict=True)]
    return trainer.nrmse(samples, weights)


ROWS, OPENED, WORD_V = 8, 3, 2.6
LEVELS_V = (0.35, 0.6, 0.75, 0.5, 0.9, 1.05, 1.2, 1.35)
CHARGE_C = 5e-16


def write() -> None:
    """A column of eight drawn synapses with capacitors of 10 x 10 um, extracted: one row opened on a floating line."""
    fields = {"rows": ROWS, "cols": 1, "synapse": {"cell": "synapse_cs", "vt": "lvt", "c_w": 10.0}}
    cell = build("crossbar", fields)
    dut = make_dut(cell, "post", corner("tt"), 27.0, extract(of_cell(cell)))
    for said, at, charge in (
        ("at rest", 0.9, 0.0),
        ("at the weight", LEVELS_V[OPENED], 0.0),
        ("at rest", 0.9, CHARGE_C),
    ):
        found = _opened(dut, cell, at, charge)
        before, opened, closed = found
        ratio = (opened[OPENED] - before[OPENED]) / (before[-1] - opened[OPENED]) if at == 0.9 else np.nan
        others = np.delete(closed - before, (OPENED, ROWS))
        print(
            f"line {said}, {1e15 * charge:g} fC: weight {before[OPENED]:.4f} V, open {opened[OPENED]:.4f}, "
            f"closed {closed[OPENED]:.4f}; line by weight {ratio:.3f}; others {1e3 * others.min():.2f} to "
            f"{1e3 * others.max():.2f} mV",
            flush=True,
        )


def _opened(dut: Dut, cell: Cell, at_v: float, charge_c: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights and the line before a row is opened, while it is, and after it was closed, V."""
    with circuit(dut.deck(*_around(cell, at_v, charge_c))) as loaded:
        found = loaded.run("tran 20n 15u 0 20n")
    nodes = [next(n for n in found if n.endswith(f"array_r{k // 4}c0_r{k % 4}c0_sn")) for k in range(ROWS)]
    first, second, third = (
        np.array([np.interp(t, found["time"], found[n]) for n in [*nodes, "wbl0"]]) for t in (10.9e-6, 11.9e-6, 14.9e-6)
    )
    return first, second, third


def _around(cell: Cell, at_v: float, charge_c: float) -> Iterator[str]:
    """Writes all rows, lets go of the line at `at_v`, opens a row, and brings a charge onto the line."""
    yield ".option method=gear reltol=1e-5 chgtol=1e-19 abstol=1e-15 vntol=1e-8 gmin=1e-18"
    levels = {"vdd": 1.8, "vss": 0.0, "vc": 0.0}
    for port in cell.circuit.ports:
        if port.startswith("wwl"):
            k = int(port[3:])
            windows = [(k + 0.1, k + 0.9), *([(11.0, 13.0)] if k == OPENED else [])]
            points = [p for a, b in windows for p in ((a, 0.0), (a + 0.01, WORD_V), (b, WORD_V), (b + 0.01, 0.0))]
            yield _course(port, [(0.0, 0.0), *points])
        elif not port.startswith("wbl"):
            yield f"v_{port} {port} 0 {levels.get(port, 0.9)!r}"
    steps = [p for k in range(1, ROWS) for p in ((float(k), LEVELS_V[k - 1]), (k + 0.01, LEVELS_V[k]))]
    yield _course("source", [(0.0, LEVELS_V[0]), *steps, (8.05, LEVELS_V[-1]), (8.1, at_v)])
    yield _course("driven", [(0.0, 1.0), (10.0, 1.0), (10.01, 0.0)])
    yield "b_line 0 wbl0 i=v(driven)*1e-3*(v(source)-v(wbl0))"
    yield f"i_charge 0 wbl0 pwl(0 0 12u 0 12.01u {charge_c / 2e-7!r} 12.2u {charge_c / 2e-7!r} 12.21u 0)"


def _course(net: str, points: list[tuple[float, float]]) -> str:
    return f"v_{net} {net} 0 pwl({' '.join(f'{t!r}u {v!r}' for t, v in points)})"


def dies(count: int = 20) -> None:
    """Offsets and gains of dies drawn by ngspice, in both families."""
    for model in ("continuous", "binned"):
        found = UpdateStatistics(build("column_update"), model).drawn_by_ngspice(count, 1)
        offset, gain = found["offset"][0], found["gain_error"][0]
        print(
            f"{model}: {count} dies, offset sigma {1e6 * offset.std(ddof=1):.1f} uV, "
            f"most {1e6 * np.abs(offset).max():.1f}; gain sigma {gain.std(ddof=1):.1%}",
            flush=True,
        )


def noise() -> None:
    """Noise of the charge of one update since null fell, with amplifier and copier held as in a sample."""
    settings = UpdateSettings()
    sample, s = Sample(settings), settings
    for fields in ({}, {"w_cf": 4.0}):
        dut = make_dut(build("column_update", fields), "schematic", corner("tt"), 27.0)
        with circuit(dut.deck(*sample.shared(), *sample.own())) as loaded:
            up, down = (sample.charge(sample.run(loaded, m, s.row, s.weight)) for m in (s.move, -s.move))
            found = sample.run(loaded, 0.0, s.row, s.weight)
        gate, held = (
            float(np.interp(sample.up_s - 1e-8, found["time"], found[dut.inner(n)])) for n in ("gate", "held")
        )
        with circuit(dut.deck(*_held(settings, dut, gate, held))) as loaded:
            f, density, _ = loaded.noise("v(out)", "v_col", 1e2, 1e8)
        window = (s.t_up * np.sinc(f * s.t_up)) ** 2 * 4 * np.sin(np.pi * f * s.t_settle) ** 2
        charge = float(np.sqrt(np.trapezoid((density / OUT_OHM) ** 2 * window, f)))
        print(
            f"{fields}: {charge:.2e} C rms, as a move of {1e6 * charge / abs(up - down) * 2 * s.move:.0f} uV",
            flush=True,
        )


OUT_OHM = 1e6


def _held(s: UpdateSettings, dut: Dut, gate_v: float, held_v: float) -> Iterator[str]:
    """An update while the line is charged, its two capacitors' voltages given."""
    levels = {"vdd": s.vdd, "vss": 0.0, "rest": s.rest, "high": s.high, "xp": s.rest + s.row, "xn": s.rest}
    levels |= {"col": s.rest + s.free, "az": 0.0, "azb": s.vdd, "null": 0.0, "nullb": s.vdd}
    levels |= {"up_p": s.on_p, "park_p": s.vdd, "up_n": s.on_n, "park_n": 0.0}
    yield from (f"v_{net} {net} 0 {level!r}" for net, level in levels.items())
    yield f"i_bias 0 bias {s.i_bias!r}\nv_line bl 0 {s.weight!r}\nh_out out 0 v_line {OUT_OHM!r}"
    yield f"v_held {dut.inner('held')} 0 {held_v!r}"
    yield f"l_gate {dut.inner('gate')} given 1e9\nv_gate given 0 {gate_v!r}"


PARTS: Parts = {
    "tolerance": tolerance,
    "drawn": drawn,
    "line": line,
    "write": write,
    "dies": dies,
    "noise": noise,
}


if __name__ == "__main__":
    run_parts(__doc__, PARTS)
