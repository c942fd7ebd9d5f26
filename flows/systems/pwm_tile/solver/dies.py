"""Virtual dies of a tile: units, pulse switches, ramps, capacitors and comparators with mismatch of their own.

Currents of units and ramps are lognormal. A pulse switch acts by its threshold, as a cascode; what it does to the
charge of an edge is left out, a thousandth of a row's full charge. Capacitors of a column are two plates each. An
auto-zeroed comparator errs by what its switch leaves. Reference and bias err alike for all, and cancel.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Cap, Mos
from analoom.cells.pulse_width.circuits import MAGNITUDE, SIZES
from analoom.cells.strip.gates import L_MIN_UM, NFET, W_MIN_UM
from analoom.flows.bench.operating_point import BOLTZMANN_J_K, ZERO_DEGC_K
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.sampled import sampled
from analoom.flows.systems.comparator.continuous import ContinuousPoint
from analoom.flows.systems.comparator.continuous_mismatch import ContinuousStatistics
from analoom.flows.systems.comparator.zeroed_mismatch import ZeroedStatistics
from analoom.flows.systems.pwm_tile.operation.program import USUAL, TileSettings, levels_of
from analoom.flows.systems.transistor.transistor_response import response
from analoom.generators.comparator.comparator import ComparatorSpec, comparator
from analoom.generators.pwm_tile.readout_parts import readout_circuit
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.binned_cap import binned_cap_mismatch
from analoom.pdk.mismatch.coefficients import cap_mismatch
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, checked_model, random_terms

from .cell_table import Place, cell_table
from .forward import Die

Array = NDArray[np.float64]
SOURCES = ("units", "switches", "ramp", "comparator", "capacitors")
DRAIN_V, MIDDLE_V = 0.3, 0.3
"""Drain of a unit behind its cascode; and how far below the reset level comparators are judged."""


@sampled("pwm units", float)
def unit_sigma(w_um: float, l_um: float, unit_a: float, family: str) -> float:
    """Sigma of ln of the current of a unit whose gate is held."""
    device = Mos("u", NFET, w_um, l_um, dict.fromkeys("dgsb", "0"))
    sigmas = random_terms(NFET, w_um, l_um, 1, 1, family)
    return response(device, sigmas, family, DRAIN_V, ("i_square", unit_a * l_um / w_um)).sigma_log()


@sampled("pwm comparators", float)
def offset_sigma(spec: ComparatorSpec, bias_a: float, level_v: float, family: str) -> float:
    """Sigma of the offset of a comparator at a level of its inputs, V."""
    point = ContinuousPoint(v_cm=level_v, i_bias=bias_a)
    of_kind = ZeroedStatistics if spec.auto_zero else ContinuousStatistics
    return of_kind(comparator(spec), family, 1.0, point).closed()["offset"].sigma


@dataclass(frozen=True)
class Deviations:
    """One-sigma deviations of a tile's parts in a `family` of models."""

    spec: PwmTileSpec
    family: str = DEFAULT_MODEL
    settings: TileSettings = USUAL

    @cached_property
    def unit(self) -> float:
        """Of ln of a unit's current, its gate held."""
        return unit_sigma(self.spec.w, self.spec.l, self.spec.unit_current, self.family)

    @cached_property
    def switch(self) -> Array:
        """Of ln of the current of a weight by its pulse switch, (8,) by code."""
        terms = random_terms(NFET, W_MIN_UM, L_MIN_UM, 1, 1, self.family)
        threshold_v = terms["delvto"] if "delvto" in terms else hypot(terms["vth0"], terms.get("voff", 0.0))
        return threshold_v * cell_table(Place(self.spec.cell, levels_of(self.settings), self.spec.lsb)).cascode

    @cached_property
    def offset_v(self) -> float:
        """Of a comparator, V."""
        level_v = self.settings.v_res - MIDDLE_V
        return offset_sigma(self.spec.comparator, self.spec.comparator_current, level_v, self.family)

    @cached_property
    def capacitor(self) -> float:
        """Of a column's capacitor: of both films, by their share."""
        law = cap_mismatch if self.family == DEFAULT_MODEL else binned_cap_mismatch
        plates = [f.device for f in flat_devices(readout_circuit(self.spec)) if "colp" in f.nets.values()]
        films = [law(d.device).sigma_frac(d.w_um, d.l_um, d.m) for d in plates if isinstance(d, Cap)]
        return hypot(*films) / len(films)


@dataclass(frozen=True)
class PulseDies:
    """`count` dies of a tile with mismatch of a `family`, drawn with a `seed`; of `sources` only, where asked.

    Raises InputError for a family and a count that are none.
    """

    spec: PwmTileSpec
    family: str
    count: int
    seed: int
    settings: TileSettings = USUAL
    sources: Collection[str] = SOURCES

    def __post_init__(self) -> None:
        checked_model(self.family)
        if self.count < 1:
            raise InputError(f"count = {self.count}: at least 1", field="count", remedy="count=1")

    @cached_property
    def deviations(self) -> Deviations:
        """What is drawn."""
        return Deviations(self.spec, self.family, self.settings)

    def die(self, k: int, codes: NDArray[np.int64]) -> Die:
        """The die `k` with weights `codes` (rows, cols): the same parts whatever is written."""
        rng = np.random.default_rng([self.seed, k])
        found, cols = self.deviations, codes.shape[1]
        units = rng.standard_normal((sum(SIZES.values()), *codes.shape))
        switches, ramps = rng.standard_normal(codes.shape), rng.standard_normal((self.spec.ramp_units, cols))
        offsets, caps = rng.standard_normal(cols), rng.standard_normal((2, cols))
        weights = np.ones(codes.shape)
        if "units" in self.sources:
            weights = weights * of_units(np.exp(found.unit * units), codes)
        if "switches" in self.sources:
            weights = weights * np.exp(found.switch[np.abs(codes)] * switches)
        return Die(
            weights=weights,
            ramp=np.exp(found.unit * ramps).mean(axis=0) if "ramp" in self.sources else 1.0,
            offset_v=found.offset_v * offsets if "comparator" in self.sources else 0.0,
            caps=found.capacitor * caps if "capacitors" in self.sources else (0.0, 0.0),
        )


def of_units(units: Array, codes: NDArray[np.int64]) -> Array:
    """Currents (rows, cols) of weights by their nominal ones; `units` (7, rows, cols), those of bit 0 first."""
    total, start = np.zeros(codes.shape), 0
    for bit in MAGNITUDE:
        own = units[start : start + SIZES[bit]].sum(axis=0)
        total += np.where(np.abs(codes) >> bit & 1, own, 0.0)
        start += SIZES[bit]
    return np.where(codes == 0, 1.0, total / np.maximum(np.abs(codes), 1))


def thermal_charge_c(f: float, temp_degc: float) -> float:
    """Charge noise of the reset of both columns of `f` (F), C rms: kT/C on either."""
    return sqrt(2 * BOLTZMANN_J_K * (temp_degc + ZERO_DEGC_K) * f)
