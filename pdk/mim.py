"""Capacitance of a MIM capacitor by its drawn plate, typical: what sizes one; what it is, its model says.

Source: `camimc` and `cpmimc` of models/r+c/res_typical__cap_typical__lin.spice.
"""

from __future__ import annotations

from math import sqrt

MIM_F_PER_UM2 = 2.00e-15
"""Of the plate."""
MIM_F_PER_UM = 0.19e-15
"""Of its rim."""


def mim_f(w_um: float) -> float:
    """Capacitance of a square plate, F."""
    return MIM_F_PER_UM2 * w_um**2 + MIM_F_PER_UM * 4 * w_um


def mim_side_um(c_f: float) -> float:
    """Side of the square plate that has `c_f`, um: the inverse of `mim_f`."""
    rim = 2 * MIM_F_PER_UM / MIM_F_PER_UM2
    return sqrt(rim**2 + c_f / MIM_F_PER_UM2) - rim
