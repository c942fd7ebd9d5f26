"""Thermal noise of a charge-domain multiplier, and the unit it takes to keep that below a bound."""

from __future__ import annotations

from math import sqrt

from analoom.flows.bench.operating_point import BOLTZMANN_J_K, ZERO_DEGC_K
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.errors import SpecError

from .cycle import Settings


def thermal_v(c_f: float, temp_degc: float) -> float:
    """sqrt(kT/C), V: what a switch leaves on a node as it opens, and all switches together on the node that holds."""
    return sqrt(BOLTZMANN_J_K * (temp_degc + ZERO_DEGC_K) / c_f)


def require_quiet(spec: ChargeMacSpec, settings: Settings, c_f: float, temp_degc: float) -> None:
    """Raises SpecError when kT/C of the sum's node, of `c_f`, lies above the noise asked."""
    if settings.noise_max is None:
        return
    noise_v = thermal_v(c_f, temp_degc)
    if noise_v > settings.noise_max:
        side_um = spec.unit.w * noise_v / settings.noise_max
        bound = f"at least {noise_v:.4g}, kT/C of {c_f * 1e15:.4g} fF at {temp_degc:g} degC"
        rule = f"units of {spec.unit.w:g} um; it takes about unit.w = {side_um:.3g}"
        raise SpecError("settings.noise_max", settings.noise_max, bound, rule, fix=float(f"{1.001 * noise_v:.4g}"))
