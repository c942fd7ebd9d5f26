"""The same training as a transient netlist for ngspice: drawn transistors, every other block a behavioural source.

A sample lasts three phases of `PHASE_S`: free (or nudged the other way), nudged, update. Nodes: `w1_i_j` and `w2_j_k`
the weights, `h_j` and `o_k` the columns, `lh_j`, `hh_j`, `lo_k`, `ho_k` what is held of them after the first phase and
the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analoom.flows.netlists.model_variants import size_of, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError

from .pair import REST_V
from .training import Array, Samples, Trainer, Weights

PHASE_S, EDGE_S = 1e-6, 2e-8
"""A phase, and the edges between phases."""

STORE_F = 1e-9
"""A storage capacitor so large that no gate's charge moves it: what the quasi-static solver assumes."""

TIGHT = ".option reltol=1e-6 vntol=1e-9 abstol=1e-15 chgtol=1e-18"
"""The nudge moves hidden columns by 0.1 mV: ngspice's own tolerances (1e-3, 1 uV) are as large as its effect."""

HOLD_F, HOLD_S = 1e-12, 1e-4
"""Capacitor and conductance that hold a phase: settled in 10 ns."""


def training_deck(
    trainer: Trainer,
    samples: Samples,
    order: NDArray[np.int64],
    weights: Weights,
    store_f: float = STORE_F,
    options: str = TIGHT,
) -> str:
    """The netlist of the samples in `order`, without title and end. Raises InputError for what it cannot do."""
    if trainer.bench.momentum or trainer.bench.decay or trainer.bench.device != "table":
        raise InputError("the netlist has neither momentum nor decay nor linear devices", field="momentum")
    if trainer.shifts_v is not None or not trainer.pair.tied:
        raise InputError("the netlist knows nominal synapses of one gate", field="synapse")
    return "\n".join([options, *_lines(trainer, samples, order, weights, store_f)])


def seconds(count: int) -> float:
    """How long that many samples last; the analysis starts from the capacitors' voltages (`uic`)."""
    return 3 * PHASE_S * count


def held_at(count: int) -> Array:
    """When the update of each sample begins: both phases are held."""
    return np.asarray(3 * PHASE_S * np.arange(count) + 2 * PHASE_S, dtype=np.float64)


def _lines(t: Trainer, samples: Samples, order: NDArray[np.int64], weights: Weights, store_f: float) -> Iterator[str]:
    bench, devices = t.bench, [read.device for read in t.pair.devices]
    yield f'.include "{trimmed_library([size_of(d) for d in devices], corner_named(t.corner))}"'
    yield f".temp {t.temp_degc:g}"
    yield f"vrest rest 0 {REST_V!r}"
    bulks = sorted({read.bulk_v for read in t.pair.devices})
    yield from (f"vbulk{k} bulk{k} 0 {v!r}" for k, v in enumerate(bulks))
    for i in range(bench.dims[0]):
        for name, sign in (("p", 1), ("n", -1)):
            yield f"v1{name}{i} r1{name}_{i} 0 {_levels(REST_V + sign * samples.x[order, i])}"
    yield from _clock(bench.phases == "both", len(order))
    yield from _layer(t, 1, weights[0], "h", store_f)
    yield from _layer(t, 2, weights[1], "o", store_f)
    for j in range(bench.dims[1]):
        yield f".ic v(h_{j})={REST_V!r}"
        yield from _amplifier(bench.gain, j)
        yield from _hidden(t, j)
    for k in range(bench.dims[2]):
        yield f".ic v(o_{k})={REST_V!r}"
        yield f"vt{k} t_{k} 0 {_levels(REST_V + samples.y[order, k])}"
        yield f"bn{k} 0 o_{k} i=v(ph)*{bench.nudge!r}*(v(t_{k})-v(o_{k}))"
        yield from _conductance(f"ro{k}", f"o_{k}", bench.load)
        yield from _held("o", k)
    if bench.bias:
        yield f"vbp r2p_{bench.dims[1]} 0 {REST_V + bench.bias!r}"
        yield f"vbn r2n_{bench.dims[1]} 0 {REST_V - bench.bias!r}"


