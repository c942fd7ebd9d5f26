"""Mismatch of transistor cells: threshold of each side of a pair (or a single device), and what it does to the current.

A side may be several units: its threshold is the mean of the units', weighted by their share of W/L, so that units
draw independently. The gain error follows at the bench's operating point from the simulated answer of the current to
a threshold shift: to first order in closed form, along the simulated transfer curve for drawn samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.cells.cell import Cell, Kind
from analoom.cells.circuit import Mos
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch import mos_mismatch

from .flat_devices import FlatDevice, flat_devices
from .simulate import SimResult, simulate
from .spread import Spread, exact
from .threshold_sensitivity import threshold_sensitivity
from .transfer import Side

PAIR_SIDES = (Side("d1", "g1"), Side("d2", "g2"))
DEVICE_SIDES = (Side("d", "g"),)


@dataclass(frozen=True)
class TransistorStatistics:
    """A cell's sides with their units, and the bench's operating point (simulated when asked for)."""

    cell: Cell

    @property
    def sides(self) -> Sequence[Side]:
        return PAIR_SIDES if self.cell.kind is Kind.PAIR else DEVICE_SIDES

    @property
    def vth_name(self) -> str:
        """`delta_vth` for a pair, `vth` for a single device."""
        return "delta_vth" if len(self.sides) == 2 else "vth"

    @cached_property
    def bench(self) -> SimResult:
        return simulate(self.cell)

    @cached_property
    def sensitivity(self) -> float:
        """d ln(I) / d(threshold) at the operating point, 1/V, simulated."""
        return threshold_sensitivity(self)

    def units(self, side: Side) -> list[FlatDevice]:
        """The transistors of a side. Raises InputError when it has none."""
        all_mos = [f for f in flat_devices(self.cell.circuit) if isinstance(f.device, Mos)]
        mine = [f for f in all_mos if f.nets["g"] == side.gate and side.drain in (f.nets["d"], f.nets["s"])]
        if not mine:
            raise InputError(
                f"{self.cell.name} has no transistor between pins {side.drain} and {side.gate}", field="name"
            )
        return mine

    def shares(self, side: Side) -> NDArray[np.float64]:
        """Each unit's share of the side's W/L, (units,)."""
        squares = np.array([_mos(f).w_um * _mos(f).m / _mos(f).l_um for f in self.units(side)])
        return squares / squares.sum()

    def unit_sigmas_v(self, side: Side) -> NDArray[np.float64]:
        """Sigma of each unit's threshold, (units,) V."""
        devices = [_mos(f) for f in self.units(side)]
        return np.array([mos_mismatch(d.device).sigma_vth_v(d.w_um, d.l_um, d.m) for d in devices])

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        per_side = [float(np.sum((self.shares(s) * self.unit_sigmas_v(s)) ** 2)) for s in self.sides]
        sigma_v = float(np.sqrt(sum(per_side)))
        gain = self.sensitivity * sigma_v
        return {self.vth_name: exact(sigma_v, "V"), "gain_error": exact(gain, "frac")}

    def drawn(self, rng: np.random.Generator, samples: int) -> dict[str, tuple[NDArray[np.float64], str]]:
        """Samples (samples,) with unit: thresholds of every unit drawn, currents read off the simulated curve."""
        shifts = [self._side_shift(rng, side, samples) for side in self.sides]
        reference = shifts[1] if len(shifts) == 2 else np.zeros(samples)
        gain = self._current(-shifts[0]) / self._current(-reference) - 1
        return {self.vth_name: (shifts[0] - reference, "V"), "gain_error": (gain, "frac")}

    def drawn_by_ngspice(self, samples: int, seed: int) -> dict[str, tuple[NDArray[np.float64], str]]:
        """Samples (samples,) with unit, drawn by the model file itself."""
        from .mismatch_ngspice import drawn_by_ngspice

        return drawn_by_ngspice(self, samples, seed)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return mos_mismatch(_mos(self.units(self.sides[0])[0]).device).source

    def _side_shift(self, rng: np.random.Generator, side: Side, samples: int) -> NDArray[np.float64]:
        units = rng.standard_normal((samples, len(self.units(side)))) * self.unit_sigmas_v(side)
        return units @ self.shares(side)

    def _current(self, shift_v: NDArray[np.float64]) -> NDArray[np.float64]:
        """Current of one side (A) with its threshold `shift_v` lower, read off the simulated curve."""
        curve = self.bench.curves["i1" if self.cell.kind is Kind.PAIR else "i_d"]
        gate_v = shift_v * self.sensitivity / self.bench.metrics["gm_id"].value
        v = self.bench.metrics["v_gs"].value + gate_v
        return np.exp(np.interp(v, curve.x, np.log(np.maximum(curve.y, 1e-18))))


def _mos(flat: FlatDevice) -> Mos:
    assert isinstance(flat.device, Mos)
    return flat.device
