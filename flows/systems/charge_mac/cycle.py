"""One cycle of a charge-domain multiplier: reset, let go, step the inputs, sample and hold; and its sources.

While `rst` is on every input rests at vcm. `smp` stays on until the sum is sampled, so that an output's load is a
part of its node. Cycles follow one another, one input vector each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analoom.cells.model.cell import Spec
from analoom.pdk.errors import SpecError

Values = NDArray[np.float64]
Points = list[tuple[float, float]]

EDGE_S = 1e-10
"""Rise and fall time of every driven line."""
GAP_S = 1e-9
"""From a switch's edge to the next event."""

ACCURATE = ".option method=gear reltol=1e-5"
"""By trapezoids the currents of sources ring, and what lines take up is counted up to twice."""


class Settings(Spec):
    """How a multiplier is cycled. Defaults are assumptions about what drives it."""

    vdd: float = Field(1.8, ge=1.0, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    vcm: float = Field(0.9, gt=0, lt=1.95, description="common mode", json_schema_extra={"unit": "V"})
    swing: float = Field(
        0.4, gt=0, lt=1, description="an input at full scale, from the common mode", json_schema_extra={"unit": "V"}
    )
    c_load: float = Field(20e-15, ge=1e-15, le=1e-9, description="load of an output", json_schema_extra={"unit": "F"})
    t_reset: float | None = Field(
        None,
        ge=2e-9,
        le=1e-3,
        description="time of the reset (default: until it leaves a millionth of a sum)",
        json_schema_extra={"unit": "s"},
    )
    t_settle: float | None = Field(
        None,
        ge=2e-9,
        le=1e-3,
        description="from the step of the inputs to the sample (default: by the slowest case)",
        json_schema_extra={"unit": "s"},
    )
    t_hold: float = Field(5e-9, ge=1e-9, le=1e-3, description="time of the hold", json_schema_extra={"unit": "s"})
    levels: int = Field(5, ge=3, le=33, description="levels of the sum, from full scale to full scale, for its INL")
    noise_max: float | None = Field(
        None,
        gt=0,
        le=1,
        description="largest kT/C noise of a sum that will do",
        json_schema_extra={"unit": "V"},
    )

    @model_validator(mode="after")
    def _within_the_rails(self) -> Self:
        if not self.swing <= self.vcm <= self.vdd - self.swing:
            most = min(self.vcm, self.vdd - self.vcm)
            bound = f"at most {most:.4g}, so that vcm +- swing lies within the rails"
            fix = {"fix": most} if most > 0 else {"instead": f"vcm={self.vdd / 2:g}"}
            raise SpecError("swing", self.swing, bound, **fix)
        return self


class Timed(Settings):
    """A cycle whose times are known."""

    t_reset: float
    t_settle: float

    @property
    def off_s(self) -> float:
        """When the reset opens, from the start of a cycle."""
        return self.t_reset

    @property
    def step_s(self) -> float:
        """When the inputs step."""
        return self.off_s + EDGE_S + GAP_S

    @property
    def sample_s(self) -> float:
        """When the sampling switch opens."""
        return self.step_s + EDGE_S + self.t_settle

    @property
    def back_s(self) -> float:
        """When the inputs go back to vcm."""
        return self.sample_s + EDGE_S + self.t_hold

    @property
    def cycle_s(self) -> float:
        """Length of a cycle."""
        return self.back_s + EDGE_S + 5 * GAP_S


def input_vectors(weights: Values, levels: int) -> Values:
    """Inputs of the cycles by full scale, (cycles, inputs): the signs of output 0's weights, and each input alone."""
    signs = np.where(weights[0] < 0, -1.0, 1.0)
    return np.concatenate([np.linspace(1.0, -1.0, levels)[:, None] * signs, np.eye(weights.shape[1])])


def drive(settings: Timed, vectors: Values) -> list[str]:
    """The sources of inputs, reset and sampling, for `vectors` (cycles, inputs) by full scale."""
    lines = [
        stepped_source(f"{net}{i}", settings, settings.vcm + sign * settings.swing * column)
        for i, column in enumerate(vectors.T)
        for net, sign in (("x", 1.0), ("xb", -1.0))
    ]
    for net, at_s in (("rst", settings.off_s), ("smp", settings.sample_s)):
        until = settings.cycle_s - EDGE_S
        low, high = np.zeros(len(vectors)), np.full(len(vectors), settings.vdd)
        lines.append(source(net, _held(settings, low, (at_s, until), settings.vdd)))
        lines.append(source(f"{net}b", _held(settings, high, (at_s, until), 0.0)))
    return lines


def stepped_source(net: str, settings: Timed, levels: Values) -> str:
    """A source that steps from vcm to a level (V) each cycle, (cycles,), as an input does."""
    return source(net, _held(settings, levels, (settings.step_s, settings.back_s), settings.vcm))


def still(settings: Settings) -> list[str]:
    """The sources of what rests in every cycle: supplies, common mode and the shift chain."""
    high = {"vdd": settings.vdd, "ck1b": settings.vdd, "ck2b": settings.vdd, "vcm": settings.vcm}
    return [source(net, high.get(net, 0.0)) for net in ("vdd", "vss", "vcm", "din", "ck1", "ck1b", "ck2", "ck2b")]


def loads(settings: Settings, outputs: int) -> list[str]:
    """The load of every output."""
    return [f"c_load{j} out{j} 0 {settings.c_load!r}" for j in range(outputs)]


def source(net: str, level: float | Iterable[tuple[float, float]]) -> str:
    """A source from `net` to ground: a level (V), or points (s, V) with straight lines between."""
    if isinstance(level, float):
        return f"v_{net} {net} 0 {level!r}"
    points = list(level)
    return f"v_{net} {net} 0 dc {points[0][1]!r} pwl({' '.join(f'{t:.9g} {v:.9g}' for t, v in points)})"


def _held(settings: Timed, levels: Sequence[float] | Values, span_s: tuple[float, float], rest: float) -> Points:
    """At `rest` but for a span of each cycle, where it is at that cycle's level."""
    points: Points = [(0.0, rest)]
    for cycle, level in enumerate(levels):
        first, last = (cycle * settings.cycle_s + at for at in span_s)
        points += [(first, rest), (first + EDGE_S, float(level)), (last, float(level)), (last + EDGE_S, rest)]
    return points
