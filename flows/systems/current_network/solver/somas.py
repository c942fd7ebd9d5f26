"""What a soma makes of a current: its input's voltage, and the two gate voltages that its synapses hang on.

A soma is five transistors of four units each: an n diode (input), its n copy into a p diode (gate line `vp`), that
one's p copy into an n diode (gate line `vn`).
"""

from __future__ import annotations

from math import log

import numpy as np
from numba import njit

from analoom.cells.current_mode.circuits import SOMA_UNITS

from .lookup import cubic, current, effective_gate

UNITS = SOMA_UNITS
INPUT, COPY, NEGATIVE = 0, 1, 2
"""n transistors of a soma: the input's diode, the copy, the diode on `vn`."""
POSITIVE, AGAIN = 0, 1
"""p transistors of a soma: the diode on `vp`, the copy."""
LOW_V, STEP_V, KNOTS = 0.1, 0.02, 34
"""Input voltages at which a soma is solved."""
LOG_INPUT, P_GATE, N_GATE = 0, 1, 2
"""Rows of a soma's curves: ln of the input's current, gate-source voltages (V) on `vp` and `vn`."""
_FIRST_P_V, _FIRST_N_V = 0.2, 0.1
_CLOSE, _MOST = 1e-6, 40


@njit(cache=True, nogil=True)
def soma_curves(z_n, z_p, n, p, vdd):
    """Curves (somas, 3, KNOTS) of somas with parameters off by `z_n` (somas, 3, UNITS, n's) and `z_p` (somas, 2, UNITS,
    p's) sigmas; `n` and `p` are (log_i, shift, U_T)."""
    found = np.empty((len(z_n), 3, KNOTS))
    for s in range(len(z_n)):
        w, v_n = _FIRST_P_V, _FIRST_N_V
        for k in range(KNOTS):
            v = LOW_V + k * STEP_V
            w = _balanced(z_n[s, COPY], n, v, z_p[s, POSITIVE], p, w, vdd)
            v_n = _balanced(z_p[s, AGAIN], p, w, z_n[s, NEGATIVE], n, v_n, vdd)
            found[s, LOG_INPUT, k] = log(_together(z_n[s, INPUT], n, v, v))
            found[s, P_GATE, k], found[s, N_GATE, k] = w, v_n
    return found


@njit(cache=True, nogil=True)
def _together(z, device, v, v_ds):
    """Current of the units of one transistor at a gate voltage, A."""
    log_i, shift, thermal_v = device
    found = 0.0
    for u in range(UNITS):
        found += current(log_i, thermal_v, effective_gate(v, z[u], shift), v_ds)
    return found


@njit(cache=True, nogil=True)
def _balanced(z_source, source, v, z_diode, diode, first, vdd):
    """The diode's voltage at which it takes what the source at gate voltage `v` gives, by secants from `first`."""
    x, dx = first, 0.02
    before = _excess(z_source, source, v, z_diode, diode, x, vdd)
    for _ in range(_MOST):
        x += dx
        now = _excess(z_source, source, v, z_diode, diode, x, vdd)
        dx *= -now / (now - before) if now != before else 0.0
        dx, before = min(max(dx, -0.1), 0.1), now
        if abs(dx) < _CLOSE:
            break
    return x + dx


@njit(cache=True, nogil=True)
def _excess(z_source, source, v, z_diode, diode, x, vdd):
    """ln of the diode's current at `x` (V) by the source's."""
    return log(_together(z_diode, diode, x, x) / _together(z_source, source, v, vdd - x))


@njit(cache=True, nogil=True)
def gates_at(v, curves):
    """Gate-source voltages (somas, 2) V on `vp` and `vn` at each soma's input voltage `v` (somas,)."""
    found = np.empty((len(v), 2))
    for s in range(len(v)):
        x = (v[s] - LOW_V) / STEP_V
        found[s, 0], found[s, 1] = cubic(curves[s, P_GATE], x), cubic(curves[s, N_GATE], x)
    return found


@njit(cache=True, nogil=True)
def lines_at(v, curves):
    """All curves (3, points, somas) of somas at their input voltages `v` (points, somas)."""
    found = np.empty((3, *v.shape))
    for t in range(v.shape[0]):
        for s in range(v.shape[1]):
            x = (v[t, s] - LOW_V) / STEP_V
            for k in range(3):
                found[k, t, s] = cubic(curves[s, k], x)
    return found
