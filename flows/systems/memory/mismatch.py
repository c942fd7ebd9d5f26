"""Mismatch of latches: what the random parameters of the six transistors do to the margins.

A margin of one bit is taken linear in every parameter; its slopes are simulated, one copy a parameter and sign. The
sigma is that of one bit's margin; its two bits have the same. A latch fails where either margin is below zero: with
both normal, of one sigma and correlation r, P = Phi(-z) + 2 T(z, sqrt((1-r)/(1+r))), z the margin over its sigma.
Source: D. B. Owen, Ann. Math. Stat. 27 (1956) 1075. A die fails where any of its latches does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import expm1, log1p, sqrt

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import ndtr, owens_t

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.statistics.copies import draws
from analoom.flows.statistics.extremes import wilson
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Figure, Spread, exact
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, random_terms, terms_source

from .copies import METRICS, Copies

STEP_SIGMAS = 1.0
"""How far each parameter is moved for the slopes."""
DRAWN_SIGMAS = 4.0
"""What a few ten thousand draws reach."""
AT_ONCE = 10
"""Copies in one netlist: each that turns makes the steps of all short."""

Array = NDArray[np.float64]


class MemoryAnalysis(AnalysisSettings):
    """At which supply the margins are taken."""

    vdd: float = Field(1.8, ge=0.4, le=1.95, description="supply", json_schema_extra={"unit": "V"})


@dataclass(frozen=True)
class MemoryStatistics(Statistics):
    """The margins of a latch, and of the `bits` of a die of them."""

    latch: Cell
    bits: int = 1
    model: str = DEFAULT_MODEL
    settings: MemoryAnalysis = field(default_factory=MemoryAnalysis)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        device = self.devices[0]
        return terms_source(device.device, device.w_um, device.l_um, device.nf, self.model)

    @property
    def devices(self) -> tuple[Mos, ...]:
        return tuple(device for device in self.latch.circuit.devices if isinstance(device, Mos))

    @property
    def copies(self) -> Copies:
        return Copies(self.latch, self.model, self.settings.vdd)

    @cached_property
    def parameters(self) -> list[tuple[str, str, float]]:
        """(transistor, parameter, sigma) of every random number of a latch."""
        found = []
        for d in self.devices:
            terms = random_terms(d.device, d.w_um, d.l_um, d.nf, 1, self.model)
            found += [(d.name, name, sigma) for name, sigma in terms.items()]
        return found

    @cached_property
    def response(self) -> tuple[Mapping[str, Array], Mapping[str, Array]]:
        """Margins without mismatch (2,) V, and their change by one sigma of each parameter, (parameters, 2) V."""
        moved = [(d, p, sign * STEP_SIGMAS * s) for d, p, s in self.parameters for sign in (1, -1)]
        found = self.copies.given([{}, *({d: {p: shift}} for d, p, shift in moved)])
        slopes = {name: (v[1::2] - v[2::2]) / (2 * STEP_SIGMAS) for name, v in found.items()}
        return {name: v[0] for name, v in found.items()}, slopes

    @property
    def point(self) -> dict[str, float]:
        """Supply and margins without mismatch, V."""
        nominal, _ = self.response
        return {"vdd": self.settings.vdd, **{f"{name}_nominal": float(v.min()) for name, v in nominal.items()}}

    @property
    def notes(self) -> list[str]:
        """Which shares of failures lie further out than draws reach."""
        nominal, _ = self.response
        sigmas = {name: float(v.min()) / self.closed()[name].sigma for name, v in nominal.items()}
        far = [f"{name.removesuffix('_margin')} ({z:.1f} sigmas)" for name, z in sigmas.items() if z > DRAWN_SIGMAS]
        if not far:
            return []
        return [f"share of failures by {', '.join(far)}: true if margins stay linear that far, where no draw was made"]

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        _, slopes = self.response
        return {name: exact(float(np.linalg.norm(s, axis=0).max()), "V") for name, s in slopes.items()}

    def figures(self, drawn: Samples | None) -> dict[str, Figure]:
        """Shares of latches, and of dies, that fail; how many sigmas a margin is from nothing."""
        if drawn is not None:
            return {**_counted(drawn), **self._sigmas(drawn)}
        found = {}
        for name, nominal in self.response[0].items():
            share, kind = self._fails(name), name.removesuffix("_margin")
            found[f"{kind}_fail"] = Figure(share, "frac")
            found[f"{kind}_fail_die"] = Figure(-expm1(self.bits * log1p(-share)), "frac")
            found[f"{kind}_sigmas"] = Figure(float(nominal.min()) / self.closed()[name].sigma, "sigma")
        return found

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Margins (samples, 2) V of both bits, linear in drawn parameters."""
        nominal, slopes = self.response
        z = rng.standard_normal((samples, len(self.parameters)))
        return {name: (nominal[name] + z @ slopes[name], "V") for name in METRICS}

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Margins (samples, 2) V of both bits, of latches that the model file draws."""
        parts = [self.copies.drawn(count) for count in draws(samples, AT_ONCE, seed)]
        return {name: (np.concatenate([part[name] for part in parts]), "V") for name in METRICS}

    def _fails(self, name: str) -> float:
        """Share of latches with a margin below zero, by the formula."""
        nominal, slopes = (part[name] for part in self.response)
        sigma = float(np.linalg.norm(slopes, axis=0).max())
        z, r = float(nominal.min()) / sigma, float(slopes[:, 0] @ slopes[:, 1]) / sigma**2
        return float(ndtr(-z) + 2 * owens_t(z, sqrt(max(0.0, 1 - r) / max(1e-12, 1 + r))))

    def _sigmas(self, drawn: Samples) -> dict[str, Figure]:
        return {
            f"{name.removesuffix('_margin')}_sigmas": Figure(float(values.mean() / values.std(ddof=1)), "sigma")
            for name, (values, _) in drawn.items()
        }


def _counted(drawn: Samples) -> dict[str, Figure]:
    """Shares of the drawn latches that fail, with Wilson's interval."""
    found = {}
    for name, (values, _) in drawn.items():
        failed, of = int((values.min(axis=1) <= 0).sum()), len(values)
        found[f"{name.removesuffix('_margin')}_fail"] = Figure(failed / of, "frac", wilson(failed, of), of)
    return found
