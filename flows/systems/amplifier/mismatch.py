"""Mismatch of an amplifier: sigma of its offset, by source, and the textbook's formula beside.

Every random parameter of every transistor is shifted by plus and minus one of its own sigmas and the offset simulated:
it is then a z + b z^2 of independent normal z. `offset_by_gm` takes thresholds and slopes alone: the pair's, and the
load's by gm_load/gm_in. Source: P. Gray, P. Hurst, S. Lewis, R. Meyer, 5th ed., section 4.3.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.operating_point import device_points
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.models import sizes_of
from analoom.flows.statistics.copies import (
    Line,
    Term,
    drawing,
    draws,
    parabolas,
    terms_of,
    threshold_sigma_v,
    two_ended,
)
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.pdk.corners import corner
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .centres import centres_um
from .copies import COPIES, offsets, resting
from .laws import Laws, by_name
from .settings import AmplifierSettings
from .stages import Stages, stages_of
from .stand import Stand

Array = NDArray[np.float64]
SOURCES = ("pair", "load", "rest")


class AmplifierAnalysis(AnalysisSettings, AmplifierSettings):
    """At which point an amplifier is judged, and what its offset is counted against."""

    full_scale: float = Field(
        1.0,
        gt=0,
        le=1000,
        description="what offset_error, its limit and bits of resolution count the offset by",
        json_schema_extra={"unit": "V"},
    )


@dataclass(frozen=True)
class Sensitivity:
    """Per random parameter of a transistor: its source and name, and (a, b) of the offset, V."""

    source: str
    device: FlatDevice
    parameter: str
    sigma: float
    a_v: float
    b_v: float


@dataclass(frozen=True)
class AmplifierStatistics(Statistics):
    """An amplifier at its operating point, typical corner. Dummies, which carry no current, are left out."""

    sources: ClassVar[tuple[str, ...]] = SOURCES
    """What the offset is split by."""
    copies: ClassVar[int] = COPIES
    """Amplifiers in one netlist."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: AmplifierAnalysis = field(default_factory=AmplifierAnalysis)

    @cached_property
    def stand(self) -> Stand:
        """Its surroundings."""
        return Stand(make_dut(self.cell, "schematic", corner("tt"), TEMP_DEGC), self.settings)

    @cached_property
    def stages(self) -> Stages:
        """Which transistor does what. Raises InputError for a cell that is no amplifier."""
        return stages_of(self.cell)

    @property
    def devices(self) -> list[FlatDevice]:
        """Every transistor with two ends."""
        return two_ended(self.cell.circuit)

    @property
    def terms(self) -> list[Term]:
        """The random parameters that are counted."""
        return terms_of(self.devices, self.model)

    def offsets_v(self, library: Path, lines: Sequence[Line]) -> Array:
        """Offsets of copies of `devices`, each with its netlist lines, (copies,) V."""
        return offsets(self.stand, self.devices, library, lines, self.resting)

    @cached_property
    def resting(self) -> dict[str, float]:
        """Where the nets rest without random errors, V."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "off")
        return resting(self.stand, self.devices, library)

    @cached_property
    def sensitivities(self) -> list[Sensitivity]:
        """Of every random parameter, from simulation at plus and minus one sigma."""
        terms, library = self.terms, mismatch_library(sizes_of(self.cell.circuit), self.model, "given")
        found = parabolas(terms, self.copies, partial(self.offsets_v, library))
        return [
            Sensitivity(self._source(flat), flat, name, sigma, float(a), float(b))
            for (flat, name, sigma), a, b in zip(terms, *found, strict=True)
        ]

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula from the sensitivities, and from thresholds and slopes alone."""
        found = {}
        for name, kept in self._kept():
            found[f"offset{name}"] = exact(float(np.sqrt(sum(s.a_v**2 + 2 * s.b_v**2 for s in kept))), "V")
        found["offset_by_gm"] = exact(self._by_gm(), "V")
        found["offset_error"] = exact(found["offset"].sigma / self.settings.full_scale, "frac")
        return found

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit: every parameter drawn, along its parabola."""
        z = rng.standard_normal((samples, len(self.sensitivities)))
        found: dict[str, tuple[Array, str]] = {}
        for name, kept in self._kept():
            here = [k for k, s in enumerate(self.sensitivities) if s in kept]
            a, b = (np.array([getattr(s, of) for s in kept]) for of in ("a_v", "b_v"))
            found[f"offset{name}"] = (np.asarray(z[:, here] @ a + z[:, here] ** 2 @ b), "V")
        return found | self._by_full_scale(found["offset"][0])

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, drawn by the model file itself; the systematic offset is taken off."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "drawn")
        parts = [self.offsets_v(library, [drawing] * count) for count in draws(samples, self.copies, seed)]
        offset = np.concatenate(parts)
        return {"offset": (offset, "V"), **self._by_full_scale(offset)}

    def gradient_v(self, gradient_v_um: float) -> float:
        """The offset by a plane of thresholds in the worst direction, from the drawn centres in match groups, V."""
        centres, moved = centres_um(self.cell), np.zeros(2)
        for s in self.sensitivities:
            at = centres.get(s.device.dotted)
            if s.parameter in ("delvto", "vth0") and at is not None:
                moved += s.a_v / s.sigma * gradient_v_um * np.array(at)
        return float(np.hypot(*moved))

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        mos = self.stages.plus.mos
        return terms_source(mos.device, mos.w_um, mos.l_um, mos.nf, self.model)

    @property
    def point(self) -> dict[str, float]:
        """Common mode (V), bias (A), and the slopes (S) of input pair and load."""
        slopes = {"gm_in": self._laws.gm_s, "gm_load": self._laws.gm_load_s}
        return {"v_cm": self.settings.v_cm, "i_bias": self.settings.i_bias, **slopes}

    @cached_property
    def _laws(self) -> Laws:
        points = by_name(device_points(self.stand.dut, *self.stand.lines()))
        return Laws(self.stages, points, self.settings.c_load, TEMP_DEGC)

    def _by_gm(self) -> float:
        """Two input transistors, two of the load by gm_load/gm_in, V."""
        pair, load = (threshold_sigma_v(devices[0], self.model) for devices in (self.stages.pair, self.stages.load))
        return float(np.sqrt(2) * np.hypot(pair, load * self._laws.gm_load_s / self._laws.gm_s))

    def _source(self, flat: FlatDevice) -> str:
        if flat in self.stages.pair:
            return "pair"
        return "load" if flat in self.stages.load else "rest"

    def _kept(self) -> Iterator[tuple[str, list[Sensitivity]]]:
        """All, then each source: the end of the metric's name, and the parameters."""
        yield "", self.sensitivities
        for source in self.sources:
            yield f"_{source}", [s for s in self.sensitivities if s.source == source]

    def _by_full_scale(self, offset: Array) -> dict[str, tuple[Array, str]]:
        return {"offset_error": (offset / self.settings.full_scale, "frac")}
