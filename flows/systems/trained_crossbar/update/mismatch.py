"""Mismatch of an update: copies of it through one sample, each with its own random parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, drawing, draws, in_copy, parabolas, shifting, terms_of, two_ended
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.spread import Spread, exact
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .settings import UpdateAnalysis
from .stand import OWN, Sample

Array = NDArray[np.float64]
COPIES = 20
NAMES = {"offset": "V", "gain_error": "frac"}


@dataclass(frozen=True)
class UpdateStatistics(Statistics):
    """An update at its levels, typical corner."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: UpdateAnalysis = field(default_factory=UpdateAnalysis)

    @property
    def devices(self) -> list[FlatDevice]:
        """Its transistors and capacitors, but dummies."""
        return [f for f in flat_devices(self.cell.circuit) if not isinstance(f.device, Mos) or f in self._transistors]

    @cached_property
    def _transistors(self) -> list[FlatDevice]:
        return two_ended(self.cell.circuit)

    def charges(self, library: Path, lines: Sequence[Line]) -> Array:
        """Of copies, each with its netlist lines, (copies, 2) C: with the column moved down and up."""
        sample, copies = Sample(self.settings), [f"_{k}" for k in range(len(lines))]
        shared = set(self.cell.circuit.ports) - set(OWN)
        held = [*sample.shared(), *(line for copy in copies for line in sample.own(copy))]
        held += [self._line(line, f, shared, k) for k, line in enumerate(lines) for f in self.devices]
        held.append(".save " + " ".join(f"i(v_line{copy})" for copy in copies))
        s, found = self.settings, []
        with circuit(deck("updates", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *held)) as loaded:
            for sign in (-1, 1):
                waves = sample.run(loaded, sign * s.move, s.row, s.weight)
                found.append([sample.charge(waves, copy) for copy in copies])
        return np.array(found).T

    def _line(self, line: Line, flat: FlatDevice, shared: set[str], copy: int) -> str:
        if isinstance(flat.device, Mos):
            return line(in_copy(flat, flat.device, shared, copy))
        return in_copy(flat, flat.device, shared, copy).spice()

    def answers(self, library: Path, lines: Sequence[Line]) -> Array:
        """Offsets (V) and gains by that of the cell without errors, less one, of copies, (copies, 2)."""
        down, up = self.charges(library, lines).T
        slope = (up - down) / (2 * self.settings.move)
        return np.column_stack([(up + down) / 2 / slope, slope / self._slope - 1])

    @cached_property
    def _slope(self) -> float:
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "given")
        down, up = self.charges(library, [shifting(None, {})])[0]
        return float(up - down) / (2 * self.settings.move)

    @cached_property
    def laws(self) -> tuple[Array, Array]:
        """(a, b) of every random parameter and quantity, (terms, quantities) each."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "given")
        return parabolas(terms_of(self._transistors, self.model), COPIES, partial(self.answers, library))

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        a, b = self.laws
        sigmas = np.sqrt((a**2 + 2 * b**2).sum(axis=0))
        return {name: exact(float(s), unit) for (name, unit), s in zip(NAMES.items(), sigmas, strict=True)}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit: every parameter drawn, along its parabola."""
        a, b = self.laws
        z = rng.standard_normal((samples, len(a)))
        return _named(z @ a + z**2 @ b)

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, drawn by the model file itself; what is there without errors is taken off."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "drawn")
        parts = [self.answers(library, [drawing] * count) for count in draws(samples, COPIES, seed)]
        given = mismatch_library(sizes_of(self.cell.circuit), self.model, "given")
        return _named(np.concatenate(parts) - self.answers(given, [shifting(None, {})]))

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        mos = self._transistors[0].mos
        return terms_source(mos.device, mos.w_um, mos.l_um, mos.nf, self.model)

    @property
    def point(self) -> dict[str, float]:
        """Row and weight, V."""
        return {"row": self.settings.row, "weight": self.settings.weight}


def _named(values: Array) -> Samples:
    return {name: (values[:, k], unit) for k, (name, unit) in enumerate(NAMES.items())}
