"""Mismatch of a small cell that is read at a few points: quantities, a z + b z^2 of its transistors' random parameters.

Every parameter is shifted by plus and minus its sigma in a copy of the cell; copies share some nets, as cells beside
each other do. A `Probe` says how copies are read; a cell's statistics say what stands around them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .copies import Line, drawing, draws, in_copy, parabolas, shifting, terms_of, two_ended
from .mismatch_library import mismatch_library
from .protocol import Samples, Statistics
from .spread import Spread, exact

Array = NDArray[np.float64]
Point = Mapping[str, float]
COPIES = 60
"""Cells in one netlist, of five transistors and more each."""
TEMP_DEGC = 27.0


class Probe(ABC):
    """How copies of one cell are read. `names`: the quantities with their units, in order."""

    names: ClassVar[Mapping[str, str]]
    own: ClassVar[tuple[str, ...]]
    """Ports that each copy has by itself; the others are in common."""
    points: ClassVar[tuple[Point, ...]]
    """Values of the inputs' sources at each reading."""

    @abstractmethod
    def lines(self, copies: int) -> Iterator[str]:
        """Inputs, and what holds each copy's outputs."""
        ...

    @abstractmethod
    def reading(self, op: Mapping[str, float], copy: int) -> float | tuple[float, ...]:
        """What is read of a copy."""
        ...

    @abstractmethod
    def quantities(self, readings: Array) -> Array:
        """(copies, quantities) of (points, copies), or of (points, copies, readings) where a copy has several."""
        ...


@dataclass(frozen=True)
class ProbedStatistics(Statistics, ABC):
    """The random errors of what a probe reads, typical corner, 27 degrees."""

    cell: Cell
    model: str = DEFAULT_MODEL

    @property
    @abstractmethod
    def probe(self) -> Probe:
        """How it is read."""
        ...

    @property
    @abstractmethod
    def stand(self) -> Sequence[str]:
        """Supplies and levels around all copies."""
        ...

    @property
    def devices(self) -> list[FlatDevice]:
        """Its transistors."""
        return two_ended(self.cell.circuit)

    def answers(self, library: Path, lines: Sequence[Line]) -> Array:
        """The quantities of copies, each with its netlist lines, (copies, quantities)."""
        shared, copies = frozenset(self.cell.circuit.ports) - set(self.probe.own), len(lines)
        held = [*self.stand, *self.probe.lines(copies)]
        held += [line(in_copy(f, f.mos, shared, k)) for k, line in enumerate(lines) for f in self.devices]
        readings = []
        with circuit(self.deck(library, held)) as loaded:
            for point in self.probe.points:
                for source, value in point.items():
                    loaded.set(source, value)
                op = loaded.op()
                readings.append([self.probe.reading(op, k) for k in range(copies)])
        return self.probe.quantities(np.array(readings))

    def deck(self, library: Path, lines: Sequence[str]) -> str:
        """A netlist of `lines` with the models of `library`."""
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
