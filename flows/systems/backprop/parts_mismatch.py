"""Mismatch of the parts with a tail: offsets and gain, a z + b z^2 of the transistors' random parameters.

Every parameter is shifted by plus and minus its sigma in a copy of the part; copies share inputs and the gate of their
tails, as parts beside each other do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, drawing, draws, in_copy, parabolas, shifting, terms_of, two_ended
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .probes import Probe, probe_of
from .settings import BackSettings, BumpSettings, ErrorSettings, GilbertSettings, PartSettings, SigmoidSettings
from .stand import supplies, tail_current_a, tail_diode

Array = NDArray[np.float64]
COPIES = 60
"""Parts in one netlist, of five transistors and more each."""


class GilbertAnalysis(AnalysisSettings, GilbertSettings):
    """At which levels a multiplier is judged."""


class SigmoidAnalysis(AnalysisSettings, SigmoidSettings):
    """At which levels a sigmoid is judged."""


class BumpAnalysis(AnalysisSettings, BumpSettings):
    """At which levels a bump is judged."""


class ErrorAnalysis(AnalysisSettings, ErrorSettings):
    """At which levels an error amplifier is judged."""


class BackAnalysis(AnalysisSettings, BackSettings):
    """At which levels what brings errors back is judged."""


@dataclass(frozen=True)
class PartStatistics(Statistics):
    """A part at its levels, typical corner."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: PartSettings = field(default_factory=GilbertAnalysis)

    @cached_property
    def probe(self) -> Probe:
        """How it is read."""
        return probe_of(self.cell, self.settings)

    @property
    def devices(self) -> list[FlatDevice]:
        """Its transistors."""
        return two_ended(self.cell.circuit)

    @cached_property
    def bias_v(self) -> float:
        """The level of the tail's gate, which a diode without random errors sets."""
        diode = tail_diode(self.cell)
        library = mismatch_library([*sizes_of(self.cell.circuit), size_of(diode)], self.model, "given")
        lines = [*supplies(self.cell, self.settings), f"i_bias 0 bias {tail_current_a(self.cell, self.settings)!r}"]
        with circuit(self._deck(library, [*lines, shifting(None, {})(diode)])) as loaded:
            return loaded.op()["bias"]

    def answers(self, library: Path, lines: Sequence[Line]) -> Array:
        """The quantities of copies, each with its netlist lines, (copies, quantities)."""
        shared, copies = frozenset(self.cell.circuit.ports) - set(self.probe.own), len(lines)
        held = [*supplies(self.cell, self.settings), f"v_bias bias 0 {self.bias_v!r}", *self.probe.lines(copies)]
        held += [line(in_copy(f, f.mos, shared, k)) for k, line in enumerate(lines) for f in self.devices]
        readings = []
        with circuit(self._deck(library, held)) as loaded:
            for point in self.probe.points:
                for source, value in point.items():
                    loaded.set(source, value)
                op = loaded.op()
                readings.append([self.probe.reading(op, k) for k in range(copies)])
        return self.probe.quantities(np.array(readings))

    def _deck(self, library: Path, lines: Sequence[str]) -> str:
        return deck(f"{self.cell.kind}s", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)

    @cached_property
    def laws(self) -> tuple[Array, Array]:
        """(a, b) of every random parameter and quantity, (terms, quantities) each."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "given")
        return parabolas(terms_of(self.devices, self.model), COPIES, partial(self.answers, library))

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        a, b = self.laws
        sigmas = np.sqrt((a**2 + 2 * b**2).sum(axis=0))
        return {name: exact(float(s), unit) for (name, unit), s in zip(self.probe.names.items(), sigmas, strict=True)}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit: every parameter drawn, along its parabola."""
        a, b = self.laws
        z = rng.standard_normal((samples, len(a)))
        return self._named(z @ a + z**2 @ b)

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, drawn by the model file itself; what is there without errors is taken off."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "drawn")
        parts = [self.answers(library, [drawing] * count) for count in draws(samples, COPIES, seed)]
        return self._named(np.concatenate(parts) - self._plain)

    @cached_property
    def _plain(self) -> Array:
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "given")
        return self.answers(library, [shifting(None, {})])[0]

    def _named(self, values: Array) -> Samples:
        return {name: (values[:, k], unit) for k, (name, unit) in enumerate(self.probe.names.items())}

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        mos = self.devices[0].mos
        return terms_source(mos.device, mos.w_um, mos.l_um, mos.nf, self.model)

    @property
    def point(self) -> dict[str, float]:
        """Current of the tail (A) and level of its gate (V)."""
        return {"i_tail": tail_current_a(self.cell, self.settings), "v_bias": self.bias_v}
