"""The picture of a run: error by epoch beside that of the circuit it follows, outputs after training over targets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.picture import Line, Panel, Picture
from analoom.flows.systems.trained_crossbar.solver.training import Samples

Array = NDArray[np.float64]

REPORTED = 0.27
"""NRMSE after 32 epochs in analog-mlp-circuit (J. Metzger, 2025; notebook at 41e9a39): 3-32-4, a sine of 8 x of 20 mV,
read off its figure of outputs over targets by eye (3.9 mV rms)."""

MV = 1e3


def picture_of(title: str, nrmse: Array, outputs: Array, samples: Samples) -> Picture:
    """`nrmse` by epoch, `outputs` (samples, outputs) V from rest."""
    epochs = np.arange(1, len(nrmse) + 1, dtype=np.float64)
    reported = Line(epochs[[0, -1]], np.full(2, REPORTED), "analog-mlp-circuit at its end, by eye", dashed=True)
    error = Panel("error by epoch", "epoch", "NRMSE", (Line(epochs, nrmse, "this run"), reported), log=True, wide=True)
    return Picture(title, (error, *_outputs(outputs, samples)))


def _outputs(outputs: Array, samples: Samples) -> Iterator[Panel]:
    at = np.arange(len(outputs), dtype=np.float64)
    for k in range(outputs.shape[1]):
        lines = Line(at, outputs[:, k] * MV, "output"), Line(at, samples.y[:, k] * MV, "target", dashed=True)
        yield Panel(f"output {k} after training", "sample", "from rest (mV)", lines, wide=True)
