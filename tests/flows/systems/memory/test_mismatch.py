"""Mismatch of latches: sigmas and failures by formula, counted, and drawn by ngspice from the model files."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch
from analoom.flows.systems.memory.copies import METRICS
from analoom.flows.systems.memory.mismatch import MemoryAnalysis, MemoryStatistics

pytestmark = pytest.mark.tools

LOW = MemoryAnalysis(vdd=0.7)
"""A supply at which one latch in twelve takes no bit."""


@pytest.mark.slow
def test_failures_by_formula_are_those_counted():
    """The formula of two margins with one correlation, against 20,000 latches drawn; a die of 64 fails for any."""
    latches = MemoryStatistics(build("latch"), 64, settings=LOW)
    closed, counted = latches.figures(None), latches.figures(latches.drawn(np.random.default_rng(1), 20_000))
    low, high = counted["write_fail"].ci95
    assert 0.01 < low < closed["write_fail"].value < high
    assert not low < 1.2 * closed["write_fail"].value < high, "or a formula of twice one bit's would pass"
    any_of_64 = 1 - (1 - closed["write_fail"].value) ** 64
    assert closed["write_fail_die"].value == pytest.approx(any_of_64, rel=1e-6)


@pytest.mark.full
@pytest.mark.parametrize("model", ["continuous", "binned"])
def test_sigmas_by_formula_are_those_of_ngspice(model):
    """To 10 % of 300 latches: their own interval, and what is not linear."""
    closed = mismatch(build("latch"), model=model)
    judged = mismatch(build("latch"), model=model, engine="ngspice", samples=300)
    for name in METRICS:
        low, high = judged.metrics[name].ci95
        assert 0.97 * low < closed.metrics[name].sigma < 1.03 * high, name
    wide = mismatch(build("latch", w=1.0), model=model)
    assert all(wide.metrics[name].sigma < 0.8 * judged.metrics[name].ci95[0] for name in METRICS)
