"""The bench of an update: charges of one sample at several moves, rows and weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import Loaded, circuit

from .settings import UpdateSettings
from .stand import Sample

Array = NDArray[np.float64]
HELD, MIRROR = "held", "m"
BAND_V, BAND_FRAC = 1e-4, 0.02


@dataclass(frozen=True)
class _Charges:
    """Charges of an update, C, each from a sample of its own."""

    sample: Sample
    loaded: Loaded

    def at(self, move: float, row: float | None = None, weight: float | None = None) -> float:
        s = self.sample.settings
        row, weight = s.row if row is None else row, s.weight if weight is None else weight
        return self.sample.charge(self.sample.run(self.loaded, move, row, weight))

    def line(self, row: float | None = None, weight: float | None = None) -> tuple[float, float]:
        """Charge without a move and its slope by the move (C/V)."""
        move = self.sample.settings.move
        up, down = (self.at(sign * move, row, weight) for sign in (1, -1))
        return (up + down) / 2, (up - down) / (2 * move)


def measure_update(dut: Dut, settings: UpdateSettings, weights: Array | None = None) -> Measured:
    """Gain and offset of an update at three weights, its bends, what it takes to settle, and its power."""
    sample, moving = Sample(settings), dut.transient or dut
    lines = [*sample.shared(), *sample.own()]
    with circuit(moving.deck(*lines)) as loaded:
        charges = _Charges(sample, loaded)
        held = sample.run(loaded, settings.move, settings.row, settings.weight)
        metrics = {**_charges(charges), **_times(moving, sample, held)}
    time = held["time"]
    curves = {
        name: Curve(time, held[moving.inner(net)], "time (s)", f"{label} (V)")
        for name, net, label in (("copier", HELD, "gate of the copier"), ("mirror", MIRROR, "gate of the mirror"))
    }
    power = settings.vdd * -float(np.interp(sample.null_s, time, held["v_vdd#branch"]))
    return Measured({**metrics, "power": Metric(power, "W")}, curves, devices=device_points(dut, *lines))


def _charges(charges: _Charges) -> dict[str, Metric]:
    s = charges.sample.settings
    still, slope = charges.line()
    low, high = (charges.line(weight=s.weight + way * s.reach) for way in (-1, 1))
    quarter = charges.line(row=s.row / 4)[1]
    far = (charges.at(s.span) - charges.at(-s.span)) / 2
    return {
        "charge_gain": Metric(-slope / s.row, "C/V2"),
        "offset": Metric(still / slope, "V"),
        "offset_low": Metric(low[0] / low[1], "V"),
        "offset_high": Metric(high[0] / high[1], "V"),
        "charge_empty": Metric(charges.at(0.0, row=0.0), "C"),
        "bend": Metric(far / (slope * s.span) - 1, "frac"),
        "bend_row": Metric(slope / (4 * quarter) - 1, "frac"),
    }


def _times(dut: Dut, sample: Sample, found: dict[str, Array]) -> dict[str, Metric]:
    time, held, mirror = found["time"], found[dut.inner(HELD)], found[dut.inner(MIRROR)]
    before, after = (float(np.interp(t, time, held)) for t in (sample.null_s, sample.move_s))
    nulled = (time > sample.az_s) & (time <= sample.null_s)
    moved = (time > sample.move_s) & (time <= sample.up_s)
    step = float(mirror[moved][-1] - mirror[moved][0])
    return {
        "kept": Metric(after - before, "V"),
        "settling_null": Metric(_settled(time[nulled], held[nulled] - before, BAND_V) - sample.az_s, "s"),
        "settling_move": Metric(
            _settled(time[moved], mirror[moved] - mirror[moved][-1], BAND_FRAC * abs(step)) - sample.move_s, "s"
        ),
    }


def _settled(time: Array, off: Array, band: float) -> float:
    """When it last was outside the band, s."""
    late = np.abs(off) > band
    return float(time[late].max(initial=time[0]))
