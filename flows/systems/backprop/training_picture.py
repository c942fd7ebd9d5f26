"""The picture of a training run: outputs against targets and weights over time, what was read by row, and the tests."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.picture import Line, Panel, Picture
from analoom.generators.backprop.circuits import neurons

from .training import Trained
from .training_lines import taught

Array = NDArray[np.float64]
MOST_ROWS = 16
"""Rows of a table that are drawn each."""
US, MV = 1e6, 1e3


def picture_of(run: Trained) -> Picture:
    """Panels by time and by epoch; epochs without teaching are shaded."""
    spec, s = run.spec, run.settings
    verdict = f"{run.rows_right} of {run.rows} rows right, margin {run.margins[-1].min() * MV:.1f} mV after the hold"
    panels = [*_outputs(run), _weights(run), *_by_row(run), *_tests(run)]
    return Picture(f"{spec.inputs}-{spec.hidden}-{spec.outputs}, seed {s.seed}: {verdict}", tuple(panels))


def _outputs(run: Trained) -> Iterator[Panel]:
    time = run.time * US
    row = np.minimum((run.time / run.settings.t_row).astype(int), run.settings.in_all * run.rows - 1) % run.rows
    for j, y in enumerate(run.outputs):
        target = run.signs[j][row] * run.settings.v_target * MV
        lines = Line(time, y * MV, "output"), Line(time, target, "target", dashed=True)
        title = f"output {j} over time"
        yield Panel(title, "time (us)", "y (mV)", lines, _quiet(run, run.epoch_s * US), "teach off", wide=True)


def _weights(run: Trained) -> Panel:
    """All weights, those of a neuron in one colour."""
    time, lines, at = run.time * US, list[Line](), 0
    for k, (stem, _, inputs) in enumerate(neurons(run.spec)):
        for i in range(len(inputs)):
            moved = (run.weights[at + i] - run.settings.v_w) * MV
            lines.append(Line(time, moved, f"to {stem}" if i == 0 else "", colour=k))
        at += len(inputs)
    shaded = _quiet(run, run.epoch_s * US)
    return Panel("weights over time", "time (us)", "w - wr (mV)", tuple(lines), shaded, "teach off", wide=True)


def _by_row(run: Trained) -> Iterator[Panel]:
    """What each output is at the end of each row: lines over all epochs, dots in tests."""
    every = run.read_in(range(run.settings.in_all)) * MV
    tests = np.array(run.tests)
    epochs = np.arange(1, run.settings.in_all + 1, dtype=float)
    for j in range(run.spec.outputs):
        lines = list[Line]()
        for row in range(min(run.rows, MOST_ROWS)):
            name = f"{row:0{run.spec.inputs}b}" if run.data is None else f"row {row + 1}"
            said = f"{name}: {int(run.signs[j][row] > 0)}"
            lines.append(Line(epochs, every[:, j, row], said, colour=row))
            lines.append(Line(epochs[tests], every[tests, j, row], colour=row, dots=True))
        for side in (1, -1):
            lines.append(Line(epochs[[0, -1]], np.full(2, side * run.settings.v_target * MV), dashed=True))
        title = f"output {j} at the end of each row, tests as dots"
        yield Panel(title, "epoch", "y (mV)", tuple(lines), _quiet(run, 1.0, 0.5), "teach off", wide=True)


def _tests(run: Trained) -> Iterator[Panel]:
    epochs: Array = np.array(run.tests) + 1.0
    margin, asked = run.margins.min(axis=1) * MV, run.settings.margin * MV
    wanted = Line(epochs[[0, -1]], np.full(2, asked), dashed=True)
    for title, y_label, lines, log in (
        ("error of the tests", "mean square of distance", _dotted(epochs, run.mse), True),
        (
            f"margin of the tests, least of all rows; {asked:g} mV is asked",
            "margin (mV)",
            (*_dotted(epochs, margin), wanted),
            False,
        ),
    ):
        yield Panel(title, "epoch", y_label, lines, log=log)


def _dotted(x: Array, y: Array) -> tuple[Line, Line]:
    return Line(x, y), Line(x, y, dots=True)


def _quiet(run: Trained, each: float, before: float = 0.0) -> tuple[tuple[float, float], ...]:
    """Spans of the epochs without teaching, each so long, those beside each other as one."""
    spans: list[tuple[float, float]] = []
    for k, bit in enumerate(taught(run.settings)):
        if bit:
            continue
        start, end = k * each + before, (k + 1) * each + before
        joined = bool(spans) and abs(spans[-1][1] - start) < each / 2
        spans[-1:] = [(spans[-1][0], end)] if joined else [*spans[-1:], (start, end)]
    return tuple(spans)
