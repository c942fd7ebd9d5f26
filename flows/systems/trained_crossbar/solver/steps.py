"""The compiled steps of training: operating points by Newton's method, phases and updates.

Voltages of rows and columns are counted from rest. Hidden columns are joined by outputs alone, so that Newton's matrix
is a diagonal with a border: outputs are solved first. Blocks are `shared` (by `columns.LOAD` and so on), `hidden`,
`outputs` and `updates` as of `columns.Columns`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .columns import (
    BIAS_V,
    CLAMP,
    CLAMP_MOST_A,
    CLAMP_OVER_V,
    CLAMP_V,
    COPY_P,
    DRIFT_V,
    GAIN_P,
    LEAK,
    LOAD,
    NUDGE,
    NUDGE_A,
    NUDGE_MOST_A,
    OFFSET_P,
    RESISTANCE,
    ROW_MOST_V,
    ROW_NUDGED,
    ROW_V,
    STEP,
    STEP_MOST_V,
    STEP_V,
    STRENGTH,
    TAKEN_A,
    TARGET_V,
)
from .currents import MOST_TERMS, all_pieces, current, room

MOST_ITERATIONS = 80
MOST_STEP_V = 0.05
SETTLED_V = 3e-8
"""A step as short as this leaves an error of its square times the curvature, about 40 / V: less than 1e-13 V."""

MOST_ROW_STEPS = 30


@njit(cache=True)
def _clamp(h, shared):
    """The clamp's current into a hidden column at `h` from where it comes on, and its slope."""
    if shared[CLAMP] == 0:
        return 0.0, 0.0
    z = -h / shared[CLAMP_OVER_V]
    soft = z + np.log1p(np.exp(-z)) if z > 0 else np.log1p(np.exp(z))
    i, slope = shared[CLAMP] * shared[CLAMP_OVER_V] * soft, -shared[CLAMP] / (1 + np.exp(-z))
    most = shared[CLAMP_MOST_A]
    return (i / (1 + i / most), slope / (1 + i / most) ** 2) if most > 0 else (i, slope)


@njit(cache=True)
def _limited(value, most):
    """As tanh within `most`, and its slope; 0: unlimited."""
    if most == 0:
        return value, 1.0
    t = np.tanh(value / most)
    return most * t, 1 - t * t


@njit(cache=True)
def _row(driven, resistance, d, c2, v, hidden, devices, size, bounds, out, basis):
    """A row of the second layer driven to `driven` through a resistance: its voltage and its slope by `driven`; `c2`
    (outputs, 2, terms) are its synapses. Each output's current and slopes are left in `out` (outputs, 3)."""
    row, slope = driven, 1.0
    for _ in range(MOST_ROW_STEPS):
        total, by_row = 0.0, 0.0
        for k in range(out.shape[0]):
            current(c2[k, d], devices[d], size, bounds, row, v[hidden + k], out[k], basis)
            total += out[k, 0]
            by_row += out[k, 1]
        slope = 1 / (1 + resistance * by_row)
        step = (driven - resistance * total - row) * slope
        row += step
        if abs(step) < SETTLED_V * 1e-2:
            break
    return row, slope


@njit(cache=True)
def solve(x, target, nudge, c1, c2, v, rows, blocks, devices, size, bounds):
    """The operating point at inputs `x` (V), in `v` (hidden + outputs) V from what is there; iterations, -1: none.

    `nudge` is the conductance of the nudge (S), negative for one the other way. `rows` (2, hidden) V takes those of the
    second layer.
    """
    shared, at, ends, _ = blocks
    hidden, outputs = c1.shape[1], c2.shape[1]
    out, basis, row_out = np.zeros(3), np.zeros((2, MOST_TERMS)), np.zeros((outputs, 3))
    f, diag, own = np.zeros(hidden + outputs), np.zeros(hidden), np.zeros((outputs, outputs))
    over, back = np.zeros((hidden, outputs)), np.zeros((outputs, hidden))
    for iteration in range(MOST_ITERATIONS):
        f[:], over[:], back[:], own[:] = 0.0, 0.0, 0.0, 0.0
        for j in range(hidden):
            i_clamp, g_clamp = _clamp(v[j] - at[j, CLAMP_V], shared)
            f[j], diag[j] = i_clamp - shared[LEAK] * v[j] - at[j, TAKEN_A], g_clamp - shared[LEAK]
            for i in range(x.size):
                for d in range(2):
                    current(c1[i, j, d], devices[d], size, bounds, (1 - 2 * d) * x[i], v[j], out, basis)
                    f[j] += out[0]
                    diag[j] += out[2]
        for k in range(outputs):
            o, most = v[hidden + k], shared[NUDGE_MOST_A]
            g = nudge * ends[k, STRENGTH]
            pulled, by_pull = _limited(g * (target[k] + ends[k, TARGET_V] - o), most)
            f[hidden + k] = pulled + shared[NUDGE_A] - shared[LOAD] * o
            own[k, k] = -g * by_pull - shared[LOAD]
        for d in range(2):
            for j in range(c2.shape[0]):
                amplified = j < hidden
                driven = at[j, GAIN_P + d] * v[j] + at[j, OFFSET_P + d] if amplified else (1 - 2 * d) * shared[BIAS_V]
                resistance = shared[RESISTANCE] if amplified else 0.0
                row, slope = _row(driven, resistance, d, c2[j], v, hidden, devices, size, bounds, row_out, basis)
                _enter(row_out, slope, resistance, j, d, amplified, at, f, diag, over, back, own, hidden)
                if amplified:
                    rows[d, j] = row
        if _stepped(f, diag, over, back, own, v, hidden, bounds) < SETTLED_V:
            return iteration + 1
    return -1


