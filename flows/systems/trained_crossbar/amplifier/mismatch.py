"""Mismatch of a column's amplifier: copies whose columns move, and whose outputs are loaded, about rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.statistics.copies import shifting
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.probed import Point, Probe, ProbedStatistics

from .settings import AmplifierAnalysis, AmplifierSettings
from .stand import supplies, tail_current_a, tail_diode

Array = NDArray[np.float64]


@dataclass(frozen=True)
class OfAmplifier(Probe):
    """An amplifier: output and current into the column at rest, with the column up and down, sourcing and sinking."""

    settings: AmplifierSettings
    names: ClassVar[Mapping[str, str]] = {
        "offset": "V",
        "gain_error": "frac",
        "copy_error": "frac",
        "input_current": "A",
        "input_conductance": "S",
    }
    own: ClassVar[tuple[str, ...]] = ("in", "outn")
    points: ClassVar[tuple[Point, ...]] = tuple(
        {"v_swing": swing, "v_load": load}
        for swing, load in ((0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
    )

    def lines(self, copies: int) -> Iterator[str]:
        s = self.settings
        yield from ("v_swing swing 0 0", "v_load load 0 0", f"e_drive drive rest swing 0 {s.swing!r}")
        for k in range(copies):
            yield from (f"v_in_{k} drive in_{k} 0", f"g_{k} outn_{k} 0 load 0 {s.i_load!r}")
            yield f".nodeset v(outn_{k})={s.rest!r}"

    def reading(self, op: Mapping[str, float], copy: int) -> tuple[float, float]:
        """Output from rest, V, and the current that the column needs, A."""
        return float(op[f"outn_{copy}"]) - self.settings.rest, float(op[f"v_in_{copy}#branch"])

    def quantities(self, readings: Array) -> Array:
        still, up, down, sourced, sunk = readings
        swing, load = 2 * self.settings.swing, 2 * self.settings.i_load
        gain, copied = (down - up)[:, 0] / swing, (sunk - sourced)[:, 1] / load
        found = [still[:, 0], np.log(gain), np.log(copied), still[:, 1], (up - down)[:, 1] / swing]
        return np.array(found).T


@dataclass(frozen=True)
class AmplifierStatistics(ProbedStatistics):
    """An amplifier at its levels."""

    settings: AmplifierAnalysis = field(default_factory=AmplifierAnalysis)

    @property
    def probe(self) -> OfAmplifier:
        """How it is read."""
        return OfAmplifier(self.settings)

    @cached_property
    def bias_v(self) -> float:
        """The level of the tails' gate, which a diode without random errors sets."""
        diode = tail_diode(self.cell)
        library = mismatch_library([*sizes_of(self.cell.circuit), size_of(diode)], self.model, "given")
        current = f"i_bias 0 bias {tail_current_a(self.cell, self.settings)!r}"
        with circuit(self.deck(library, [*supplies(self.settings), current, shifting(None, {})(diode)])) as loaded:
            return loaded.op()["bias"]

    @property
    def stand(self) -> Sequence[str]:
        """Supplies, rest and the gate of all tails."""
        return [*supplies(self.settings), f"v_bias bias 0 {self.bias_v!r}"]

    @property
    def point(self) -> dict[str, float]:
        """Current of each tail (A) and level of its gate (V)."""
        return {"i_tail": tail_current_a(self.cell, self.settings), "v_bias": self.bias_v}
