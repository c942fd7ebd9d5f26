"""Mismatch of a soma: what its 20 units do to the slopes of positive and negative paths.

Drawn somas are those of the virtual dies, every unit with its own parameters. By formula ln(slope) is a sum of three
transistors for positive paths (diode, copy and p diode, four units each) and five for negative ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, drawing, draws, in_copy, shifting, two_ended
from analoom.flows.statistics.mismatch_library import State, mismatch_library
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.pdk.corners import VDD_V
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .law import sigma_log, sigma_of_sum
from .settings import CurrentSettings, soma_current_a, unit_spec
from .solver.devices import NetworkDevices, terms_of_unit
from .solver.layer import input_voltages
from .solver.lookup import cubics
from .solver.somas import UNITS, gates_at, soma_curves
from .solver.unit_curves import GATE_STEP_V
from .unit_lines import SUPPLIES

Array = NDArray[np.float64]
COPIES = 40
NAMES = ("slope_p_error", "slope_n_error", "ratio_np_error")


class SomaAnalysis(AnalysisSettings, CurrentSettings):
    """At which current a soma is judged."""


@dataclass(frozen=True)
class SomaStatistics(Statistics):
    """A soma at a current."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: SomaAnalysis = field(default_factory=SomaAnalysis)

    @cached_property
    def devices(self) -> NetworkDevices:
        """Its units' curves."""
        spec = unit_spec(self.cell)
        return NetworkDevices(spec.w, spec.l, self.model, "tt", TEMP_DEGC)

    @property
    def current_a(self) -> float:
        """The soma's current."""
        return soma_current_a(self.cell, self.settings)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return terms_of_unit(self.devices)

    @cached_property
    def rest(self) -> Array:
        """Gate-source voltages (2,) of both lines without mismatch, V."""
        n, p = (len(unit.terms) for unit in (self.devices.n, self.devices.p))
        return self.gates(np.zeros((1, 3, UNITS, n)), np.zeros((1, 2, UNITS, p)))[0]

    def gates(self, z_n: Array, z_p: Array) -> Array:
        """Gate-source voltages (somas, 2) V of both lines of drawn somas."""
        n, p = self.devices.n, self.devices.p
        curves = soma_curves(z_n, z_p, (n.log_i, n.shift, n.thermal_v), (p.log_i, p.shift, p.thermal_v), VDD_V)
        v = input_voltages(np.full((1, len(curves)), self.current_a), curves)[0]
        return np.asarray(gates_at(v, curves))

    def errors(self, gates: Array) -> Samples:
        """Samples by metric, of gate-source voltages (somas, 2) V."""
        log_p, _, log_n, _, _ = self.devices.nominal
        logs = [cubics(log, gates[:, k] / GATE_STEP_V) for k, log in enumerate((log_p, log_n))]
        rest = [cubics(log, self.rest[k : k + 1] / GATE_STEP_V)[0] for k, log in enumerate((log_p, log_n))]
        p, n = (found - at for found, at in zip(logs, rest, strict=True))
        return {name: (np.expm1(values), "frac") for name, values in zip(NAMES, (p, n, n - p), strict=True)}

    def closed(self) -> dict[str, Spread]:
        """Sigmas by the law of a unit."""
        log_p, _, log_n, _, _ = self.devices.nominal
        of_p = sigma_log(self.devices.p, log_p, float(self.rest[0])) / sqrt(UNITS)
        of_n = sigma_log(self.devices.n, log_n, float(self.rest[1])) / sqrt(UNITS)
        positive, turned = sqrt(2 * of_n**2 + of_p**2), sqrt(of_n**2 + of_p**2)
        logs = (positive, sqrt(positive**2 + turned**2), turned)
        return {name: exact(sigma_of_sum(s, 1), "frac") for name, s in zip(NAMES, logs, strict=True)}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit, of somas whose units are all drawn."""
        n, p = (len(unit.terms) for unit in (self.devices.n, self.devices.p))
        z_n, z_p = rng.standard_normal((samples, 3, UNITS, n)), rng.standard_normal((samples, 2, UNITS, p))
        return self.errors(self.gates(z_n, z_p))

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, of gate lines drawn by the model file itself; the rest is ngspice's too."""
        found = np.concatenate([self.in_ngspice("drawn", drawing, count) for count in draws(samples, COPIES, seed)])
        off = self.in_ngspice("given", shifting(None, {}), 1)[0] - self.rest
        return self.errors(found - off)

    def in_ngspice(self, state: State, line: Line, copies: int) -> Array:
        """Gate-source voltages (copies, 2) V of both lines."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, state)
        lines = [*SUPPLIES, *(f"i_{k} 0 iin_{k} {self.current_a!r}\n.save v(vp_{k}) v(vn_{k})" for k in range(copies))]
        flat = two_ended(self.cell.circuit)
        lines += [line(in_copy(f, f.mos, {"vdd", "vss"}, k)) for k in range(copies) for f in flat]
        with circuit(deck("somas", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)) as loaded:
            op = loaded.op()
        return np.array([[VDD_V - op[f"vp_{k}"], op[f"vn_{k}"]] for k in range(copies)])
