"""Mismatch of a weighted sum: sigmas of coefficients and of its error, by resistors and by amplifiers' offsets.

Resistances are drawn by their units' sigma, offsets as the amplifier's own statistics draw them; the network of
resistors is solved for each die. A coefficient's sigma by formula is its slope by each value, times that one's sigma.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.statistics.figures import mean_over_dies, quantile_over_dies
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.spread import Figure, Spread, exact
from analoom.flows.systems.amplifier.mismatch import AmplifierAnalysis, AmplifierStatistics
from analoom.flows.systems.amplifier.system import statistics as amplifier_statistics
from analoom.flows.systems.resistor.mismatch import ResistorStatistics
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.weighted_sum.network import MU_V, OUT, REFERENCE
from analoom.generators.weighted_sum.spec import WeightedSumSpec
from analoom.pdk.corners import corner
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .bench import MU, RATIO
from .ngspice_draws import draw_outputs
from .settings import SumAnalysis
from .stand import Stand, corners, spec_of, wanted

Array = NDArray[np.float64]
DIES = 0.95
"""The share of dies whose largest error `max_error_95` is."""
SMALL = 1e-4
"""Relative step by which slopes of the closed form are taken."""


@dataclass(frozen=True)
class SumStatistics(Statistics):
    """A sum at its operating point, typical corner."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: SumAnalysis = field(default_factory=SumAnalysis)

    @property
    def spec(self) -> WeightedSumSpec:
        """What the cell was drawn from."""
        return spec_of(self.cell)

    @cached_property
    def resistors(self) -> ResistorStatistics:
        """Its resistors by themselves."""
        return ResistorStatistics(_part(self.cell, "array"), self.model)

    @cached_property
    def amplifier(self) -> AmplifierStatistics:
        """Any one of its amplifiers by itself, in unity gain at the middle; an auto-zeroed one after its phases."""
        s = self.settings
        own = AmplifierAnalysis(vdd=s.vdd, v_cm=s.v_mid, i_bias=self.spec.i_bias, c_load=s.c_load)
        return amplifier_statistics(_part(self.cell, self.spec.network.stages[-1].name), self.model, own, None)

    @property
    def stand(self) -> Stand:
        """Its surroundings."""
        return Stand(make_dut(self.cell, "schematic", corner("tt"), TEMP_DEGC), self.settings)

    @cached_property
    def fixed(self) -> Array:
        """Error at each corner of the range without mismatch, simulated, (corners,) MU."""
        points = corners(self.spec)
        return self.stand.outputs_mu(points)[0] - wanted(self.spec, points)

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula from slopes and sigmas of each value."""
        resistors = self._slopes() * self.resistors.sigma_frac
        offset = self.amplifier.closed()["offset"].sigma
        offsets = self._offset_slopes() * offset / MU_V
        found = self._by_formula(np.concatenate([resistors, offsets], axis=1))
        alone = {"resistors": resistors, "amplifiers": offsets}
        parts = {f"sum_error_{name}": self._by_formula(part)["sum_error"] for name, part in alone.items()}
        return found | parts

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit: coefficients and constant (samples,), `sum_error` (samples, corners)."""
        relative = self.resistors.sigma_frac * rng.standard_normal((samples, len(self.resistors.sigma_frac)))
        stages = range(len(self.spec.network.stages))
        offsets = np.stack([self.amplifier.drawn(rng, samples)["offset"][0] for _ in stages], axis=-1)
        return self._told(self._linear(self._units * (1 + relative), offsets / MU_V), self._nominal())

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """As `drawn`, but each unit and each transistor drawn by the model files themselves, the whole sum solved."""
        drawn, spec = draw_outputs(self.stand, samples, seed, self.model), self.spec
        points = np.concatenate([np.zeros((1, drawn.shape[1] - 1)), spec.input_range * np.eye(drawn.shape[1] - 1)])
        still = self.stand.outputs_mu(points)[0]
        slopes = (drawn[:, 1:] - drawn[:, :1]) / spec.input_range
        still = np.array([*(still[1:] - still[0]) / spec.input_range, still[0]])
        return self._told(np.concatenate([slopes, drawn[:, :1]], axis=1), still)

    def figures(self, drawn: Samples | None) -> dict[str, Figure]:
        """`max_error_mean` and `max_error_95` of dies drawn, fixed errors included; the latter of 72 dies and more."""
        if drawn is None or "sum_error" not in drawn:
            return {}
        worst = np.abs(drawn["sum_error"][0] + self.fixed).max(axis=1)
        within = quantile_over_dies(worst, DIES, MU)
        return {"max_error_mean": mean_over_dies(worst, MU)} | ({"max_error_95": within} if within else {})

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return f"{self.resistors.source}; {self.amplifier.source}"

    @property
    def point(self) -> dict[str, float]:
        """Voltage on the middle (V) and the bias current of an amplifier (A)."""
        return {"v_mid": self.settings.v_mid, "i_bias": self.spec.i_bias}

    @property
    def _units(self) -> Array:
        return np.array(self.spec.network.units, dtype=np.float64)

    def _linear(self, ohm: Array, offsets: Array) -> Array:
        """Coefficients of the inputs, then the constant in MU, (..., inputs + 1), of dies' resistances in units and
        offsets in MU."""
        spec, made = self.spec, self.spec.network
        nets = [net for net, _ in spec.terms if net != REFERENCE]
        slopes = made.coefficients(nets, ohm, spec.open_gain)
        drive = dict.fromkeys(nets, 0.0) | ({REFERENCE: spec.reference} if spec.constant else {})
        constant = made.solve(drive, ohm, offsets, spec.open_gain)[OUT]
        return np.concatenate([slopes, np.asarray(constant)[..., None]], axis=-1)

    def _nominal(self) -> Array:
        return self._linear(self._units, np.zeros(len(self.spec.network.stages)))

    def changes(self, factors: Array) -> Array:
        """Change of the output at each corner, (..., corners) MU, by `factors` (..., resistors) on the resistances."""
        still = np.zeros((*factors.shape[:-1], len(self.spec.network.stages)))
        return np.asarray((self._linear(self._units * factors, still) - self._nominal()) @ self._reach.T)

    def _slopes(self) -> Array:
        """Change of each coefficient and the constant by the relative change of each resistor, (linear, resistors)."""
        units = self._units
        up, down = (units * (1 + sign * SMALL * np.eye(len(units))) for sign in (1, -1))
        still = np.zeros((len(units), len(self.spec.network.stages)))
        return np.asarray((self._linear(up, still) - self._linear(down, still)).T / (2 * SMALL))

    def _offset_slopes(self) -> Array:
        """Change of each coefficient and the constant by each amplifier's offset, (linear, stages)."""
        one = np.eye(len(self.spec.network.stages))
        units = np.broadcast_to(self._units, (len(one), len(self._units)))
        return np.asarray((self._linear(units, one) - self._nominal()).T)

    def _by_formula(self, sigmas: Array) -> dict[str, Spread]:
        """Of independent contributions, (linear, values) each by one sigma."""
        each = np.hypot.reduce(sigmas, axis=1)
        at_corners = np.hypot.reduce(self._reach @ sigmas, axis=1)
        worst = float(at_corners.max())
        found = {f"coefficient_{k}": exact(s, RATIO) for k, s in enumerate(each[:-1], 1)}
        found |= {"constant": exact(each[-1], MU), "sum_error": exact(worst, MU)}
        return found | {"sum_error_frac": exact(worst / self.settings.full_scale, "frac")}

    @property
    def _reach(self) -> Array:
        """What each coefficient and the constant count at each corner, (corners, linear)."""
        points = corners(self.spec)
        return np.concatenate([points, np.ones((len(points), 1))], axis=1)

    def _told(self, linear: Array, still: Array) -> Samples:
        """The metrics of dies' coefficients and constants (samples, inputs + 1); `still`: without random errors."""
        error = (linear - still) @ self._reach.T
        found = {f"coefficient_{k + 1}": (linear[:, k], RATIO) for k in range(linear.shape[1] - 1)}
        found |= {"constant": (linear[:, -1], MU), "sum_error": (error, MU)}
        return found | {"sum_error_frac": (error / self.settings.full_scale, "frac")}


def statistics(cell: Cell, model: str, settings: SumAnalysis, weights: Array | None) -> SumStatistics:
    """The statistics of a weighted sum."""
    return SumStatistics(cell, model, settings)


def _part(cell: Cell, name: str) -> Cell:
    return next(instance.cell for instance in cell.instances if instance.name == name)
