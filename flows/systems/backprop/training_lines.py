"""The sources of a training run: inputs and targets row by row, currents of bias and teach, weights at the start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analoom.generators.backprop.circuits import CONSTANT, sides, weights
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.errors import InputError

from .training_settings import EDGE_S, RunSettings, TrainingSettings

Array = NDArray[np.float64]
OPTIONS = ".option reltol=1e-3 abstol=1e-13 chgtol=1e-16 vntol=1e-5 method=trap"
STEPS_A_ROW, LONGEST_A_ROW = 8, 4
"""Points a row that are kept, and the least number of time steps."""


@dataclass(frozen=True)
class Rows:
    """A data set: inputs `x` (rows, inputs), -1 to 1, by which differences of inputs are of `v_in`; `sides` (rows,
    outputs), 1 or -1, on which outputs are to be."""

    x: Array
    sides: Array

    def checked(self, spec: BackpropNetworkSpec) -> Rows:
        """Itself. Raises InputError for a set of another network's size, and for inputs beyond the linear range."""
        wanted = (len(self.x), spec.inputs), (len(self.x), spec.outputs)
        if not len(self.x) or (self.x.shape, self.sides.shape) != wanted:
            said = f"inputs {self.x.shape}, sides {self.sides.shape}: rows of {spec.inputs} and of {spec.outputs}"
            raise InputError(said, field="data")
        if not (np.abs(self.x) <= 1).all() or not (np.abs(self.sides) == 1).all():
            raise InputError("inputs must be from -1 to 1, sides 1 or -1", field="data")
        return self


def table_rows(spec: BackpropNetworkSpec, settings: RunSettings) -> Rows:
    """The rows of the settings' truth table, in binary order. Raises InputError for a table of another size."""
    bits = [[row >> (spec.inputs - 1 - i) & 1 for i in range(spec.inputs)] for row in range(2**spec.inputs)]
    return Rows(2.0 * np.array(bits) - 1, 2.0 * np.array(settings.table(spec)).T - 1)


def sources(
    spec: BackpropNetworkSpec, settings: TrainingSettings, data: Rows | None = None, epochs: Sequence[int] | None = None
) -> Iterator[str]:
    """All sources, for the whole run, or for `epochs` of which each is taught (1) or not."""
    s, data, epochs = settings, data or table_rows(spec, settings), epochs or taught(settings)
    rows = len(data.x)
    yield from (OPTIONS, f"v_vdd vdd 0 {s.vdd!r}", "v_vss vss 0 0", f"v_wr wr 0 {s.v_w!r}")
    yield f"i_bias 0 bias {s.bias_a(spec)!r}"
    yield f"i_teach 0 teach {_teach(s, rows, epochs, s.teach * s.bias_a(spec))}"
    yield f"v_learn learn 0 {_course(epochs, rows * s.t_row, s.vdd)}"
    yield from _fixed(CONSTANT, s.v_x, s.v_in)
    for i, x in enumerate(data.x.T):
        yield from _differential(f"x{i}", [*x] * len(epochs), s.t_row, s.v_x, s.v_in)
    for j, side in enumerate(data.sides.T):
        yield from _differential(f"t{j}", [*side] * len(epochs), s.t_row, s.v_t, s.v_target)


def taught(settings: TrainingSettings) -> list[int]:
    """For each epoch whether it is taught (1) or a test or part of the hold (0)."""
    return [int(k < settings.epochs and (k + 1) % settings.test_every != 0) for k in range(settings.in_all)]


def start_v(spec: BackpropNetworkSpec, settings: TrainingSettings) -> Array:
    """The weights at the start, (weights,) V, neuron by neuron."""
    if settings.discharged:
        return np.zeros(len(weights(spec)))
    rng = np.random.default_rng(settings.seed)
    return settings.v_w + rng.uniform(-settings.start, settings.start, len(weights(spec)))


def _fixed(stem: str, level: float, difference: float) -> Iterator[str]:
    for net, half in zip(sides(stem), (0.5, -0.5), strict=True):
        yield f"v_{net} {net} 0 {level + half * difference!r}"


def _differential(stem: str, parts: Sequence[float], each_s: float, level: float, difference: float) -> Iterator[str]:
    """Both nets of a signal that is these parts, -1 to 1, of `difference`."""
    for net, half in zip(sides(stem), (0.5, -0.5), strict=True):
        yield f"v_{net} {net} 0 {_steps([level + half * difference * float(part) for part in parts], each_s)}"


def _course(bits: Sequence[int], each_s: float, high: float) -> str:
    """A source that is `high` for every 1 and nothing for every 0."""
    return _steps([high if bit else 0.0 for bit in bits], each_s)


def _steps(levels: Sequence[float], each_s: float) -> str:
    """A source of levels, each held for some time."""
    points = [f"0 {levels[0]!r}"]
    for k, (before, after) in enumerate(pairwise(levels), 1):
        if before != after:
            points.append(f"{k * each_s!r} {before!r} {k * each_s + EDGE_S!r} {after!r}")
    return f"dc {levels[0]!r} pwl({_folded(points)})"


def _teach(settings: TrainingSettings, rows: int, epochs: Sequence[int], high: float) -> str:
    """A source that is `high` for a part of every row of the epochs that are taught; one level where that is all."""
    start, end = settings.teach_from * settings.t_row, settings.teach_to * settings.t_row
    if settings.always_taught:
        return _course(epochs, rows * settings.t_row, high)
    bits = [bit for bit in epochs for _ in range(rows)]
    points = ["0 0"] if start or not any(bits) else []
    for at in (k * settings.t_row for k, bit in enumerate(bits) if bit):
        points.append(f"{at + start!r} 0 {at + start + EDGE_S!r} {high!r}")
        points.append(f"{at + end!r} {high!r} {at + end + EDGE_S!r} 0")
    return f"dc 0 pwl({_folded(points)})"


def _folded(points: Sequence[str]) -> str:
    """Words of a source, on continued lines."""
    return "\n+ ".join(points)
