"""The compiled steps of training: currents from tables, operating points by Newton's method, phases and updates.

Voltages of rows and columns are counted from rest. A table is `pieces` (gates - 1, shifts, 4, s * d): cubic pieces over
the gate of Chebyshev coefficients over the threshold's shift, the source and the drain-source voltage. Hidden columns
are joined by outputs alone, so that Newton's matrix is a diagonal with a border: outputs are solved first.
"""

from __future__ import annotations

import numpy as np
from numba import njit

MOST_ITERATIONS = 80
MOST_STEP_V = 0.05
SETTLED_V = 3e-8
"""A step as short as this leaves an error of its square times the curvature, about 40 / V: less than 1e-13 V."""
MOST_TERMS = 64


@njit(cache=True)
def _room(w, length):
    return np.zeros((w.shape[0], w.shape[1], 2, length))


@njit(cache=True)
def gate_pieces(pieces, device, gate_v, shift_v, out):
    """Coefficients of one transistor at its gate voltage and threshold shift (counted as in its table)."""
    first, step, most = device[2], device[3], device[6]
    k = min(max(int((gate_v - first) / step), 0), pieces.shape[0] - 1)
    x, t = gate_v - (first + k * step), shift_v / most if most > 0 else 0.0
    out[:] = 0.0
    a0, a1 = 1.0, t
    for s in range(pieces.shape[1]):
        piece = pieces[k, s]
        for m in range(out.size):
            out[m] += a0 * (((piece[0, m] * x + piece[1, m]) * x + piece[2, m]) * x + piece[3, m])
        a0, a1 = a1, 2 * t * a1 - a0


@njit(cache=True)
def all_pieces(pieces, devices, w, shift, out):
    """Coefficients of all synapses of a layer at `w` (rows, cols) V and `shift` (2, rows, cols) V, into `out`."""
    for d in range(2):
        polarity, bulk, base, sign = devices[d, 0], devices[d, 1], devices[d, 4], devices[d, 5]
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                gate = polarity * (base + sign * w[i, j] - bulk)
                gate_pieces(pieces[d], devices[d], gate, shift[d, i, j], out[i, j, d])


@njit(cache=True, fastmath=True)
def _dots(coef, value, slope):
    first, second = 0.0, 0.0
    for b in range(coef.size):
        first += coef[b] * value[b]
        second += coef[b] * slope[b]
    return first, second


@njit(cache=True)
def current(coef, device, size, bounds, row, col, out, basis):
    """Current from row to column and its slopes by row and column, A and S, into `out`; `basis` (2, MOST_TERMS) is
    scratch."""
    polarity, bulk, thermal = device[0], device[1], bounds[4]
    r, c = polarity * (row - bulk), polarity * (col - bulk)
    low, ds = min(r, c), abs(c - r)
    if bounds[5] > 0:
        _linear(coef, size, bounds, polarity * -bulk, row - col, out)
        return
    half_s, half_d = (bounds[1] - bounds[0]) / 2, bounds[3] / 2
    t, u = (low - bounds[0]) / half_s - 1, ds / half_d - 1
    value, slope, across = basis[0], basis[1], size[1]
    value[0], slope[0], value[1], slope[1] = 1.0, 0.0, u, 1.0
    for b in range(2, across):
        value[b] = 2 * u * value[b - 1] - value[b - 2]
        slope[b] = 2 * value[b - 1] + 2 * u * slope[b - 1] - slope[b - 2]
    total, by_t, by_u = 0.0, 0.0, 0.0
    a0, a1, da0, da1 = 1.0, t, 0.0, 1.0
    for a in range(size[0]):
        row_sum, row_slope = _dots(coef[a * across : (a + 1) * across], value, slope)
        total += a0 * row_sum
        by_t += da0 * row_sum
        by_u += a0 * row_slope
        a0, a1, da0, da1 = a1, 2 * t * a1 - a0, da1, 2 * a1 + 2 * t * da1 - da0
    strength, decay = np.exp(total), np.exp(-ds / thermal)
    i = strength * (1 - decay)
    by_low, by_ds = i * by_t / half_s, i * by_u / half_d + strength * decay / thermal
    if c >= r:  # an n device's current flows from column to row
        out[0], out[1], out[2] = -polarity * i, -(by_low - by_ds), -by_ds
    else:
        out[0], out[1], out[2] = polarity * i, by_ds, by_low - by_ds


@njit(cache=True)
def _linear(coef, size, bounds, rest, v, out):
    """The conductance of the transistor with rows and column at rest, whatever is across it."""
    t = (rest - bounds[0]) / ((bounds[1] - bounds[0]) / 2) - 1
    total, a0, a1 = 0.0, 1.0, t
    for a in range(size[0]):
        sign = 1.0
        for b in range(size[1]):
            total += a0 * coef[a * size[1] + b] * sign
            sign = -sign
        a0, a1 = a1, 2 * t * a1 - a0
    g = np.exp(total) / bounds[4]
    out[0], out[1], out[2] = g * v, g, -g


@njit(cache=True)
def _clamp(h, n):
    """The clamp's current into a hidden column and its slope."""
    if n[4] == 0:
        return 0.0, 0.0
    z = -h / n[5]
    soft = z + np.log1p(np.exp(-z)) if z > 0 else np.log1p(np.exp(z))
    return n[4] * n[5] * soft, -n[4] / (1 + np.exp(-z))


