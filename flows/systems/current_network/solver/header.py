"""A transistor in series with a synapse's units, header or switch of a bit: how well it conducts when on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from analoom.cells.model.circuit import Mos
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.mismatch_library import line_with_shifts
from analoom.pdk.corners import VDD_V
from analoom.pdk.devices import MOS
from analoom.pdk.mismatch.terms import random_terms

from .unit_curves import TIGHT, library_of

DROP_V = 0.005
"""Voltage across it at which its conductance is taken."""


@dataclass(frozen=True)
class Header:
    """Conductance (S) of a transistor that is on, and what a sigma of each random parameter adds to its logarithm."""

    conductance_s: float
    slopes: tuple[float, ...]

    @property
    def sigma(self) -> float:
        """That of the logarithm."""
        return float(np.hypot.reduce(self.slopes))

    def drawn(self, z: np.ndarray) -> np.ndarray:
        """Conductances (S) of drawn ones, `z` sigmas off, shaped as `z`."""
        return np.asarray(self.conductance_s * np.exp(self.sigma * z))

    def parameters(self, z: float, others: np.ndarray) -> np.ndarray:
        """Sigmas (parameters,) of a transistor that is `z` sigmas off: drawn ones, of which that part is exchanged.

        Of independent normal `z` and `others` (parameters,) they are independent and normal.
        """
        along = np.array(self.slopes) / self.sigma
        return np.asarray(others + (z - along @ others) * along)


@cache
def header(
    kind: str, w_um: float, l_um: float, family: str, corner_name: str, temp_degc: float, source_v: float = 0.0
) -> Header:
    """A header by the name of its device's kind, its gate at the supply and its source at `source_v`.

    Raises InputError for the binned family off the corner tt.
    """
    device = Mos("u", MOS[kind], w_um, l_um, dict.fromkeys("dgsb", "0"))
    sigmas = random_terms(device.device, w_um, l_um, 1, 1, family)
    cases: list[Mapping[str, float]] = [{}, *({n: k * s} for n, s in sigmas.items() for k in (1, -1))]
    currents = _currents(device, cases, library_of(device, family, corner_name), temp_degc, source_v)
    slopes = np.log(currents[1::2] / currents[2::2]) / 2
    return Header(float(currents[0] / DROP_V), tuple(float(slope) for slope in slopes))


def _currents(
    device: Mos, cases: list[Mapping[str, float]], library: str, temp_degc: float, source_v: float
) -> np.ndarray:
    """Currents (cases,) at DROP_V, A."""
    sign = -1.0 if device.device.is_p else 1.0
    lines = [f"vgx gx 0 {sign * VDD_V!r}\nvsx sx 0 {sign * source_v!r}"]
    for k, shifts in enumerate(cases):
        placed = replace(device, name=f"u{k}", nets={"d": f"d{k}", "g": "gx", "s": "sx", "b": "0"})
        lines += [line_with_shifts(placed, dict(shifts)), f"vd{k} d{k} sx {sign * DROP_V!r}", f".save vd{k}#branch"]
    with circuit(deck("headers", f'.include "{library}"\n{TIGHT}\n.temp {temp_degc:g}', *lines)) as loaded:
        found = loaded.op()
    return -sign * np.array([found[f"vd{k}#branch"] for k in range(len(cases))])
