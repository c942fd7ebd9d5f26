"""Mismatch of a bias: a sink errs by two mirror parts, a source by four, the n mirror's fold and its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.statistics.copies import draws
from analoom.flows.statistics.criterion import OutputErrors
from analoom.flows.statistics.mismatch_library import State
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .bias_lines import INPUT, BiasBench, BiasSettings
from .copies import COPIES, Copies
from .dac_lines import TIGHT
from .mirrors import MirrorLaw

Array = NDArray[np.float64]
_ERROR = "gain_error"

Fed = Callable[[Copies, int], str]


class BiasAnalysis(AnalysisSettings, BiasSettings):
    """Where a bias is judged."""


@dataclass(frozen=True)
class BiasStatistics(Statistics):
    """The random errors of a bias: `gain_error_<pin>`, and of the least certain output `gain_error`."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: BiasAnalysis = field(default_factory=BiasAnalysis)

    @cached_property
    def bench(self) -> BiasBench:
        """The bench of its testbench."""
        return BiasBench(self.cell, self.settings)

    @cached_property
    def low(self) -> MirrorLaw:
        """The n mirror at its current."""
        sinks = self.bench.sinks
        return MirrorLaw(sinks, self.model, self.bench.i_in / sinks.reference, self.settings.v_n)

    @cached_property
    def high(self) -> MirrorLaw:
        """The p mirror at its current."""
        low, sources = self.bench.sinks, self.bench.sources
        i_unit = self.bench.i_in * low.units[self.bench.fold] / low.reference / sources.reference
        return MirrorLaw(sources, self.model, i_unit, self.settings.vdd - self.settings.v_p)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return f"{self.low.source}; {self.high.source}"

    @property
    def point(self) -> dict[str, float]:
        """The reference current (A) and gm/ID (1/V) of both mirrors."""
        return {"i_in": self.bench.i_in, "gm_id_n": self.low.answer.gm_id, "gm_id_p": self.high.answer.gm_id}

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        sigma = {pin: self._sigma(pin) for pin in self.bench.ratios}
        each = {f"{_ERROR}_{pin}": exact(s, "frac") for pin, s in sigma.items()}
        return {_ERROR: exact(max(sigma.values()), "frac"), **each}

    def _sigma(self, pin: str) -> float:
        if self.bench.is_sink(pin):
            return self.low.sigma_ratio(pin)
        return hypot(self.low.sigma_ratio(self.bench.fold), self.high.sigma_ratio(pin))

    def outputs(self, metric: str) -> OutputErrors:
        """Of `gain_error` all outputs."""
        if metric != _ERROR:
            return super().outputs(metric)
        return OutputErrors(np.array([self._sigma(pin) for pin in self.bench.ratios]))

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit: of each output (samples,), and of all (samples, outputs)."""
        low, high = self.low.drawn(rng, samples), self.high.drawn(rng, samples)
        by_pin = {p: low[p] if self.bench.is_sink(p) else low[self.bench.fold] * high[p] for p in self.bench.ratios}
        return samples_of(by_pin)

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """The same of whole copies, each drawn by the model file itself."""
        return samples_of(drawn_ratios(self.bench, self.model, self._fed, samples, seed))

    def _fed(self, held: Copies, k: int) -> str:
        return f"i_{k} vdd {held.net(INPUT, k)} {self.bench.i_in!r}"


def samples_of(by_pin: dict[str, Array]) -> Samples:
    """Errors of currents (samples,) by their nominal ones: of each pin, and of all together."""
    each = {f"{_ERROR}_{pin}": (ratio - 1, "frac") for pin, ratio in by_pin.items()}
    return {_ERROR: (np.stack([ratio - 1 for ratio in by_pin.values()], axis=1), "frac"), **each}


def drawn_ratios(bench: BiasBench, model: str, fed: Fed, samples: int, seed: int) -> dict[str, Array]:
    """Currents (samples,) of every output of whole copies by its nominal one, each drawn by the model file itself.

    `fed`: the line that gives a copy its current.
    """
    nominal = _currents(bench, model, fed, 1, "off")
    parts = [_currents(bench, model, fed, n, "drawn") for n in draws(samples, COPIES, seed)]
    return {p: np.concatenate([part[p] for part in parts]) / nominal[p] for p in bench.ratios}


def _currents(bench: BiasBench, model: str, fed: Fed, copies: int, state: State) -> dict[str, Array]:
    """Currents (A) of every output, (copies,), by pin."""
    held = Copies(bench.cell, model, frozenset(("vdd", "vss")))
    with circuit(held.deck(copies, state, _lines(bench, held, fed, copies))) as loaded:
        op = loaded.op()
    return {pin: np.array([abs(op[f"v_{held.net(pin, k)}#branch"]) for k in range(copies)]) for pin in bench.ratios}


def _lines(bench: BiasBench, held: Copies, fed: Fed, copies: int) -> Iterator[str]:
    yield from (TIGHT, f"v_vdd vdd 0 {bench.settings.vdd!r}", "v_vss vss 0 0")
    for k in range(copies):
        yield fed(held, k)
        nets = {pin: held.net(pin, k) for pin in bench.ratios}
        yield from (f"v_{net} {net} 0 {bench.held_v(pin)!r}" for pin, net in nets.items())
