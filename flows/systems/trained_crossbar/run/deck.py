"""The same training as a transient netlist for ngspice: drawn transistors, every other block a behavioural source.

A sample lasts three phases: free (or nudged the other way), nudged, update. Nodes: `w1_i_j` and `w2_j_k`
the weights (of a pair of cells `w1_i_jp` and `w1_i_jn`, a gate each), `h_j` and `o_k` the columns, `lh_j`, `hh_j`,
`lo_k`, `ho_k` what is held of them after the first phase and the second, `lr_j` a row as held after the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.columns import DRIFT_V, ROW_V, STEP, STEP_MOST_V, STEP_V
from analoom.flows.systems.trained_crossbar.solver.pair import REST_V
from analoom.flows.systems.trained_crossbar.solver.training import Array, Samples, Trainer, Weights
from analoom.pdk.errors import InputError

from .clock import PHASE_S, Clock
from .deck_blocks import IDEAL, Blocks, conductance

STORE_F = 1e-9
"""A storage capacitor so large that no gate's charge moves it: what the quasi-static solver assumes."""

TIGHT = ".option reltol=1e-6 vntol=1e-9 abstol=1e-15 chgtol=1e-18"
"""The nudge moves hidden columns by 0.1 mV: ngspice's own tolerances (1e-3, 1 uV) are as large as its effect."""

HOLD_F, HOLD_S = 1e-12, 1e-4
"""Capacitor and conductance that hold a phase: settled in 10 ns."""


HELD = 2.1
"""When both phases are held still, in phases."""


def training_deck(
    trainer: Trainer,
    samples: Samples,
    order: NDArray[np.int64],
    weights: Weights,
    store_f: float = STORE_F,
    options: str = TIGHT,
    blocks: Blocks = IDEAL,
    written: NDArray[np.int64] | None = None,
    taught: int | None = None,
) -> str:
    """The netlist of the samples in `order`, without title and end; `written` as of `Trainer.show`. Weights move at
    the first `taught` samples (default all).

    Raises InputError for what it cannot do.
    """
    bench = trainer.bench
    if bench.momentum or bench.decay or bench.errors.update_noise or bench.device != "table":
        raise InputError("the netlist has neither momentum, decay, noise nor linear devices", field="momentum")
    if trainer.shifts_v is not None:
        raise InputError("the netlist knows nominal synapses", field="synapse")
    if bench.errors.rows == "one" and written is None:
        raise InputError("which row is written at each sample is not said", field="rows")
    count = len(order) if taught is None else taught
    text = [options, *blocks.before, *_lines(trainer, samples, order, blocks)]
    text += Clock(blocks.phase_s).lines(bench.phases == "both", len(order), count)
    for layer, values in enumerate(weights):
        rows = None if written is None else written[:, layer]
        text += [*_layer(trainer, layer + 1, values, store_f, rows is not None, blocks)]
        text += [*_written(layer + 1, len(values), rows, Clock(blocks.phase_s))]
    return "\n".join(text)


def weights_found(trainer: Trainer, found: Mapping[str, Array], blocks: Blocks = IDEAL) -> Weights:
    """Weights at the end of a run."""
    pair, ends = trainer.pair, [np.zeros(shape) for shape in trainer.bench.shapes]
    for layer, end in enumerate(ends, 1):
        for i, j in np.ndindex(end.shape):
            gates = [float(found[node][-1]) for node in blocks.gates(trainer, layer, i, j)]
            parts = zip(pair.signs, gates, pair.gates_v, strict=True)
            end[i, j] = sum(sign * (v - base) for sign, v, base in parts) / 2
    return ends[0], ends[1]


def seconds(count: int, phase_s: float = PHASE_S) -> float:
    """How long that many samples last; the analysis starts from the capacitors' voltages (`uic`)."""
    return 3 * phase_s * count


def held_at(count: int, phase_s: float = PHASE_S) -> Array:
    """When the update of each sample has begun: both phases are held still."""
    return np.asarray(3 * phase_s * np.arange(count) + HELD * phase_s, dtype=np.float64)


