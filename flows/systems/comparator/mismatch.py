"""Mismatch of a comparator: sigma of its input offset, in all and by part.

Every random parameter of every transistor is shifted by plus and minus one of its own sigmas and the offset simulated;
the offset is then the sum of a z + b z^2 of independent normal z. A part is the instance that a transistor lies in.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.models import sizes_of
from analoom.flows.statistics.copies import Line, Term, drawing, draws, parabolas, terms_of, two_ended
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.corners import VDD_V
from analoom.pdk.mismatch.terms import terms_source

Array = NDArray[np.float64]


class OffsetAnalysis(AnalysisSettings):
    """What an offset is told against."""

    v_full: float = Field(
        VDD_V,
        gt=0,
        le=4,
        description="full scale that `offset_error` is a fraction of",
        json_schema_extra={"unit": "V"},
    )


@dataclass(frozen=True)
class Sensitivity:
    """Of a random parameter of a transistor: its part, `sigma`, and (a, b) of the offset in V."""

    part: str
    device: str
    parameter: str
    sigma: float
    offset: tuple[float, float]


@dataclass(frozen=True)
class OffsetStatistics(Statistics):
    """The offset of a comparator at an operating point. Dummies, which carry no current, are left out."""

    comparator: Cell
    model: str
    v_full: float

    copies: ClassVar[int]
    """Comparators in one netlist."""

    @abstractmethod
    def offsets_v(self, library: Path, lines: Sequence[Line]) -> Array:
        """Offsets of copies of `devices`, each with its netlist lines, (copies,) V."""
        ...

    @property
    def devices(self) -> list[FlatDevice]:
        """Every transistor with two ends."""
        return two_ended(self.comparator.circuit)

    @property
    def terms(self) -> list[Term]:
        """The random parameters that are counted."""
        return terms_of(self.devices, self.model)

    @cached_property
    def sensitivities(self) -> list[Sensitivity]:
        """Of every random parameter, from simulation at plus and minus one sigma."""
        terms, library = self.terms, mismatch_library(sizes_of(self.comparator.circuit), self.model, "given")
        found = parabolas(terms, self.copies, partial(self.offsets_v, library))
        return [
            Sensitivity(flat.path[0] if flat.path else "", flat.word, name, sigma, (float(a), float(b)))
            for (flat, name, sigma), a, b in zip(terms, *found, strict=True)
        ]

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula from the sensitivities."""
        offset = _sigma(self.sensitivities)
        parts = dict.fromkeys(s.part for s in self.sensitivities if s.part)
        return {
            "offset": exact(offset, "V"),
            "offset_error": exact(offset / self.v_full, "frac"),
            **{
                f"offset_{part}": exact(_sigma([s for s in self.sensitivities if s.part == part]), "V")
                for part in parts
            },
        }

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Offsets (samples,) with unit: every parameter drawn, along its parabola."""
        z = rng.standard_normal((samples, len(self.sensitivities)))
        a, b = np.array([s.offset for s in self.sensitivities]).T
        return self._told(z @ a + z**2 @ b)

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Offsets (samples,) with unit, drawn by the model file itself."""
        library = mismatch_library(sizes_of(self.comparator.circuit), self.model, "drawn")
        parts = [self.offsets_v(library, [drawing] * count) for count in draws(samples, self.copies, seed)]
        return self._told(np.concatenate(parts))

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        device = next(f for f in self.devices if f.nets["g"] == "inp").mos
        return terms_source(device.device, device.w_um, device.l_um, device.nf, self.model)

    def _told(self, offsets: Array) -> Samples:
        return {"offset": (offsets, "V"), "offset_error": (offsets / self.v_full, "frac")}


def _sigma(sensitivities: Sequence[Sensitivity]) -> float:
    """Of a sum of a z + b z^2."""
    return float(np.sqrt(sum(a**2 + 2 * b**2 for a, b in (s.offset for s in sensitivities))))
