"""The bench of a crossbar trained in place: a run by the solver, or in ngspice of the circuit or the drawn cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured
from analoom.flows.systems.trained_crossbar.solver.training import Trainer
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec

from .in_ngspice import InNgspice
from .placed import Placed, spec_of
from .settings import AsDrawn, TrainingSettings
from .solved import MOST_JUDGED, solved

WRITE = "the write: charge goes to where a weight is stored, past word and bit lines"


def measure(
    as_drawn: AsDrawn, dut: Dut, settings: TrainingSettings, weights: NDArray[np.float64] | None = None
) -> Measured:
    """Trains the cell by the solver, or in ngspice where that is asked for; what the solver trained is judged as drawn,
    in ngspice, in the post view."""
    spec = spec_of(dut)
    trainer = Trainer(settings.bench(spec), None, None, dut.corner.name, dut.temp_degc)
    first = ideal(spec)
    if settings.engine == "ngspice":
        settings.require_netlist(trainer.bench)
        store = f"weights are kept by {settings.store:g} F beside each stored node, ideal too"
        return InNgspice(trainer, Placed(dut, settings.phase).blocks, settings).measured((first, store))
    bench = settings.drawn(spec, as_drawn, None, dut.corner.name, dut.temp_degc)
    run = solved(spec, settings, replace(trainer, bench=bench))
    if dut.view == "schematic":
        return run.measured((first, *_solved_as(spec)))
    settings.require_netlist(trainer.bench)
    return InNgspice(trainer, Placed(dut, settings.phase).blocks, settings).judged(run, (first, JUDGED))


JUDGED = (
    "trained by the solver, without wires, then judged in ngspice as drawn: nrmse, nrmse_start and nudge_effect of "
    f"at most {MOST_JUDGED} samples; --set engine=ngspice trains as drawn"
)


def _solved_as(spec: TrainedCrossbarSpec) -> Iterator[str]:
    if spec.drawn:
        yield f"the solver takes {', '.join(spec.drawn)} by laws fitted to their benches; engine=ngspice as circuits"


def ideal(spec: TrainedCrossbarSpec) -> str:
    """Which blocks are ideal, in a line."""
    drawn = f"; drawn: {', '.join(('synapses', *spec.drawn))}"
    return f"ideal: {', '.join(spec.ideal)}, {WRITE}{drawn}"
