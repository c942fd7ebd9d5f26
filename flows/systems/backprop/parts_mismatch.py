"""Mismatch of the parts with a tail: offsets and gain; copies share inputs and the gate of their tails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.statistics.copies import shifting
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.probed import Probe, ProbedStatistics
from analoom.flows.statistics.settings import AnalysisSettings

from .probes import probe_of
from .settings import BackSettings, BumpSettings, ErrorSettings, GilbertSettings, PartSettings, SigmoidSettings
from .stand import supplies, tail_current_a, tail_diode


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
class PartStatistics(ProbedStatistics):
    """A part at its levels."""

    settings: PartSettings = field(default_factory=GilbertAnalysis)

    @cached_property
    def probe(self) -> Probe:
        """How it is read."""
        return probe_of(self.cell, self.settings)

    @cached_property
    def bias_v(self) -> float:
        """The level of the tail's gate, which a diode without random errors sets."""
        diode = tail_diode(self.cell)
        library = mismatch_library([*sizes_of(self.cell.circuit), size_of(diode)], self.model, "given")
        lines = [*supplies(self.cell, self.settings), f"i_bias 0 bias {tail_current_a(self.cell, self.settings)!r}"]
        with circuit(self.deck(library, [*lines, shifting(None, {})(diode)])) as loaded:
            return loaded.op()["bias"]

    @property
    def stand(self) -> Sequence[str]:
        """Supplies and the gate of all tails."""
        return [*supplies(self.cell, self.settings), f"v_bias bias 0 {self.bias_v!r}"]

    @property
    def point(self) -> dict[str, float]:
        """Current of the tail (A) and level of its gate (V)."""
        return {"i_tail": tail_current_a(self.cell, self.settings), "v_bias": self.bias_v}
