"""The law of a unit's random error, beside the drawn ones: sigma(ln I) = gm/I sigma_th, and 1/sqrt(n) for n units.

gm/I is the slope of ln(I) over the gate at the operating point, and sigma_th what a parameter's sigma is worth there as
a gate voltage, all parameters together. Source: M. Pelgrom et al., JSSC 24 (1989) 1433, with weak inversion's gm/I.
"""

from __future__ import annotations

from math import exp, expm1, sqrt

import numpy as np

from .solver.unit_curves import UnitCurves, gate_voltages


def sigma_log(unit: UnitCurves, log_unit: np.ndarray, gate_v: float) -> float:
    """Sigma of ln(I) of one unit at a gate voltage; `log_unit` (gates,) its ln(I) at the drain's voltage."""
    v = gate_voltages()
    slope = float(np.interp(gate_v, v, np.gradient(log_unit, v)))
    return slope * sqrt(sum(float(np.interp(gate_v, v, part[0])) ** 2 for part in unit.shift))


def sigma_of_sum(sigma: float, units: int) -> float:
    """Relative sigma of the sum of lognormal currents, by the nominal one."""
    return sqrt(exp(sigma**2) * expm1(sigma**2) / units)
