"""The devices that a current-mode network is made of, as what the solver takes: curves at rest, headers, switches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.corners import VDD_V
from analoom.pdk.devices import MOS
from analoom.pdk.mismatch.terms import terms_source

from .header import Header, header
from .layer import REST_V
from .unit_curves import DS_STEP_V, UnitCurves, drain_voltages, unit_curves

Array = NDArray[np.float64]
Path = tuple[Array, Array, Array, Array]
"""ln of a unit's current at rest, shifts, the body's part, and the slope by the drain, each by gate voltage."""

HEADER_UM = (0.84, 0.15)
"""Width and length of a header."""
SWITCH_UM = (0.42, 0.15)
"""Width and length of the switch of a bit."""
N, P = "nfet_01v8", "pfet_01v8"


@dataclass(frozen=True)
class NetworkDevices:
    """Units of `w` by `l` um of both polarities and headers, in a family of models at a corner and temperature."""

    w: float
    l: float  # noqa: E741
    family: str
    corner: str
    temp_degc: float

    @cached_property
    def n(self) -> UnitCurves:
        """The n unit."""
        return unit_curves(N, self.w, self.l, self.family, self.corner, self.temp_degc)

    @cached_property
    def p(self) -> UnitCurves:
        """The p unit."""
        return unit_curves(P, self.w, self.l, self.family, self.corner, self.temp_degc)

    @cached_property
    def headers(self) -> tuple[Header, Header]:
        """Those of positive and of negative paths."""
        found = [header(kind, *HEADER_UM, self.family, self.corner, self.temp_degc) for kind in (P, N)]
        return found[0], found[1]

    @cached_property
    def switch(self) -> Header:
        """That of a bit, between its units and an output at rest."""
        return header(N, *SWITCH_UM, self.family, self.corner, self.temp_degc, REST_V)

    @cached_property
    def paths(self) -> tuple[Path, Path]:
        """What `path_ratios` takes of positive and of negative paths."""
        log_p, by_p, log_n, by_n, _ = self.nominal
        return (log_p, self.p.shift, self.p.body, -by_p), (log_n, self.n.shift, self.n.body, by_n)

    @cached_property
    def nominal(self) -> tuple[Array, Array, Array, Array, float]:
        """What `layer_voltages` takes: ln of a unit's current at rest and its slope by the output's voltage, p, n."""
        log_p, by_p = _at(self.p, VDD_V - REST_V)
        log_n, by_n = _at(self.n, REST_V)
        return log_p, -by_p, log_n, by_n, self.n.thermal_v


def terms_of_unit(devices: NetworkDevices) -> str:
    """Where the coefficients of the units come from."""
    return "; ".join(terms_source(MOS[kind], devices.w, devices.l, 1, devices.family) for kind in (N, P))


def _at(unit: UnitCurves, v_ds: float) -> tuple[Array, Array]:
    """ln of the current (gates,) at a drain-source voltage of the curves, and its slope there (1/V)."""
    k = round(v_ds / DS_STEP_V)
    log_i = unit.log_i + np.log1p(-np.exp(-drain_voltages() / unit.thermal_v))
    return log_i[:, k].copy(), (unit.log_i[:, k + 4] - unit.log_i[:, k - 4]) / (8 * DS_STEP_V)
