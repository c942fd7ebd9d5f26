"""Mismatch of a layer or a network: what it does to the outputs at random weights and inputs, by source.

Each output at each vector of inputs is a quantity, by the full current of a soma; the sigma told is that of the least
certain. Drawn networks are the virtual dies; those of ngspice are transistor by transistor, latches left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, drawing, draws, shifting
from analoom.flows.statistics.mismatch_library import State, mismatch_library
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.current_network.spec import CurrentLayerSpec, CurrentNetworkSpec
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .dies import CurrentDies
from .netlist.network_lines import WrittenNetwork
from .network_bench import MOST_DEVICES, random_codes
from .output_law import output_variances
from .settings import CurrentSettings, soma_current_a
from .solver.devices import terms_of_unit
from .solver.draws import SOURCES
from .solver.somas import UNITS
from .unit_lines import SUPPLIES

Array = NDArray[np.float64]
ERROR = "output_error"
BY_METRIC = {ERROR: SOURCES, **{f"{ERROR}_{source}": (source,) for source in SOURCES}}
"""What is drawn for each metric."""


class NetworkAnalysis(AnalysisSettings, CurrentSettings):
    """At which weights and inputs a network is judged."""

    points: int = Field(8, ge=1, le=1000, description="vectors of inputs at which outputs are judged")
    code_seed: int = Field(1, ge=0, description="seed of weights and inputs")


@dataclass(frozen=True)
class NetworkStatistics(Statistics):
    """A layer or a network with random weights."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: NetworkAnalysis = field(default_factory=NetworkAnalysis)

    @cached_property
    def spec(self) -> CurrentNetworkSpec:
        """The network; a layer is one of a single layer. Raises InputError for a cell that is neither."""
        of = self.cell.spec
        if isinstance(of, CurrentLayerSpec):
            return CurrentNetworkSpec(dims=(of.rows - 1, of.cols), w=of.w, l=of.l, unit_current=of.unit_current)
        if not isinstance(of, CurrentNetworkSpec):
            raise InputError(f"{self.cell.name} is no network of currents", field="name")
        return of

    @property
    def full_a(self) -> float:
        """A soma's full current."""
        return soma_current_a(self.cell, self.settings)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return terms_of_unit(self.dies(1, 0).devices)

    @cached_property
    def codes(self) -> list[NDArray[np.int64]]:
        """Random weights (inputs + 1, outputs) a layer."""
        rng = np.random.default_rng([self.settings.code_seed, 0])
        return [random_codes(rng, n + 1, m) for n, m in pairwise(self.spec.dims)]

    @cached_property
    def x(self) -> Array:
        """Random inputs (points, inputs), A."""
        rng = np.random.default_rng([self.settings.code_seed, 1])
        return rng.uniform(0, self.full_a, (self.settings.points, self.spec.dims[0]))

    def dies(self, count: int, seed: int, sources: Sequence[str] = SOURCES) -> CurrentDies:
        """Dies of the network, with mismatch of `sources`."""
        of = self.spec
        drawn = CurrentDies(of.dims, of.w, of.l, self.full_a / UNITS, self.model, count, seed, sources=tuple(sources))
        return replace(drawn, temp=TEMP_DEGC, pin_v=self.settings.v_pin)

    @cached_property
    def rest(self) -> Array:
        """Outputs (points, outputs) A without mismatch."""
        return self.dies(1, 0, ()).currents(self.codes, self.x)[0]

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula (`output_law`)."""
        found = output_variances(self.dies(1, 0, ()), self.codes, self.x)
        sums = {name: np.sum([found[source] for source in sources], axis=0) for name, sources in BY_METRIC.items()}
        return {name: exact(float(np.sqrt(v.max()) / self.full_a), "frac") for name, v in sums.items()}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples, points * outputs) with unit, of the solver's dies."""
        seed = int(rng.integers(2**31))
        return {name: self.errors(self.currents(samples, seed, sources)) for name, sources in BY_METRIC.items()}

    def currents(self, samples: int, seed: int, sources: Sequence[str]) -> Array:
        """Outputs (samples, points, outputs) A."""
        return self.dies(samples, seed, sources).currents(self.codes, self.x)

    def errors(self, currents: Array, rest: Array | None = None) -> tuple[Array, str]:
        """What outputs are off by, from the solver's `rest` or another."""
        off = (currents - (self.rest if rest is None else rest)) / self.full_a
        return off.reshape(len(off), -1), "frac"

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples of the whole error, drawn by the model file itself. Raises InputError for more than MOST_DEVICES."""
        rest = self.in_ngspice("given", shifting(None, {}))
        drawn = [self.in_ngspice("drawn", drawing) for _ in draws(samples, 1, seed)]
        return {ERROR: self.errors(np.array(drawn), rest)}

    def in_ngspice(self, state: State, line: Line) -> Array:
        """Outputs (points, outputs) A of one network."""
        outputs = range(self.spec.dims[-1])
        with circuit(self.netlist(state, line)) as loaded:
            found = []
            for point in self.x:
                for k, current in enumerate(point):
                    loaded.set(f"i_in{k}", float(current))
                op = loaded.op()
                found.append([op[f"v_out{j}#branch"] for j in outputs])
        return np.array(found)

    def netlist(self, state: State, line: Line) -> str:
        """The network without latches, every transistor as the state wants it."""
        devices = list(WrittenNetwork(self.spec, self.codes, 0.0).devices())
        if len(devices) > MOST_DEVICES:
            said = f"{len(devices)} transistors: ngspice draws at most {MOST_DEVICES}"
            raise InputError(said, field="engine", remedy="--engine mc")
        library = mismatch_library(sorted({size_of(device) for device in devices}), self.model, state)
        lines = [*self.bench(), *map(line, devices)]
        return deck("network of currents", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)

    def bench(self) -> Iterator[str]:
        """Supplies, inputs, biases, and outputs that are held."""
        dims = self.spec.dims
        yield from SUPPLIES
        yield from (f"i_in{k} 0 in{k} 0" for k in range(dims[0]))
        yield from (f"i_bias{k} 0 bias{k} {self.full_a!r}" for k in range(len(dims) - 1))
        yield from (f"v_out{j} out{j} 0 {self.settings.v_pin!r}" for j in range(dims[-1]))
