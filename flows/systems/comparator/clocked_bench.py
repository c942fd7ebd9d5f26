"""The testbench of a clocked comparator: its trip point, and what it does in one cycle of the clock.

Random mismatch is not in these numbers: they are what circuit, drawing and corner do by themselves. Noise is that of
one decision (`decision_noise`), as ngspice has none of a circuit that moves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.simulator.ngspice import circuit

from .clocked import RAW, ClockedBench, ClockedPoint
from .cycles import Cycle, decided, range_v
from .decision_noise import decision_noise
from .trip import Reading, find_reading, trips_v

OVERDRIVES_V = (1e-4, 1e-3, 1e-2, 1e-1)
"""Those of the curve of the delay."""
SAVED = f".save v({RAW[0]}) v({RAW[1]})"
NOT_LINEAR = "noise of a decision: not told, the linear network's growth is {:.1%} off that of the circuit"
PATIENCE = 5.0
"""How long the smallest overdrive is waited for, by the delay at that of the settings."""

Array = NDArray[np.float64]


class Settings(ClockedPoint):
    """How a clocked comparator is measured."""

    f_clk: float = Field(1e8, ge=1e3, le=2e9, description="clock frequency", json_schema_extra={"unit": "Hz"})
    overdrive: float = Field(
        0.01, ge=1e-4, le=0.5, description="difference of the inputs that is decided", json_schema_extra={"unit": "V"}
    )
    r_source: float = Field(
        1e4, ge=1, le=1e9, description="resistance in front of each input kicked", json_schema_extra={"unit": "ohm"}
    )


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics, see the glossary. Raises InputError where the latch does not decide within half a clock period."""
    bench = ClockedBench(settings, 0.5 / settings.f_clk - settings.edge)
    reading = reading_of(dut, bench)
    low, high = (_trip(dut, bench, reading, before) for before in (False, True))
    offset = (low + high) / 2
    up, down = (decided(dut, bench, offset, sign * settings.overdrive) for sign in (1, -1))
    kicked = decided(dut, bench, offset, settings.overdrive, settings.r_source)
    quick = replace(bench, high_s=min(bench.high_s, PATIENCE * up.latch_s))
    delays = [decided(dut, quick, low, v, cycle=False).latch_s for v in OVERDRIVES_V]
    noise = decision_noise(dut, bench, low, reading)
    levels, ends = range_v(dut, bench, offset + settings.overdrive, up.latch_s)
    metrics = {
        "offset": Metric(offset, "V"),
        "hysteresis": Metric(low - high, "V"),
        "delay_up": Metric(up.delay_s, "s"),
        "delay_down": Metric(down.delay_s, "s"),
        "delay_latch": Metric(max(up.latch_s, down.latch_s), "s"),
        "tau": Metric(reading.tau_s, "s"),
        "kickback": Metric(kicked.kick_v, "V"),
        "kickback_common": Metric(kicked.common_v, "V"),
        "input_low": Metric(ends[0], "V"),
        "input_high": Metric(ends[1], "V"),
        "reset_time": Metric(max(up.reset_s, down.reset_s), "s"),
        **_energies(up, down, settings),
        **noise.metrics(),
    }
    curves = {
        "delay": Curve(np.array(OVERDRIVES_V), np.array(delays), "overdrive (V)", "delay of the latch (s)"),
        "delay_over_level": Curve(*levels, "common level (V)", "delay of the latch (s)"),
    }
    return Measured(metrics, curves, notes=() if noise.metrics() else (NOT_LINEAR.format(noise.growth_error),))


def reading_of(dut: Dut, bench: ClockedBench) -> Reading:
    """When the latch of a cell is read."""
    with circuit(dut.deck(*bench.lines(), SAVED)) as loaded:
        return find_reading(loaded, bench)


def _trip(dut: Dut, bench: ClockedBench, reading: Reading, high: bool) -> float:
    """The trip point where `q` was high or low before, V."""
    with circuit(dut.deck(*bench.lines(high=high), SAVED)) as loaded:
        return float(trips_v(loaded, [""], reading)[0])


def _energies(up: Cycle, down: Cycle, settings: Settings) -> dict[str, Metric]:
    energy = (up.energy_j + down.energy_j) / 2
    return {
        "energy": Metric(energy, "J"),
        "energy_clock": Metric((up.clock_j + down.clock_j) / 2, "J"),
        "power": Metric(energy * settings.f_clk, "W"),
        "i_leak": Metric(up.leak_a, "A"),
    }
