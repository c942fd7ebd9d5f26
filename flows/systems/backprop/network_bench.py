"""The bench of a network that trains itself: a training run, judged after a hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.errors import InputError

from .training import trained
from .training_picture import picture_of
from .training_settings import TrainingSettings


def measure(dut: Dut, settings: TrainingSettings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Trains the cell as it stands, with its wires in the post view.

    Raises InputError for another cell, SpecError for rows that are too short in this view.
    """
    if not isinstance(dut.cell.spec, BackpropNetworkSpec):
        raise InputError(f"{dut.cell.name} is no network that trains itself", field="name")
    settings.check_row(dut.cell.spec, drawn=dut.view == "post")
    run = trained(dut.cell.spec, settings, dut.transient or dut, dut.inner("{}"))
    return Measured(run.metrics(), run.curves(), pictures={"run": picture_of(run)})
