"""Mismatch of a current DAC: units by formula, drawn one by one, and whole copies judged by ngspice.

By formula the switches do not count: they carry what the units give. ngspice draws them too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot, sqrt

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

from .converter import code_bits, dnl_lsb, inl_lsb, sigma_dnl_lsb, sigma_inl_lsb, unit_slopes
from .copies import COPIES, Copies
from .dac_lines import DUMP, INPUT, OUTPUT, TIGHT, DacBench, DacSettings
from .mirrors import MirrorLaw

Array = NDArray[np.float64]


class DacAnalysis(AnalysisSettings, DacSettings):
    """Where a DAC is judged."""


@dataclass(frozen=True)
class DacStatistics(Statistics):
    """The random errors of a DAC: `gain_error` of its span, `dnl` and `inl` of its least certain step and code."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: DacAnalysis = field(default_factory=DacAnalysis)

    @cached_property
    def bench(self) -> DacBench:
        """The bench of its testbench."""
        return DacBench(self.cell, self.settings)

    @cached_property
    def law(self) -> MirrorLaw:
        """Its units, at their current."""
        return MirrorLaw(self.bench.mirror, self.model, self.bench.i_unit, self.bench.v_ds)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return self.law.source

    @property
    def point(self) -> dict[str, float]:
        """Current of a unit (A) and its gm/ID (1/V)."""
        return {"i_unit": self.bench.i_unit, "gm_id": self.law.answer.gm_id}

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula: sqrt(N - 1/N) and sqrt(k (N - k)/N) units' sigmas of N units."""
        unit, bits = self.law.sigma_unit, self.bench.bits
        return {
            "unit_error": exact(unit, "frac"),
            "gain_error": exact(hypot(unit / sqrt(self.bench.codes - 1), self.law.sigma_input), "frac"),
            "dnl": exact(sigma_dnl_lsb(bits, unit), "LSB"),
            "inl": exact(sigma_inl_lsb(bits, unit), "LSB"),
        }

    def outputs(self, metric: str) -> OutputErrors:
        """Of `inl` the codes, of `dnl` the steps: all share the same units."""
        slopes = unit_slopes(self.bench.bits)
        if metric not in slopes:
            return super().outputs(metric)
        parts = slopes[metric] * self.law.sigma_unit / np.sqrt(2.0 ** np.arange(self.bench.bits))
        return OutputErrors(np.sqrt((parts**2).sum(axis=1)), "LSB", parts, full_scale=float(self.bench.codes - 1))

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit: `gain_error` (samples,), `inl` (samples, codes), `dnl` (samples, steps)."""
        by_net = self.law.drawn(rng, samples)
        legs = np.stack([by_net[net] for net in self.bench.legs], axis=1) * 2.0 ** np.arange(self.bench.bits)
        return _errors(legs @ code_bits(self.bench.bits).T, self.bench.codes - 1)

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """The same of whole copies, switches too, each drawn by the model file itself."""
        nominal = float(self._levels(1, "off")[0, -1])
        return _errors(np.concatenate([self._levels(n, "drawn") for n in draws(samples, COPIES, seed)]), nominal)

    def _levels(self, copies: int, state: State) -> Array:
        """Currents (A) of all codes, (copies, codes)."""
        pins = self.bench.levels(0)
        shared = frozenset((*pins, "vdd", "vss"))
        held = Copies(self.cell, self.model, shared)
        with circuit(held.deck(copies, state, self._bench_lines(held, copies))) as loaded:
            found = loaded.run(f"dc v_code 0 {self.bench.codes - 1} 1")
        return np.array([-self.bench.sign * found[f"v_{held.net(OUTPUT, k)}#branch"] for k in range(copies)])

    def _bench_lines(self, held: Copies, copies: int) -> Iterable[str]:
        """Shared supplies and code pins; an input current and held outputs for each copy."""
        chosen, ports = self.settings, self.cell.circuit.ports
        yield TIGHT
        yield from (f"v_{p} {p} 0 {v!r}" for p, v in (("vdd", chosen.vdd), ("vss", 0.0)) if p in ports)
        yield "v_code code 0 0"
        yield from (_by_code(self.bench, pin) for pin in self.bench.levels(0))
        for k in range(copies):
            yield f"i_{k} 0 {held.net(INPUT, k)} {self.bench.sign * self.bench.i_in!r}"
            yield from (f"v_{held.net(p, k)} {held.net(p, k)} 0 {chosen.v_out!r}" for p in (OUTPUT, DUMP) if p in ports)


def _by_code(bench: DacBench, pin: str) -> str:
    """A code pin's voltage by the net `code`, of which it takes its bit."""
    low, high = bench.levels(0)[pin], bench.levels(bench.codes - 1)[pin]
    step = 2 ** int(pin.lstrip("cb"))
    bit = f"floor((v(code) + 0.5) / {step}) - 2 * floor((v(code) + 0.5) / {2 * step})"
    return f"b_{pin} {pin} 0 v = {low!r} + {high - low!r} * ({bit})"


def _errors(levels: Array, span: float) -> Samples:
    """Errors of `levels` (samples, codes) whose span is nominally `span`."""
    return {
        "gain_error": ((levels[:, -1] - levels[:, 0]) / span - 1, "frac"),
        "inl": (inl_lsb(levels), "LSB"),
        "dnl": (dnl_lsb(levels), "LSB"),
    }
