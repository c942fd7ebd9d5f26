"""Mismatch of an auto-zeroed amplifier: what its phases leave of random errors, from transients of many copies.

The switch that opens at the gate and its dummy are shifted one parameter at a time, as amplifiers' transistors are. The
amplifier's own offset is divided by its gain and left out of the formula; ngspice draws all transistors, as a judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.statistics.copies import Line, Term, terms_of
from analoom.flows.statistics.spread import Spread, exact

from .mismatch import AmplifierStatistics
from .zeroed_copies import COPIES, at_the_gate, touching, zeroed_offsets

SWITCH = "switch"


@dataclass(frozen=True)
class ZeroedStatistics(AmplifierStatistics):
    """An auto-zeroed amplifier in unity gain after its phases, typical corner."""

    sources: ClassVar[tuple[str, ...]] = (SWITCH,)
    copies: ClassVar[int] = COPIES

    @property
    def devices(self) -> list[FlatDevice]:
        """Every transistor that carries current, and the dummies on the gate."""
        return touching(self.cell.circuit)

    @property
    def terms(self) -> list[Term]:
        """The random parameters of the switch at the gate and its dummy."""
        return terms_of(at_the_gate(self.devices), self.model)

    def offsets_v(self, library: Path, lines: Sequence[Line]) -> NDArray[np.float64]:
        """What the phases leave in each copy, (copies,) V."""
        return zeroed_offsets(self.stand, self.devices, library, lines)

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula from the sensitivities."""
        sigma = float(np.sqrt(sum(s.a_v**2 + 2 * s.b_v**2 for s in self.sensitivities)))
        own = {"offset": exact(sigma, "V"), f"offset_{SWITCH}": exact(sigma, "V")}
        return own | {"offset_error": exact(sigma / self.settings.full_scale, "frac")}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out."""
        return ("the offset by all but the switch at the gate is left out: it is divided by the amplifier's gain",)

    def _source(self, flat: FlatDevice) -> str:
        return SWITCH
