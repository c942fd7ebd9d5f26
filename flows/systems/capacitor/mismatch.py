"""Mismatch of capacitor cells: ratios, and INL and DNL when the weights are used as a charge-redistribution converter.

A code's level is the share of the capacitance switched on; codes are met from the largest weight down. All metrics
are linear in the capacitors' deviations, so the closed form is exact to first order; drawn samples keep the division
by the total.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Cap
from analoom.flows.bench.without_model import require_mismatch
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.statistics.code_levels import code_levels, inl_lsb
from analoom.flows.statistics.criterion import OutputErrors
from analoom.flows.statistics.gradient import units_of, values_under_tilt
from analoom.flows.statistics.protocol import Statistics
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.binned_cap import binned_cap_mismatch
from analoom.pdk.mismatch.coefficients import CapMismatch, cap_mismatch
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .bench import TOP, bottom_pins
from .ngspice_draws import draw_capacitances
from .settings import CapacitorAnalysis
from .wire_error import wires_to_top_f


@dataclass(frozen=True)
class CapacitorStatistics(Statistics):
    """A capacitor cell by its bottom pins: nominal capacitance and sigma, from the units of the circuit."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: CapacitorAnalysis = field(default_factory=CapacitorAnalysis)

    @property
    def pins(self) -> list[str]:
        return bottom_pins(self.cell.circuit.ports)

    @property
    def weights(self) -> NDArray[np.int64]:
        """The spec's integers, (pins,); one for a single capacitor."""
        return np.array(getattr(self.cell.spec, "weights", [1]), dtype=np.int64)

    @cached_property
    def nominal(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(capacitance F, sigma F) of each pin to `top`, (pins,). Raises InputError for a pin without a capacitor, and
        for units without a model.
        """
        require_mismatch(self.cell)
        totals = {pin: np.zeros(2) for pin in self.pins}
        for flat in flat_devices(self.cell.circuit):
            other = set(flat.nets.values()) - {TOP}
            if isinstance(flat.device, Cap) and TOP in flat.nets.values() and (pins := other & totals.keys()):
                c, sigma = _unit(flat.device, self.model, self.settings.k_cap)
                totals[pins.pop()] += [c, sigma**2]
        c_f, variance = np.array([totals[pin] for pin in self.pins]).T
        if not c_f.all():
            raise InputError(f"{self.cell.name} has a pin without a capacitor to {TOP}", field="name")
        return c_f, np.sqrt(variance)

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        c_f, sigma_f = self.nominal
        if len(self.pins) == 1:
            return {"ratio_error": exact(float(sigma_f[0] / c_f[0]), "frac")}
        ratio = self._through(_ratio_slopes(c_f))
        each = {f"ratio_error_{p}": exact(float(r), "frac") for p, r in zip(self.pins, ratio, strict=True)}
        out = {"ratio_error": exact(float(ratio.max()), "frac"), **each}
        for name, slopes in self._code_slopes().items():
            out[name] = exact(float(self._through(slopes).max()), "LSB")
        return out

    def outputs(self, metric: str) -> OutputErrors:
        """Of `inl` the codes, of `dnl` the steps between them: all share the same capacitors."""
        if metric not in (known := self._code_slopes()):
            return super().outputs(metric)
        slopes = known[metric] * self.nominal[1]
        full_scale = float(self.weights.sum())
        return OutputErrors(np.sqrt((slopes**2).sum(axis=1)), "LSB", slopes, full_scale=full_scale)

    def offsets(self, metric: str) -> NDArray[np.float64] | None:
        """By an oxide that thickens in each direction, with what the extracted wires add, (directions, outputs)."""
        if len(self.pins) < 2 or not self.cell.match_groups:
            return None
        units = units_of(self.cell.match_groups[0])
        tilt = values_under_tilt(units, self.settings.gradient_frac_um) / units.areas
        return self.errors(tilt * self.nominal[0] + wires_to_top_f(self.cell, self.pins))[metric][0]

    def drawn(self, rng: np.random.Generator, samples: int) -> dict[str, tuple[NDArray[np.float64], str]]:
        """Samples with unit: `ratio_error` (samples, pins) frac, `inl` and `dnl` (samples, codes) LSB."""
        c_f, sigma_f = self.nominal
        c = c_f + sigma_f * rng.standard_normal((samples, len(c_f)))
        return self.errors(c)

    def drawn_by_ngspice(self, samples: int, seed: int) -> dict[str, tuple[NDArray[np.float64], str]]:
        """As `drawn`, but each capacitance drawn by the model file itself."""
        return self.errors(draw_capacitances(self.cell, self.pins, samples, seed, self.model))

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        if self.settings.k_cap is not None:
            return f"k_cap = {self.settings.k_cap:g} frac um of one capacitor, as given"
        caps = [f.device for f in flat_devices(self.cell.circuit) if isinstance(f.device, Cap)]
        return coefficients(caps[0], self.model).source

    def errors(self, c_f: NDArray[np.float64]) -> dict[str, tuple[NDArray[np.float64], str]]:
        """The metrics of capacitances `c_f` (samples, pins) in F."""
        nominal = self.nominal[0]
        if len(self.pins) == 1:
            return {"ratio_error": (c_f[:, 0] / nominal[0] - 1, "frac")}
        shares = c_f / c_f.sum(axis=1, keepdims=True)
        ratio = shares / (nominal / nominal.sum()) - 1
        each = {f"ratio_error_{p}": (ratio[:, k], "frac") for k, p in enumerate(self.pins)}
        out = {"ratio_error": (ratio, "frac"), **each}
        if (levels := self._levels()) is not None:
            inl = inl_lsb(levels, c_f, nominal)
            out |= {"inl": (inl, "LSB"), "dnl": (np.diff(inl, axis=1), "LSB")}
        return out

    def _code_slopes(self) -> dict[str, NDArray[np.float64]]:
        """Slopes of codes' INL and of steps' DNL, (quantities, pins) LSB/F; none where weights are no converter."""
        if len(self.pins) < 2 or (levels := self._levels()) is None:
            return {}
        slopes = _level_slopes(levels, self.nominal[0]) * self.weights.sum()
        return {"inl": slopes, "dnl": np.diff(slopes, axis=0)}

    def _through(self, slopes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sigma of quantities with `slopes` (quantities, pins) per farad."""
        return np.sqrt((slopes**2) @ self.nominal[1] ** 2)

    def _levels(self) -> NDArray[np.float64] | None:
        """Which weights are on at each code, (codes, pins); None where codes are too many or not all can be met."""
        return code_levels(self.weights)


def coefficients(cap: Cap, model: str) -> CapMismatch:
    """The coefficients of a capacitor in a family of models."""
    return cap_mismatch(cap.device) if model == DEFAULT_MODEL else binned_cap_mismatch(cap.device)


def _unit(cap: Cap, family: str, k_cap: float | None = None) -> tuple[float, float]:
    """(capacitance, sigma) in F of one device line; `k_cap` (frac um) over the square root of the area, if given."""
    model = coefficients(cap, family)
    c = cap.m * model.capacitance_f(cap.w_um, cap.l_um)
    if k_cap is not None:
        return c, c * k_cap / sqrt(cap.w_um * cap.l_um * cap.m)
    return c, c * model.sigma_frac(cap.w_um, cap.l_um, cap.m)


def _ratio_slopes(c_f: NDArray[np.float64]) -> NDArray[np.float64]:
    """d(ratio error of pin i)/d(C_j), (pins, pins) 1/F."""
    return np.diag(1 / c_f) - 1 / c_f.sum()


def _level_slopes(levels: NDArray[np.float64], c_f: NDArray[np.float64]) -> NDArray[np.float64]:
    """d(level)/d(C_j), (codes, pins) 1/F; a level is the share of the capacitance switched on."""
    total = c_f.sum()
    return (levels - (levels @ c_f / total)[:, None]) / total