@njit(cache=True)
def _enter(out, slope, resistance, j, d, amplified, at, f, diag, over, back, own, hidden):
    """A row's currents and slopes into Newton's equations; its voltage moves by -resistance * slope of its current."""
    outputs = out.shape[0]
    by_row = np.sum(out[:, 1])
    for k in range(outputs):
        f[hidden + k] += out[k, 0]
        own[k, k] += out[k, 2]
        for m in range(outputs):
            own[k, m] -= out[k, 1] * resistance * slope * out[m, 2]
    if not amplified:
        return
    gain, copy = at[j, GAIN_P + d] * slope, at[j, COPY_P + d]
    f[j] -= copy * np.sum(out[:, 0])
    diag[j] -= copy * by_row * gain
    for k in range(outputs):
        back[k, j] += gain * out[k, 1]
        over[j, k] -= copy * out[k, 2] * (1 - by_row * resistance * slope)


@njit(cache=True)
def _stepped(f, diag, over, back, own, v, hidden, bounds):
    """Moves `v` by a step of Newton's, at most MOST_STEP_V and within the tables; returns its length."""
    outputs = f.size - hidden
    matrix, right = own.copy(), -f[hidden:].copy()
    for j in range(hidden):
        for k in range(outputs):
            right[k] += back[k, j] * f[j] / diag[j]
            for m in range(outputs):
                matrix[k, m] -= back[k, j] * over[j, m] / diag[j]
    step = np.zeros(f.size)
    step[hidden:] = np.linalg.solve(matrix, right)
    for j in range(hidden):
        step[j] = (-f[j] - np.sum(over[j] * step[hidden:])) / diag[j]
    length = np.abs(step).max()
    v += step * min(1.0, MOST_STEP_V / length) if length > 0 else step
    for k in range(v.size):
        most = bounds[6] / bounds[7] if k < hidden else bounds[6]
        v[k] = min(max(v[k], -most), most)
    return length


@njit(cache=True)
def train(
    x,
    y,
    order,
    w1,
    w2,
    s1,
    s2,
    pieces,
    blocks,
    devices,
    size,
    bounds,
    rule,
    limits,
    moved1,
    moved2,
    held,
    noise,
    written,
):
    """Shows samples in `order`; weights move in place. `held` (samples, hidden + outputs) is where solving starts.

    `rule`: rates of the layers, momentum, decay, 1 for phases both ways. `noise` (shown, hidden + outputs) V is added
    to what the nudge did, `written` (shown, 2) is the row of either layer whose weights move, -1 for all. Returns
    samples shown, fewer where one has no operating point.
    """
    hidden, length, shared = w1.shape[1], pieces.shape[4], blocks[0]
    c1, c2, rows, pushed = room(w1, length), room(w2, length), np.zeros((2, hidden)), np.zeros((2, hidden))
    layer2 = np.zeros(w2.shape[0])
    for shown in range(order.size):
        k = order[shown]
        all_pieces(pieces, devices, w1, s1, c1)
        all_pieces(pieces, devices, w2, s2, c2)
        low = held[k].copy()
        if solve(x[k], y[k], -shared[NUDGE] if rule[4] else 0.0, c1, c2, low, rows, blocks, devices, size, bounds) < 0:
            return shown
        high = low.copy()
        if solve(x[k], y[k], shared[NUDGE], c1, c2, high, pushed, blocks, devices, size, bounds) < 0:
            return shown
        held[k] = low
        taken = pushed if shared[ROW_NUDGED] else rows
        layer2[:hidden], layer2[hidden:] = (taken[0] - taken[1]) / 2, shared[BIAS_V]
        by = high - low + noise[shown]
        _step(moved1, by[:hidden], x[k], rule[0], rule[2], blocks[3][:hidden], shared, written[shown, 0])
        _step(moved2, by[hidden:], layer2, rule[1], rule[2], blocks[3][hidden:], shared, written[shown, 1])
        _move(w1, moved1, rule[3], limits, written[shown, 0])
        _move(w2, moved2, rule[3], limits, written[shown, 1])
    return order.size


@njit(cache=True)
def _step(moved, by, row, rate, momentum, updates, shared, written):
    """A layer's steps, by what the nudge did to its columns and the voltages of its rows."""
    for j in range(moved.shape[1]):
        column = _limited(by[j] + updates[j, STEP_V], updates[j, STEP_MOST_V])[0]
        for i in range(moved.shape[0]):
            if written < 0 or written == i:
                signal = _limited(row[i] + updates[j, ROW_V], shared[ROW_MOST_V])[0]
                step = updates[j, DRIFT_V] - rate * updates[j, STEP] * column * signal
                moved[i, j] = momentum * moved[i, j] + step


@njit(cache=True)
def _move(w, moved, decay, limits, written):
    middle = (limits[0] + limits[1]) / 2
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            step = moved[i, j] if written < 0 or written == i else 0.0
            w[i, j] = min(max(w[i, j] + step - decay * (w[i, j] - middle), limits[0]), limits[1])


@njit(cache=True)
def points(x, y, nudge, w1, w2, s1, s2, pieces, blocks, devices, size, bounds, held):
    """Operating points of all samples, in `held` (samples, hidden + outputs) V; False where one has none."""
    length = pieces.shape[4]
    c1, c2, rows = room(w1, length), room(w2, length), np.zeros((2, w1.shape[1]))
    all_pieces(pieces, devices, w1, s1, c1)
    all_pieces(pieces, devices, w2, s2, c2)
    found = True
    for k in range(x.shape[0]):
        found = found and solve(x[k], y[k], nudge, c1, c2, held[k], rows, blocks, devices, size, bounds) > 0
    return found
