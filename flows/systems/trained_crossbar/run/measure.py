"""The bench of a crossbar trained in place: a run by the solver, or in ngspice of the circuit or the drawn cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured
from analoom.flows.systems.trained_crossbar.solver.training import Trainer
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec

from .in_ngspice import InNgspice
from .placed import Placed, spec_of
from .settings import TrainingSettings
from .solved import solved

WRITE = "the write: charge goes to where a weight is stored, past word and bit lines"


def measure(dut: Dut, settings: TrainingSettings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Trains the cell: the schematic by the solver unless ngspice is asked for, the extracted cell in ngspice."""
    spec = spec_of(dut)
    trainer = Trainer(settings.bench(spec), None, None, dut.corner.name, dut.temp_degc)
    if dut.view == "schematic" and settings.engine == "solver":
        return solved(spec, settings, trainer).measured((ideal(spec),))
    settings.require_small(trainer.bench)
    store = f"weights are kept by {settings.store:g} F beside each stored node, ideal too"
    return InNgspice(trainer, Placed(dut, settings.phase).blocks, settings).measured((ideal(spec), store))


def ideal(spec: TrainedCrossbarSpec) -> str:
    """Which blocks are ideal, in a line."""
    drawn = f"; drawn: {', '.join(('synapses', *spec.drawn))}"
    return f"ideal: {', '.join(spec.ideal)}, {WRITE}{drawn}"
