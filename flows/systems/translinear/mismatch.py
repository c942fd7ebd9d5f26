"""Mismatch of a multiplier: sigma of its gain and of its input offset, by source.

Every random parameter of every transistor is shifted by plus and minus one of its own sigmas and the gain and the input
offset are simulated: ln(gain) and offset are then a z + b z^2 of independent normal z. In weak inversion a threshold
shift multiplies a current by exp(+-sigma_th/(n U_T)), so the gain is lognormal: `gain_error` is the sigma of
exp(ln(gain) deviation). Sources are "loop", "mirrors" and "dac". `loop_ratio` is that exponential law itself, from
coefficients and gm/ID: the sigma of l2/l1 of two loop devices of the output pair, as in the lecture (TFE4188, l04);
`offset_law` what it makes of both pairs' thresholds at the input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.models import sizes_of
from analoom.flows.statistics.copies import (
    Line,
    drawing,
    draws,
    parabolas,
    shifting,
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

from .bench import loop_points, slope_of_input
from .copies import COPIES, gains_and_offsets
from .loop import checked_code, input_devices, output_devices, ratio_of
from .sources import TranslinearBench, TranslinearSettings

Array = NDArray[np.float64]
SOURCES = ("loop", "mirrors", "dac")


class TranslinearAnalysis(AnalysisSettings, TranslinearSettings):
    """At which bias and code a multiplier is judged."""


@dataclass(frozen=True)
class Sensitivity:
    """Per random parameter of a transistor: its source, `sigma` and name, and (a, b) of ln(gain) and offset (A)."""

    source: str
    device: str
    parameter: str
    sigma: float
    gain: tuple[float, float]
    offset: tuple[float, float]


@dataclass(frozen=True)
class TranslinearStatistics(Statistics):
    """A multiplier at a bias and a code. Dummies, which carry no current, are left out."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: TranslinearAnalysis = field(default_factory=TranslinearAnalysis)

    @cached_property
    def bench(self) -> TranslinearBench:
        """The bench of its testbench. Raises InputError for a code that the DAC lacks."""
        checked_code(self.cell, self.settings.code, "settings.code")
        return TranslinearBench(make_dut(self.cell, "schematic", corner("tt"), TEMP_DEGC), self.settings)

    @property
    def devices(self) -> list[FlatDevice]:
        """Every transistor with two ends."""
        return two_ended(self.cell.circuit)

    @property
    def library(self) -> Path:
        """Models whose random parameters are given."""
        return mismatch_library(sizes_of(self.cell.circuit), self.model, "given")

    @cached_property
    def sensitivities(self) -> list[Sensitivity]:
        """Of every random parameter, from simulation at plus and minus one sigma."""
        terms = terms_of(self.devices, self.model)
        ends = np.stack(parabolas(terms, COPIES, self._logs_and_offsets), axis=-1)
        return [
            Sensitivity(self._source(flat), flat.dotted, name, sigma, *map(tuple, found.tolist()))
            for (flat, name, sigma), found in zip(terms, ends, strict=True)
        ]

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula from the sensitivities, and by the exponential law from coefficients and gm/ID alone."""
        found = {}
        for name, kept in self._kept():
            log = np.sqrt(sum(s.gain[0] ** 2 + 2 * s.gain[1] ** 2 for s in kept))
            offset = np.sqrt(sum(s.offset[0] ** 2 + 2 * s.offset[1] ** 2 for s in kept))
            found[f"gain_error{name}"] = exact(float(np.exp(log**2 / 2) * np.sqrt(np.expm1(log**2))), "frac")
            found[f"offset{name}"] = exact(float(offset), "A")
        first, second = (s * np.sqrt(2) for s in self._loop_logs)
        found["loop_ratio"] = exact(float(np.exp(second**2 / 2) * np.sqrt(np.expm1(second**2))), "frac")
        found["offset_law"] = exact(float(self.bench.i_a * np.hypot(first, second) / self._slopes), "A")
        return found

    def gradient_error(self, gradient_v_um: float) -> float:
        """The gain's relative error by a plane of thresholds in the worst direction, from the drawn centres of all
        devices in match groups."""
        centres = {f"{g.name.split()[0]}.{m}": g.centroid_nm(m) for g in self.cell.match_groups for m in g.members}
        moved = np.zeros(2)
        for s in self.sensitivities:
            if s.parameter in ("delvto", "vth0") and s.device in centres:
                moved += s.gain[0] / s.sigma * gradient_v_um * np.array(centres[s.device]) / 1000
        return float(np.hypot(*moved))

    def by_source(self) -> dict[str, float]:
        """Random errors of the gain by part, and a threshold plane over the match groups; wires move it by 1e-4 at
        most."""
        closed = self.closed()
        found = {source: closed[f"gain_error_{source}"].sigma for source in SOURCES}
        return {**found, "gradient": self.gradient_error(self.settings.gradient_vth)}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples (samples,) with unit: every parameter drawn, along its parabola."""
        z = rng.standard_normal((samples, len(self.sensitivities)))
        found: dict[str, tuple[Array, str]] = {}
        for name, kept in self._kept():
            here = [k for k, s in enumerate(self.sensitivities) if s in kept]
            log, offset = (_along(z[:, here], [getattr(self.sensitivities[k], of) for k in here]) for of in _OF)
            found |= {f"gain_error{name}": (np.exp(log) - 1, "frac"), f"offset{name}": (offset, "A")}
        return found

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples (samples,) with unit, drawn by the model file itself."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, "drawn")
        nominal, _ = gains_and_offsets(self.bench, self.devices, self.library, [shifting(None, {})])
        parts = [
            gains_and_offsets(self.bench, self.devices, library, [drawing] * count)
            for count in draws(samples, COPIES, seed)
        ]
        gain, offset = (np.concatenate([p[k] for p in parts]) for k in (0, 1))
        return {"gain_error": (gain / nominal[0] - 1, "frac"), "offset": (offset, "A")}

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        device = input_devices(self.cell)[0].mos
        return terms_source(device.device, device.w_um, device.l_um, device.nf, self.model)

    @property
    def point(self) -> dict[str, float]:
        """The bias (A), the code's ratio, and gm/ID (1/V) of both pairs."""
        first, second = self._points
        gm_ids = {"gm_id_in": first.gm_id or 0.0, "gm_id_out": second.gm_id or 0.0}
        return {"i_a": self.bench.i_a, "ratio": ratio_of(self.settings.code), **gm_ids}

    @cached_property
    def _points(self) -> Any:
        return loop_points(self.bench, self.settings.code)

    @property
    def _slopes(self) -> float:
        """Relative current of the output pair by that of the input pair."""
        first, second = self._points
        return float((second.gm_id or 0.0) / slope_of_input(first, self.bench.dut))

    @property
    def _loop_logs(self) -> tuple[float, float]:
        """Sigma of ln(I) in the output pair from a threshold of one input and of one output device.

        An input device's shift moves its node by gm over the node's slope.
        """
        (first, second), dut = self._points, self.bench.dut
        moved = (first.gm_id or 0.0) / slope_of_input(first, dut)
        of_input, of_output = (threshold_sigma_v(f(self.cell)[0], self.model) for f in (input_devices, output_devices))
        return (of_input * moved * (second.gm_id or 0.0), of_output * (second.gm_id or 0.0))

    def _source(self, flat: FlatDevice) -> str:
        return self.cell.sources[flat.dotted]

    def _kept(self) -> Iterator[tuple[str, list[Sensitivity]]]:
        """All, then each source: the end of the metric's name, and the parameters."""
        yield "", self.sensitivities
        for source in SOURCES:
            yield f"_{source}", [s for s in self.sensitivities if s.source == source]

    def _logs_and_offsets(self, lines: Sequence[Line]) -> Array:
        """ln(gain) and offset (A) of copies with such lines, (copies, 2)."""
        gain, offset = gains_and_offsets(self.bench, self.devices, self.library, lines)
        return np.column_stack([np.log(gain), offset])


_OF = ("gain", "offset")


def _along(z: Array, parts: list[tuple[float, float]]) -> Array:
    """Sum of the parabolas at z (samples, parameters)."""
    a, b = np.array(parts).reshape(-1, 2).T
    return np.asarray(z @ a + z**2 @ b)
