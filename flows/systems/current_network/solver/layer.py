"""One layer of one die: from its somas' input voltages to those that the next layer's diodes take.

Every positive path gives P0 - P1 (v - REST_V), every negative one takes N0 + N1 (v - REST_V), times what little of
v_ds leaves of its saturation; v is where the diode of the output takes the rest. Where nothing is left the diode is
off, and v the lowest of a soma's curves.
"""

from __future__ import annotations

from math import exp, log

import numpy as np
from numba import njit

from .lookup import cubic, place
from .somas import KNOTS, LOG_INPUT, LOW_V, N_GATE, P_GATE
from .somas import STEP_V as SOMA_STEP_V
from .synapses import KNOTS as PATH_KNOTS
from .synapses import STEP_V
from .unit_curves import GATE_STEP_V

REST_V = 0.6
"""Output voltage at which paths are solved."""
P_LOW_V, N_LOW_V = 0.4, 0.2
"""Lowest gate-source voltages of paths."""
TOP_V = LOW_V + (KNOTS - 1) * SOMA_STEP_V
"""Highest voltage of a soma's input."""
_CLOSE, _MOST, _NOTHING_A = 1e-7, 60, 1e-15


@njit(cache=True, nogil=True)
def layer_voltages(v_in, somas, paths, nominal, lost, diodes):
    """Voltages (points, columns) V of the output's diodes at the somas' `v_in` (points, rows).

    `somas` (rows, 3, KNOTS) curves; `paths` (positive, negative) ratios (rows, PATH_KNOTS, columns); `nominal`
    (log_p, slope_p, log_n, slope_n, U_T): ln of a unit's current at REST_V and its relative slope by the output's
    voltage, 1/V, by gate voltage; `lost` (points, 4, columns) A is taken off the sums; `diodes` (columns, KNOTS) ln of
    current.
    """
    found, last = np.empty((len(v_in), len(diodes))), np.full(len(diodes), REST_V)
    for t in range(len(v_in)):
        sums = _sums(v_in[t], somas, paths, nominal) - lost[t]
        for j in range(len(diodes)):
            last[j] = settled_v(sums[:, j], diodes[j], nominal[4], last[j])
            found[t, j] = last[j]
    return found


@njit(cache=True, nogil=True)
def pin_currents(v_in, somas, paths, nominal, lost, pin_v):
    """Currents (points, columns) A out of outputs held at `pin_v`; the rest as `layer_voltages` takes it."""
    columns = paths[0].shape[2]
    found = np.empty((len(v_in), columns))
    for t in range(len(v_in)):
        sums = _sums(v_in[t], somas, paths, nominal) - lost[t]
        for j in range(columns):
            found[t, j] = _left(sums[:, j], pin_v, nominal[4])[0]
    return found


@njit(cache=True, nogil=True)
def path_currents(v_in, somas, paths, nominal):
    """Currents (points, 2, rows, columns) A of all positive and negative paths where outputs are at REST_V."""
    rows, _, columns = paths[0].shape
    found = np.empty((len(v_in), 2, rows, columns))
    for t in range(len(v_in)):
        for i in range(rows):
            sums, x = np.zeros((4, columns)), (v_in[t, i] - LOW_V) / SOMA_STEP_V
            _add(sums[:2], paths[0][i], cubic(somas[i, P_GATE], x), P_LOW_V, nominal[0], nominal[1])
            _add(sums[2:], paths[1][i], cubic(somas[i, N_GATE], x), N_LOW_V, nominal[2], nominal[3])
            found[t, 0, i], found[t, 1, i] = sums[0], sums[2]
    return found


@njit(cache=True, nogil=True)
def _sums(v_in, somas, paths, nominal):
    """P0, P1, N0 and N1 of all columns, (4, columns), at the somas' `v_in` (rows,)."""
    sums = np.zeros((4, paths[0].shape[2]))
    for i in range(len(somas)):
        x = (v_in[i] - LOW_V) / SOMA_STEP_V
        _add(sums[:2], paths[0][i], cubic(somas[i, P_GATE], x), P_LOW_V, nominal[0], nominal[1])
        _add(sums[2:], paths[1][i], cubic(somas[i, N_GATE], x), N_LOW_V, nominal[2], nominal[3])
    return sums


@njit(cache=True, nogil=True)
def _add(sums, ratios, v, low_v, log_unit, slope):
    """Adds the currents of a row's paths at gate voltage `v`, and their slopes, to `sums` (2, columns)."""
    unit, rate = exp(cubic(log_unit, v / GATE_STEP_V)), cubic(slope, v / GATE_STEP_V)
    k, a, b, c, d = place(max(v - low_v, 0.0) / STEP_V, PATH_KNOTS)
    a, b, c, d = a * unit, b * unit, c * unit, d * unit
    for j in range(ratios.shape[1]):
        i = a * ratios[k, j] + b * ratios[k + 1, j] + c * ratios[k + 2, j] + d * ratios[k + 3, j]
        sums[0, j] += i
        sums[1, j] += rate * i


@njit(cache=True, nogil=True)
def settled_v(sums, diode, thermal_v, first):
    """Voltage at which a diode (KNOTS,) takes what the paths' `sums` (4,) leave: Newton's steps on logarithms, kept
    between bounds."""
    low, high, v = LOW_V, TOP_V, first
    for _ in range(_MOST):
        rest, fall = _left(sums, v, thermal_v)
        x, step = (v - LOW_V) / SOMA_STEP_V, 0.0
        if rest > _NOTHING_A:
            slope = (cubic(diode, x + 0.5) - cubic(diode, x - 0.5)) / SOMA_STEP_V + fall / rest
            step = (log(rest) - cubic(diode, x)) / slope
        low, high = (v, high) if step > 0.0 else (low, v)
        there = v + step
        if step == 0.0 or not low <= there <= high:
            there = (low + high) / 2
        if abs(there - v) < _CLOSE:
            break
        v = there
    return v


@njit(cache=True, nogil=True)
def _left(sums, v, thermal_v):
    """Current left for the diode (A) at an output voltage, and how it falls with it (S)."""
    lost = exp(-v / thermal_v)
    taken = sums[2] + sums[3] * (v - REST_V)
    rest = sums[0] + sums[1] * (v - REST_V) - taken * (1.0 - lost)
    return rest, taken * lost / thermal_v - sums[1] + sums[3] * (1.0 - lost)


@njit(cache=True, nogil=True)
def input_voltages(currents, somas):
    """Voltages (points, rows) V at which the somas' diodes carry `currents` (points, rows) A."""
    found, sums = np.empty(currents.shape), np.zeros(4)
    for i in range(currents.shape[1]):
        v = REST_V
        for t in range(len(currents)):
            sums[0] = currents[t, i]
            v = settled_v(sums, somas[i, LOG_INPUT], 1.0, v)
            found[t, i] = v
    return found


@njit(cache=True, nogil=True)
def currents_at(v, curves):
    """Currents (points, n) A of curves (n, KNOTS), ln of A, at voltages `v` (points, n)."""
    found = np.empty(v.shape)
    for j in range(v.shape[1]):
        for t in range(len(v)):
            found[t, j] = exp(cubic(curves[j], (v[t, j] - LOW_V) / SOMA_STEP_V))
    return found
