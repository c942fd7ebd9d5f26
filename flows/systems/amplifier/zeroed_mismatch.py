"""Mismatch of an auto-zeroed amplifier: what its phases leave of random errors, from transients of many copies.

The switch that opens at the gate and its dummy are shifted one parameter at a time, as amplifiers' transistors are. The
amplifier's own offset is divided by its gain and left out of the formula; ngspice draws all transistors, as a judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from analoom.flows.netlists.models import sizes_of
from analoom.flows.statistics.copies import drawing, draws, one_by_one, terms_of
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.protocol import Samples
from analoom.flows.statistics.spread import Spread, exact

from .mismatch import AmplifierStatistics, Sensitivity
from .zeroed_copies import COPIES, at_the_gate, touching, zeroed_offsets

SWITCH = "switch"


@dataclass(frozen=True)
class ZeroedStatistics(AmplifierStatistics):
    """An auto-zeroed amplifier in unity gain after its phases, typical corner."""

    sources: ClassVar[tuple[str, ...]] = (SWITCH,)

    @cached_property
    def sensitivities(self) -> list[Sensitivity]:
        """Of every random parameter of the switch at the gate and its dummy, at plus and minus one sigma."""
        devices = touching(self.cell.circuit)
        terms = terms_of(at_the_gate(devices), self.model)
        lines, library = one_by_one(terms), mismatch_library(sizes_of(self.cell.circuit), self.model, "given")
        chunks = [lines[n : n + COPIES] for n in range(0, len(lines), COPIES)]
        found = np.concatenate([zeroed_offsets(self.stand, devices, library, chunk) for chunk in chunks])
        up, down = found[1::2] - found[0], found[2::2] - found[0]
        return [
            Sensitivity(SWITCH, flat, name, sigma, float(a), float(b))
            for (flat, name, sigma), a, b in zip(terms, (up - down) / 2, (up + down) / 2, strict=True)
        ]

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula from the sensitivities."""
        sigma = float(np.sqrt(sum(s.a_v**2 + 2 * s.b_v**2 for s in self.sensitivities)))
        own = {"offset": exact(sigma, "V"), f"offset_{SWITCH}": exact(sigma, "V")}
        return own | {"offset_error": exact(sigma / self.settings.full_scale, "frac")}

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, every transistor drawn by the model file itself."""
        library, devices = (
            mismatch_library(sizes_of(self.cell.circuit), self.model, "drawn"),
            touching(self.cell.circuit),
        )
        found = [
            zeroed_offsets(self.stand, devices, library, [drawing] * count) for count in draws(samples, COPIES, seed)
        ]
        return {"offset": (np.concatenate(found), "V"), **self._by_full_scale(np.concatenate(found))}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out."""
        return ("the offset by all but the switch at the gate is left out: it is divided by the amplifier's gain",)
