"""The testbench of a latch: margins at rest, times and energies of a write and of a read, and what upsets it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric

from .butterfly import Half, lobes
from .dynamic import disturb_metrics, read_metrics, write_metrics
from .ramp import write_level
from .settings import LatchSettings
from .static import curves, hold_supply, leakage
from .upset import upset_charge


def measure(dut: Dut, settings: LatchSettings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Metrics and curves of a latch; the glossary says what each is."""
    v = settings.vdd
    held, read = curves(dut, v, 0.0), curves(dut, v, v)
    writing, traces = write_metrics(dut, settings)
    metrics = {
        "hold_margin": Metric(min(lobes(*held)), "V"),
        "read_margin": Metric(min(lobes(*read)), "V"),
        "write_margin": Metric(write_level(dut, v), "V"),
        "hold_supply": Metric(hold_supply(dut, v), "V"),
        "leakage": Metric(leakage(dut, settings), "A"),
        **writing,
        **read_metrics(dut, settings),
        **disturb_metrics(dut, settings),
        "upset_charge": Metric(upset_charge(dut, settings), "C"),
    }
    return Measured(metrics, {**_wings("held", held), **_wings("read", read), **traces})


def _wings(name: str, halves: tuple[Half, Half]) -> dict[str, Curve]:
    """Both halves of a butterfly over the same axis."""
    q, qb = halves
    return {
        f"{name}_q": Curve(q.gates_v, q.node_v, "qb (V)", "q (V)"),
        f"{name}_qb": Curve(qb.node_v, qb.gates_v, "qb (V)", "q (V)"),
    }
