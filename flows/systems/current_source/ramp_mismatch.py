"""Mismatch of a ramp: its slope by the mirror's units and by the plate, and whole copies judged by ngspice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.statistics.copies import draws
from analoom.flows.statistics.mismatch_library import State
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.mismatch.binned_cap import binned_cap_mismatch
from analoom.pdk.mismatch.coefficients import CapMismatch, cap_mismatch
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .copies import COPIES, Copies
from .mirrors import MirrorLaw
from .ramp_cycle import LONGER, Cycle, middle_v
from .ramp_lines import INPUT, RAMP, START_S, TIGHT, RampBench, RampSettings

Array = NDArray[np.float64]
_POINTS = 100


class RampAnalysis(AnalysisSettings, RampSettings):
    """Where a ramp is judged."""


@dataclass(frozen=True)
class RampStatistics(Statistics):
    """The random error of a ramp's slope, and its parts by mirror and capacitor."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: RampAnalysis = field(default_factory=RampAnalysis)

    @cached_property
    def bench(self) -> RampBench:
        """The bench of its testbench."""
        return RampBench(self.cell, self.settings)

    @cached_property
    def law(self) -> MirrorLaw:
        """The mirror, with the ramp in the middle of its range."""
        middle = middle_v(self.bench)
        v_ds = self.settings.vdd - middle if self.bench.mirror.is_p else middle
        return MirrorLaw(self.bench.mirror, self.model, self.bench.i_in / self.bench.mirror.reference, v_ds)

    @property
    def plate(self) -> CapMismatch:
        """Coefficients of the capacitor."""
        device = self.bench.cap.device
        return cap_mismatch(device) if self.model == DEFAULT_MODEL else binned_cap_mismatch(device)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return f"{self.law.source}; {self.plate.source}"

    @property
    def point(self) -> dict[str, float]:
        """The input current (A) and gm/ID (1/V) of the mirror."""
        return {"i_in": self.bench.i_in, "gm_id": self.law.answer.gm_id}

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        mirror = self.law.sigma_ratio(RAMP)
        return {
            "slope_error": exact(hypot(mirror, self._sigma_plate), "frac"),
            "slope_error_mirror": exact(mirror, "frac"),
            "slope_error_cap": exact(self._sigma_plate, "frac"),
        }

    @property
    def _sigma_plate(self) -> float:
        cap = self.bench.cap
        return self.plate.sigma_frac(cap.w_um, cap.l_um, cap.m)

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit."""
        mirror = self.law.drawn(rng, samples)[RAMP]
        plate = 1 + self._sigma_plate * rng.standard_normal(samples)
        return {
            "slope_error": (mirror / plate - 1, "frac"),
            "slope_error_mirror": (mirror - 1, "frac"),
            "slope_error_cap": (1 / plate - 1, "frac"),
        }

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, of whole copies that ramp, each drawn by the model files themselves."""
        nominal = self._slopes(1, "off")[0]
        slopes = np.concatenate([self._slopes(n, "drawn") for n in draws(samples, COPIES, seed)])
        return {"slope_error": (slopes / nominal - 1, "frac")}

    def _slopes(self, copies: int, state: State) -> Array:
        """Slopes (V/s) of copies between both ends of the range, (copies,)."""
        held, bench = Copies(self.cell, self.model, frozenset(("vdd", "vss", "rest", "en", "enb"))), self.bench
        span_s = LONGER * bench.span_s
        step_s = span_s / _POINTS
        with circuit(held.deck(copies, state, self._lines(held, copies))) as loaded:
            found = loaded.run(f"tran {step_s!r} {START_S + span_s!r} 0 {step_s!r}")
        time = found["time"] - START_S
        courses = (found[held.net(RAMP, k)] for k in range(copies))
        return np.array([Cycle(time, v, bench.volts[1:]).slope for v in courses])

    def _lines(self, held: Copies, copies: int) -> Iterable[str]:
        *shared, _ = self.bench.lines(self.bench.switched(on=False))
        yield from (TIGHT, *shared[1:])
        for k in range(copies):
            yield f"i_{k} 0 {held.net(INPUT, k)} {self.bench.sign * self.bench.i_in!r}"
            yield f".save v({held.net(RAMP, k)})"