def _lines(t: Trainer, samples: Samples, order: NDArray[np.int64], blocks: Blocks) -> Iterator[str]:
    """All but the synapses."""
    bench, clock = t.bench, Clock(blocks.phase_s)
    yield f".temp {t.temp_degc:g}"
    yield f"vrest rest 0 {REST_V!r}"
    yield from blocks.models(t)
    for i in range(bench.dims[0]):
        for name, sign in (("p", 1), ("n", -1)):
            yield f"v1{name}{i} r1{name}_{i} 0 {clock.levels(REST_V + sign * samples.x[order, i])}"
    for j in range(bench.dims[1]):
        yield f".ic v(h_{j})={REST_V!r}"
        yield from blocks.amplifier(t, j)
        yield from blocks.clamp(t, j)
        yield from conductance(f"rl{j}", f"h_{j}", bench.leak)
        yield from _held("h", j)
        yield from _held_row(j)
    for k in range(bench.dims[2]):
        yield f".ic v(o_{k})={REST_V!r}"
        yield f"vt{k} t_{k} 0 {clock.levels(REST_V + samples.y[order, k])}"
        yield from blocks.nudge(t, k)
        yield from blocks.load(t, k)
        yield from _held("o", k)
    if bench.bias:
        yield f"vbp r2p_{bench.dims[1]} 0 {REST_V + bench.bias!r}"
        yield f"vbn r2n_{bench.dims[1]} 0 {REST_V - bench.bias!r}"


def _layer(t: Trainer, layer: int, weights: Array, store_f: float, by_row: bool, blocks: Blocks) -> Iterator[str]:
    """Synapses, what their weights are stored on, and the charge that an update brings."""
    for (i, j), value in np.ndenumerate(weights):
        yield from blocks.synapse(t, layer, i, j)
        gates = blocks.gates(t, layer, i, j)
        stores = {gate: (base, sign) for gate, base, sign in zip(gates, t.pair.gates_v, t.pair.signs, strict=True)}
        clock, step = f"up{layer}_{i}" if by_row else "up", _step(t, layer, i, j)
        for side, (gate, (base, sign)) in enumerate(stores.items()):
            name, level = f"w{layer}_{i}_{j}_{side}", base + sign * float(value)
            yield f"c{name} {gate} 0 {store_f!r} ic={level!r}"
            yield f".ic v({gate})={level!r}"
            yield f"b{name} 0 {gate} i=v({clock})*{sign * store_f / (blocks.phase_s / 2)!r}*({step})"


def _step(t: Trainer, layer: int, i: int, j: int) -> str:
    """By how much a weight moves at a sample, V."""
    bench, errors, column = t.bench, t.bench.errors, "ho"[layer - 1]
    of = t.columns.updates[j + (layer - 1) * bench.dims[1]].tolist()
    signal = f"v(r1p_{i})-{REST_V!r}" if layer == 1 else _row_signal(bench, i)
    moved = _limited(f"(v(h{column}_{j})-v(l{column}_{j})+{of[STEP_V]!r})", of[STEP_MOST_V])
    row = _limited(f"({signal}+{of[ROW_V]!r})", errors.update_row_limit)
    return f"{-bench.rate[layer - 1] * of[STEP]!r}*{moved}*{row}+{of[DRIFT_V]!r}"


def _limited(text: str, most: float) -> str:
    return f"({most!r}*tanh({text}/{most!r}))" if most else text


def _row_signal(bench: TrainingBench, row: int) -> str:
    if row >= bench.dims[1]:
        return repr(bench.bias)
    return f"v(lr_{row})" if bench.errors.row_phase == "free" else f"(v(r2p_{row})-v(r2n_{row}))/2"


def _held_row(j: int) -> Iterator[str]:
    """A row's voltage in the first phase, from rest."""
    yield f"clr_{j} lr_{j} 0 {HOLD_F!r} ic=0"
    yield f"blr_{j} 0 lr_{j} i=v(sl)*{HOLD_S!r}*((v(r2p_{j})-v(r2n_{j}))/2-v(lr_{j}))"


def _written(layer: int, rows: int, written: NDArray[np.int64] | None, clock: Clock) -> Iterator[str]:
    """A clock for each row, where one row is written at a sample."""
    if written is not None:
        for i in range(rows):
            yield f"vup{layer}_{i} up{layer}_{i} 0 {clock.windows(2, np.flatnonzero(written == i).tolist())}"


def _held(column: str, k: int) -> Iterator[str]:
    for phase in "lh":
        node = f"{phase}{column}_{k}"
        yield f"c{node} {node} 0 {HOLD_F!r} ic={REST_V!r}"
        yield f"b{node} 0 {node} i=v(s{phase})*{HOLD_S!r}*(v({column}_{k})-v({node}))"
