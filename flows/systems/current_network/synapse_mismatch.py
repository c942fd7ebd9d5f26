"""Mismatch of a synapse: what its units, headers and switches do to the levels of codes 1, 7, -1 and -7.

Its gate lines are those of a soma without mismatch. By formula n units err by 1/sqrt(n) of one, less by what the header
takes back; drawn synapses are those of the virtual dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MAGNITUDE, bit_node, code_bits
from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, drawing, draws, in_copy, shifting, two_ended
from analoom.flows.statistics.mismatch_library import State, mismatch_library
from analoom.flows.statistics.protocol import Samples
from analoom.flows.statistics.spread import Spread, exact
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.pdk.corners import VDD_V
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .law import sigma_log, sigma_of_sum
from .solver.header import Header
from .solver.layer import N_LOW_V, P_LOW_V
from .solver.lookup import cubics
from .solver.synapses import PATH_UNITS, STEP_V, path_ratios
from .solver.unit_curves import GATE_STEP_V, UnitCurves
from .soma_mismatch import SomaAnalysis, SomaStatistics
from .unit_lines import SUPPLIES

Array = NDArray[np.float64]
COPIES = 40
JUDGED = {"unit_p_error": 1, "weight_p_error": 7, "unit_n_error": -1, "weight_n_error": -7}
"""The code of each metric."""
SHARED = frozenset(("vdd", "vss", "vp", "vn", "sign", *(bit_node(bit) for bit in MAGNITUDE)))


class SynapseAnalysis(SomaAnalysis):
    """At which current of its soma a synapse is judged."""


@dataclass(frozen=True)
class SynapseStatistics(SomaStatistics):
    """A synapse on the lines of a soma without mismatch."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: SynapseAnalysis = field(default_factory=SynapseAnalysis)

    def closed(self) -> dict[str, Spread]:
        """Sigmas by the law of a unit."""
        return {name: exact(self.law(code), "frac") for name, code in JUDGED.items()}

    def law(self, code: int) -> float:
        """Relative sigma of a code's current."""
        unit, log_unit, gate_v, of_header = self.path(code)
        alone = sigma_of_sum(sigma_log(unit, log_unit, gate_v), abs(code))
        x = np.array([gate_v / GATE_STEP_V])
        fall = float(cubics(unit.body, x)[0]) / of_header.conductance_s
        return alone / (1 + abs(code) * float(np.exp(cubics(log_unit, x)[0])) * fall)

    def path(self, code: int) -> tuple[UnitCurves, Array, float, Header]:
        """Unit, its ln(I), gate voltage (V) and header of the path of a code's sign."""
        log_p, _, log_n, _, _ = self.devices.nominal
        if code > 0:
            return self.devices.p, log_p, float(self.rest[0]), self.devices.headers[0]
        return self.devices.n, log_n, float(self.rest[1]), self.devices.headers[1]

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit, of synapses whose units, headers and switches are all drawn."""
        found: dict[str, tuple[Array, str]] = {}
        for sign in (1, -1):
            unit, _, _, _ = self.path(sign)
            z = rng.standard_normal((samples, 1, PATH_UNITS, len(unit.terms)))
            z_header, z_switch = rng.standard_normal((samples, 1)), rng.standard_normal((samples, 1, len(MAGNITUDE)))
            for name, code in self.of_sign(sign):
                drawn = self.ratios(code, z, z_header, z_switch)
                plain = self.ratios(code, 0 * z[:1], 0 * z_header[:1], 0 * z_switch[:1])
                found[name] = (drawn / plain - 1, "frac")
        return found

    def of_sign(self, sign: int) -> Iterator[tuple[str, int]]:
        """Metrics and codes of one sign."""
        return ((name, code) for name, code in JUDGED.items() if code * sign > 0)

    def ratios(self, code: int, z: Array, z_header: Array, z_switch: Array) -> Array:
        """Currents (samples,) of a code by a unit's."""
        _, _, gate_v, of_header = self.path(code)
        low_v, path = (P_LOW_V, self.devices.paths[0]) if code > 0 else (N_LOW_V, self.devices.paths[1])
        codes = np.full((len(z), 1), abs(code))
        found = path_ratios(codes, z, of_header.drawn(z_header), self.devices.switch.drawn(z_switch), path, low_v)
        return np.array([cubics(r, np.array([(gate_v - low_v) / STEP_V]))[0] for r in found[:, :, 0]])

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, drawn by the model file itself."""
        plain = self.levels("given", shifting(None, {}), 1)
        drawn = [self.levels("drawn", drawing, count) for count in draws(samples, COPIES, seed)]
        return {name: (np.concatenate([d[name] for d in drawn]) / plain[name] - 1, "frac") for name in JUDGED}

    def levels(self, state: State, line: Line, copies: int) -> dict[str, Array]:
        """Output currents (copies,) A by metric, the same copies at every code."""
        found = {}
        with circuit(self.netlist(state, line, copies)) as loaded:
            for name, code in JUDGED.items():
                for bit, high in enumerate(code_bits(code)):
                    loaded.set(f"v_{bit_node(bit)}", VDD_V * high)
                op = loaded.op()
                found[name] = np.array([op[f"v_iout_{k}#branch"] for k in range(copies)])
        return found

    def netlist(self, state: State, line: Line, copies: int) -> str:
        """Copies without their latches, whose nets are sources."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, state)
        gates = {"vp": VDD_V - float(self.rest[0]), "vn": float(self.rest[1])}
        held = [f"v_{net} {net} 0 {volts!r}" for net, volts in gates.items()]
        held += [f"v_{net} {net} 0 0" for net in sorted(SHARED - {"vdd", "vss", *gates})]
        held += [f"v_iout_{k} iout_{k} 0 {self.settings.v_pin!r}" for k in range(copies)]
        own: list[FlatDevice] = [f for f in two_ended(self.cell.circuit) if not f.path]
        held += [line(in_copy(f, f.mos, SHARED, k)) for k in range(copies) for f in own]
        return deck("synapses", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *SUPPLIES, *held)
