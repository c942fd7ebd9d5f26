"""Reading curves on evenly spaced points: cubic through the four nearest, beyond the ends along the last cubic."""

from __future__ import annotations

from math import exp, log1p

import numpy as np
from numba import njit

from .unit_curves import DS_STEP_V, GATE_STEP_V


@njit(cache=True, nogil=True)
def place(x, points):
    """Index of the first of four points around `x` (in steps), and their weights."""
    k = min(max(int(x) - 1, 0), points - 4)
    t = min(max(x - k, 0.0), points - 1.0 - k)
    a, b, c, d = t, t - 1.0, t - 2.0, t - 3.0
    return k, -b * c * d / 6.0, a * c * d / 2.0, -a * b * d / 2.0, a * b * c / 6.0


@njit(cache=True, nogil=True)
def cubic(values, x):
    """`values` (points,) at `x`, in steps."""
    k, a, b, c, d = place(x, len(values))
    return a * values[k] + b * values[k + 1] + c * values[k + 2] + d * values[k + 3]


@njit(cache=True, nogil=True)
def cubics(values, x):
    """`values` (points,) at each of `x` (n,), in steps."""
    return np.array([cubic(values, at) for at in x])


@njit(cache=True, nogil=True)
def effective_gate(v, z, shift):
    """The gate voltage that does what `v` does where the parameters are off by `z` (parameters,) sigmas.

    Each acts where those before it have left the gate: a threshold moves what an offset of weak inversion does.
    """
    found = v
    for p in range(len(z)):
        x = found / GATE_STEP_V
        k = min(max(int(x), 0), shift.shape[2] - 2)
        t = min(max(x - k, 0.0), 1.0)
        a = (1.0 - t) * shift[p, 0, k] + t * shift[p, 0, k + 1]
        b = (1.0 - t) * shift[p, 1, k] + t * shift[p, 1, k + 1]
        found -= z[p] * (a + b * z[p])
    return found


@njit(cache=True, nogil=True)
def current(log_i, thermal_v, v, v_ds):
    """Drain current at gate and drain-source voltages, A."""
    k, a, b, c, d = place(v / GATE_STEP_V, log_i.shape[0])
    n, e, f, g, h = place(v_ds / DS_STEP_V, log_i.shape[1])
    found = 0.0
    for m, w in ((0, a), (1, b), (2, c), (3, d)):
        row = log_i[k + m]
        found += w * (e * row[n] + f * row[n + 1] + g * row[n + 2] + h * row[n + 3])
    return exp(found + log1p(-exp(-max(v_ds, 1e-9) / thermal_v)))
