"""What a synapse's units carry at their gate line's voltage, by the nominal unit: mismatch, code and switches in it.

A path is a header to the supply and 4, 2 and 1 units above the output, each bit's on or off. The header's drop u lifts
the sources of the units that are on: S exp(-body u) = G u, S their sum without it. What the switch of a bit drops is
taken off the drains of its units.
"""

from __future__ import annotations

from math import exp

import numpy as np
from numba import njit

from analoom.cells.current_mode.circuits import MOST_CODE

from .lookup import cubic, effective_gate
from .unit_curves import GATE_STEP_V

PATH_UNITS = MOST_CODE
STEP_V, KNOTS = 0.05, 17
"""Gate voltages at which a path is solved, from the lowest of its polarity."""
_STEPS = 4


@njit(cache=True, nogil=True)
def path_ratios(codes, z, conductance_s, switch_s, device, low_v):
    """Currents of paths by a nominal unit's, (rows, KNOTS, columns); nothing where a code is 0.

    `codes` (rows, columns) 0..7; `z` (rows, columns, PATH_UNITS, parameters) sigmas, units 0..3 of the bit of 4, 4..5
    of that of 2, 6 of that of 1; `conductance_s` (rows, columns) of headers, `switch_s` (rows, columns, 3) of switches
    by bit; `device` is (log_unit, shift, body, by_drain).
    """
    rows, columns = codes.shape
    found = np.zeros((rows, KNOTS, columns))
    for i in range(rows):
        for j in range(columns):
            if codes[i, j] > 0:
                for k in range(KNOTS):
                    v = low_v + k * STEP_V
                    found[i, k, j] = _ratio(codes[i, j], z[i, j], conductance_s[i, j], switch_s[i, j], device, v)
    return found


@njit(cache=True, nogil=True)
def _ratio(code, z, conductance_s, switch_s, device, v):
    log_unit, shift, body, by_drain = device
    plain, total = cubic(log_unit, v / GATE_STEP_V), 0.0
    falls = cubic(by_drain, v / GATE_STEP_V) * exp(plain)
    for bit in range(3):
        if code >> bit & 1:
            own, first = 0.0, PATH_UNITS + 1 - (2 << bit)
            for u in range(first, first + (1 << bit)):
                own += exp(cubic(log_unit, effective_gate(v, z[u], shift) / GATE_STEP_V) - plain)
            total += own * exp(-falls * own / switch_s[bit])
    return total * exp(-_fall(total * exp(plain), cubic(body, v / GATE_STEP_V) / conductance_s))


@njit(cache=True, nogil=True)
def _fall(sum_a, per_a):
    """x of x = sum_a per_a exp(-x), by Newton's steps: what a header takes off ln(I)."""
    x, most = 0.0, sum_a * per_a
    for _ in range(_STEPS):
        held = most * exp(-x)
        x += (held - x) / (1.0 + held)
    return x
