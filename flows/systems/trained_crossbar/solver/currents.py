"""Currents of synapses from device tables, compiled.

Voltages of rows and columns are counted from rest. A table is `pieces` (gates - 1, shifts, 4, s * d): cubic pieces over
the gate of Chebyshev coefficients over the threshold's shift, the source and the drain-source voltage.
"""

from __future__ import annotations

import numpy as np
from numba import njit

MOST_TERMS = 64


@njit(cache=True)
def room(w, length):
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
def currents(rows, columns, w, shift, pieces, devices, size, bounds):
    """Current into its column of either transistor of every synapse of a layer, (2, rows, cols) A."""
    coef, basis, out = room(w, pieces.shape[4]), np.zeros((2, MOST_TERMS)), np.zeros(3)
    all_pieces(pieces, devices, w, shift, coef)
    found = np.zeros((2, w.shape[0], w.shape[1]))
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            for d in range(2):
                current(coef[i, j, d], devices[d], size, bounds, (1 - 2 * d) * rows[i], columns[j], out, basis)
                found[d, i, j] = out[0]
    return found
