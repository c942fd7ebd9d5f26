"""The sources of a training run: inputs and targets row by row, currents of bias and teach, weights at the start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analoom.generators.backprop.circuits import CONSTANT, sides, weights
from analoom.generators.backprop.spec import BackpropNetworkSpec

from .training_settings import EDGE_S, TrainingSettings

Array = NDArray[np.float64]
OPTIONS = ".option reltol=1e-3 abstol=1e-13 chgtol=1e-16 vntol=1e-5 method=trap"
STEPS_A_ROW, LONGEST_A_ROW = 8, 4
"""Points a row that are kept, and the least number of time steps."""


def sources(spec: BackpropNetworkSpec, settings: TrainingSettings) -> Iterator[str]:
    """All sources, for the whole run."""
    s, rows = settings, 2**spec.inputs
    yield from (OPTIONS, f"v_vdd vdd 0 {s.vdd!r}", "v_vss vss 0 0", f"v_wr wr 0 {s.v_w!r}")
    yield f"i_bias 0 bias {s.bias_a(spec)!r}"
    yield f"i_teach 0 teach {_teach(s, rows, s.teach * s.bias_a(spec))}"
    yield f"v_learn learn 0 {_course(taught(settings), rows * s.t_row, s.vdd)}"
    yield from _fixed(CONSTANT, s.v_x, s.v_in)
    for i in range(spec.inputs):
        bits = [row >> (spec.inputs - 1 - i) & 1 for row in range(rows)]
        yield from _differential(f"x{i}", bits * s.in_all, s.t_row, s.v_x, s.v_in)
    for j, bits_of in enumerate(s.table(spec)):
        yield from _differential(f"t{j}", list(bits_of) * s.in_all, s.t_row, s.v_t, s.v_target)


def taught(settings: TrainingSettings) -> list[int]:
    """For each epoch whether it is taught (1) or a test or part of the hold (0)."""
    return [int(k < settings.epochs and (k + 1) % settings.test_every != 0) for k in range(settings.in_all)]


def start_v(spec: BackpropNetworkSpec, settings: TrainingSettings) -> Array:
    """The weights at the start, (weights,) V, neuron by neuron."""
    rng = np.random.default_rng(settings.seed)
    return settings.v_w + rng.uniform(-settings.start, settings.start, len(weights(spec)))


def _fixed(stem: str, level: float, difference: float) -> Iterator[str]:
    for net, half in zip(sides(stem), (0.5, -0.5), strict=True):
        yield f"v_{net} {net} 0 {level + half * difference!r}"


def _differential(stem: str, bits: Sequence[int], each_s: float, level: float, difference: float) -> Iterator[str]:
    """Both nets of a signal that is plus `difference` for a 1 and minus for a 0."""
    p, n = sides(stem)
    for net, sign in ((p, 1), (n, -1)):
        low, high = level - sign * difference / 2, level + sign * difference / 2
        yield f"v_{net} {net} 0 {_course(bits, each_s, high, low)}"


def _course(bits: Sequence[int], each_s: float, high: float, low: float = 0.0) -> str:
    """A source that is `high` for every 1 and `low` for every 0."""
    levels = [high if bit else low for bit in bits]
    points = [f"0 {levels[0]!r}"]
    for k, (before, after) in enumerate(pairwise(levels), 1):
        if before != after:
            points.append(f"{k * each_s!r} {before!r} {k * each_s + EDGE_S!r} {after!r}")
    return f"dc {levels[0]!r} pwl({_folded(points)})"


def _teach(settings: TrainingSettings, rows: int, high: float) -> str:
    """A source that is `high` for a part of every row of the epochs that are taught; one level where that is all."""
    start, end = settings.teach_from * settings.t_row, settings.teach_to * settings.t_row
    if settings.always_taught:
        return _course(taught(settings), rows * settings.t_row, high)
    bits = [bit for bit in taught(settings) for _ in range(rows)]
    points = ["0 0"] if start else []
    for at in (k * settings.t_row for k, bit in enumerate(bits) if bit):
        points.append(f"{at + start!r} 0 {at + start + EDGE_S!r} {high!r}")
        points.append(f"{at + end!r} {high!r} {at + end + EDGE_S!r} 0")
    return f"dc 0 pwl({_folded(points)})"


def _folded(points: Sequence[str]) -> str:
    """Words of a source, on continued lines."""
    return "\n+ ".join(points)