def _layer(t: Trainer, layer: int, weights: Array, column: str, store_f: float) -> Iterator[str]:
    """Transistors of every synapse, the node of its weight, and the charge that an update brings."""
    bench, bulks = t.bench, sorted({read.bulk_v for read in t.pair.devices})
    for (i, j), value in np.ndenumerate(weights):
        node = f"w{layer}_{i}_{j}"
        for row, read in zip("pn", t.pair.devices, strict=True):
            nets = {"d": f"{column}_{j}", "g": node, "s": f"r{layer}{row}_{i}", "b": f"bulk{bulks.index(read.bulk_v)}"}
            yield with_variants(replace(read.device, name=f"{layer}{row}_{i}_{j}", nets=nets).spice())
        signal = f"(v(r1p_{i})-{REST_V!r})" if layer == 1 else _row_signal(bench.gain, bench.bias, i, bench.dims[1])
        step = f"-{bench.rate[layer - 1]!r}*(v(h{column}_{j})-v(l{column}_{j}))*{signal}"
        yield f"c{node} {node} 0 {store_f!r} ic={float(value)!r}"
        yield f"b{node} 0 {node} i=v(up)*{store_f / (PHASE_S / 2)!r}*({step})"


def _row_signal(gain: float, bias: float, row: int, hidden: int) -> str:
    return f"({gain!r}*(v(lh_{row})-{REST_V!r}))" if row < hidden else repr(bias)


def _amplifier(gain: float, j: int) -> Iterator[str]:
    """Voltage forwards, current backwards."""
    for row, sign in (("p", 1.0), ("n", -1.0)):
        yield f"e{row}{j} q{row}_{j} rest h_{j} rest {sign * gain!r}"
        yield f"vs{row}{j} q{row}_{j} r2{row}_{j} 0"
        yield f"f{row}{j} h_{j} 0 vs{row}{j} {sign / gain!r}"


def _hidden(t: Trainer, j: int) -> Iterator[str]:
    bench = t.bench
    if bench.clamp:
        soft = f"ln(1+exp(-(v(h_{j})-{REST_V!r})/{bench.clamp_v!r}))"
        yield f"bc{j} 0 h_{j} i={bench.clamp * bench.clamp_v!r}*{soft}"
    yield from _conductance(f"rl{j}", f"h_{j}", bench.leak)
    yield from _held("h", j)


def _conductance(name: str, node: str, siemens: float) -> Iterator[str]:
    if siemens:
        yield f"{name} {node} rest {1 / siemens!r}"


def _held(column: str, k: int) -> Iterator[str]:
    for phase in "lh":
        node = f"{phase}{column}_{k}"
        yield f"c{node} {node} 0 {HOLD_F!r} ic={REST_V!r}"
        yield f"b{node} 0 {node} i=v(s{phase})*{HOLD_S!r}*(v({column}_{k})-v({node}))"


def _clock(both: bool, count: int) -> Iterator[str]:
    """`ph` what the nudge is multiplied by, `sl`, `sh` when a phase is held, `up` the update, of area PHASE_S / 2."""
    shapes = {
        "ph": (-1.0 if both else 0.0, 1.0, 1.0),
        "sl": (1.0, 0.0, 0.0),
        "sh": (0.0, 1.0, 0.0),
        "up": (0.0, 0.0, 1.0),
    }
    yield f"vph ph 0 {_steps(np.tile(shapes['ph'], count))}"
    for name in ("sl", "sh", "up"):
        yield f"v{name} {name} 0 {_windows(shapes[name].index(1.0), count)}"


def _levels(values: Array) -> str:
    """One level a sample."""
    return _steps(np.repeat(values, 3))


def _steps(values: Array) -> str:
    """One level a phase, each reached EDGE_S after the phase begins."""
    points = [f"0 {float(values[0])!r}"]
    for k, (before, after) in enumerate(pairwise(values), start=1):
        if before != after:
            points += [f"{k * PHASE_S!r} {float(before)!r}", f"{k * PHASE_S + EDGE_S!r} {float(after)!r}"]
    return f"pwl({' '.join(points)})"


def _windows(phase: int, count: int) -> str:
    """One in the second half of a phase of every sample, with edges inside whose area the middle makes good."""
    points = ["0 0"]
    for k in range(count):
        begin, end = (3 * k + phase) * PHASE_S + 0.4 * PHASE_S, (3 * k + phase) * PHASE_S + 0.9 * PHASE_S + EDGE_S
        points += [f"{begin!r} 0", f"{begin + EDGE_S!r} 1", f"{end - EDGE_S!r} 1", f"{end!r} 0"]
    return f"pwl({' '.join(points)})"