@njit(cache=True)
def solve(x, target, nudge, c1, c2, v, n, devices, size, bounds):
    """The operating point at inputs `x` (V), in `v` (hidden + outputs) V from what is there; iterations, -1: none.

    `nudge` is the conductance of the nudge (S), negative for one the other way.
    """
    hidden, outputs = c1.shape[1], c2.shape[1]
    gain, out, basis = n[0], np.zeros((2, 3)), np.zeros((2, MOST_TERMS))
    f, diag, own = np.zeros(hidden + outputs), np.zeros(hidden), np.zeros((outputs, outputs))
    over, back = np.zeros((hidden, outputs)), np.zeros((outputs, hidden))
    for iteration in range(MOST_ITERATIONS):
        f[:], over[:], back[:], own[:] = 0.0, 0.0, 0.0, 0.0
        for j in range(hidden):
            i_clamp, g_clamp = _clamp(v[j], n)
            f[j], diag[j] = i_clamp - n[2] * v[j], g_clamp - n[2]
            for i in range(x.size):
                for d in range(2):
                    current(c1[i, j, d], devices[d], size, bounds, (1 - 2 * d) * x[i], v[j], out[d], basis)
                    f[j] += out[d, 0]
                    diag[j] += out[d, 2]
        for k in range(outputs):
            o = v[hidden + k]
            f[hidden + k] = nudge * (target[k] - o) - n[1] * o
            own[k, k] = -nudge - n[1]
            for j in range(c2.shape[0]):
                row = gain * v[j] if j < hidden else n[3]
                for d in range(2):
                    current(c2[j, k, d], devices[d], size, bounds, (1 - 2 * d) * row, o, out[d], basis)
                f[hidden + k] += out[0, 0] + out[1, 0]
                own[k, k] += out[0, 2] + out[1, 2]
                if j < hidden:
                    back[k, j] += gain * (out[0, 1] - out[1, 1])
                    f[j] -= (out[0, 0] - out[1, 0]) / gain
                    diag[j] -= out[0, 1] + out[1, 1]
                    over[j, k] -= (out[0, 2] - out[1, 2]) / gain
        if _stepped(f, diag, over, back, own, v, hidden, bounds) < SETTLED_V:
            return iteration + 1
    return -1


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
def train(x, y, order, w1, w2, s1, s2, pieces, n, devices, size, bounds, rule, limits, moved1, moved2, held):
    """Shows samples in `order`; weights move in place. `held` (samples, hidden + outputs) is where solving starts.

    `rule`: rates of the layers, momentum, decay, 1 for phases both ways. Returns samples shown, fewer where one has no
    operating point.
    """
    hidden, outputs, length = w1.shape[1], w2.shape[1], pieces.shape[4]
    c1, c2 = _room(w1, length), _room(w2, length)
    for shown in range(order.size):
        k = order[shown]
        all_pieces(pieces, devices, w1, s1, c1)
        all_pieces(pieces, devices, w2, s2, c2)
        low = held[k].copy()
        if solve(x[k], y[k], -n[6] if rule[4] else 0.0, c1, c2, low, n, devices, size, bounds) < 0:
            return shown
        high = low.copy()
        if solve(x[k], y[k], n[6], c1, c2, high, n, devices, size, bounds) < 0:
            return shown
        held[k] = low
        for j in range(hidden):
            for i in range(x.shape[1]):
                moved1[i, j] = rule[2] * moved1[i, j] - rule[0] * (high[j] - low[j]) * x[k, i]
        for m in range(outputs):
            for j in range(w2.shape[0]):
                row = n[0] * low[j] if j < hidden else n[3]
                moved2[j, m] = rule[2] * moved2[j, m] - rule[1] * (high[hidden + m] - low[hidden + m]) * row
        _move(w1, moved1, rule[3], limits)
        _move(w2, moved2, rule[3], limits)
    return order.size


@njit(cache=True)
def _move(w, moved, decay, limits):
    middle = (limits[0] + limits[1]) / 2
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            w[i, j] = min(max(w[i, j] + moved[i, j] - decay * (w[i, j] - middle), limits[0]), limits[1])


@njit(cache=True)
def points(x, y, nudge, w1, w2, s1, s2, pieces, n, devices, size, bounds, held):
    """Operating points of all samples, in `held` (samples, hidden + outputs) V; False where one has none."""
    length = pieces.shape[4]
    c1, c2 = _room(w1, length), _room(w2, length)
    all_pieces(pieces, devices, w1, s1, c1)
    all_pieces(pieces, devices, w2, s2, c2)
    found = True
    for k in range(x.shape[0]):
        found = found and solve(x[k], y[k], nudge, c1, c2, held[k], n, devices, size, bounds) > 0
    return found


@njit(cache=True)
def currents(rows, columns, w, shift, pieces, devices, size, bounds):
    """Current into its column of either transistor of every synapse of a layer, (2, rows, cols) A."""
    coef, basis, out = _room(w, pieces.shape[4]), np.zeros((2, MOST_TERMS)), np.zeros(3)
    all_pieces(pieces, devices, w, shift, coef)
    found = np.zeros((2, w.shape[0], w.shape[1]))
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            for d in range(2):
                current(coef[i, j, d], devices[d], size, bounds, (1 - 2 * d) * rows[i], columns[j], out, basis)
                found[d, i, j] = out[0]
    return found
