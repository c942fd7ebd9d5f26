"""A ramp over one cycle of its switch: let go, ramping, and reset again; what its slope and its ends are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError

from .ramp_lines import EDGE_S, RAMP, START_S, RampBench

Array = NDArray[np.float64]
LONGER, RESET_TIME_CONSTANTS = 1.3, 20
RESET_V = 1e-3
"""How near the reset must come to its last value."""
_POINTS, _AC_HZ = 400, 1e5


@dataclass(frozen=True)
class Cycle:
    """Voltage `v` (points,) V over `time` (points,) s from the switch's opening on."""

    time: Array
    v: Array
    range_v: tuple[float, float]

    @property
    def held_v(self) -> float:
        """Before the switch opens."""
        return float(self.v[self.time <= 0][-1])

    @property
    def crossings_s(self) -> tuple[float, float]:
        """When the ramp enters and leaves its range. Raises InputError where it does not."""
        time, v = self.time[self.time > EDGE_S], self.v[self.time > EDGE_S]
        falling = self.range_v[1] < self.range_v[0]
        rising_v, wanted = (-v, [-x for x in self.range_v]) if falling else (v, list(self.range_v))
        steady = np.maximum.accumulate(rising_v)
        if steady[0] > wanted[0] or steady[-1] < wanted[1]:
            said = f"the ramp runs from {v[0]:.3g} to {v[-1]:.3g} V and leaves out a part of its range"
            raise InputError(said, field="settings.v_to", remedy="a range nearer to the reset level")
        first, last = (float(np.interp(x, steady, time)) for x in wanted)
        return first, last

    @property
    def slope(self) -> float:
        """Between both ends of the range, V/s, by its sign."""
        first, last = self.crossings_s
        return (self.range_v[1] - self.range_v[0]) / (last - first)

    @property
    def nonlinearity(self) -> float:
        """Farthest that the ramp lies off the line through both ends, by the range."""
        first, last = self.crossings_s
        inside = (self.time > first) & (self.time < last)
        off = self.v[inside] - self.range_v[0] - self.slope * (self.time[inside] - first)
        return float(np.abs(off).max() / abs(self.range_v[1] - self.range_v[0]))

    @property
    def pedestal_v(self) -> float:
        """What the switch's opening adds: the line through the range, traced back along the first tenth of it."""
        first, last = self.crossings_s
        tenth = (self.time >= first) & (self.time <= first + (last - first) / 10)
        traced_back = np.polynomial.Polynomial.fit(self.time[tenth], self.v[tenth], 1)
        return float(traced_back(0.0)) - self.held_v


def one_ramp(dut: Dut, bench: RampBench) -> Cycle:
    """The ramp from the opening of its switch on, a little longer than it should take."""
    span_s = LONGER * bench.span_s
    with circuit(dut.deck(*bench.lines(bench.switched(on=False)))) as loaded:
        found = loaded.run(f"tran {span_s / _POINTS!r} {START_S + span_s!r} 0 {span_s / _POINTS!r}")
    return Cycle(found["time"] - START_S, found[RAMP], bench.volts[1:])


def reset_time_s(dut: Dut, bench: RampBench) -> float:
    """From the switch's closing, at the end of the range, until the voltage stays within RESET_V of its last value."""
    span_s = RESET_TIME_CONSTANTS * reset_constant_s(dut, bench)
    start = f".ic v({RAMP})={bench.volts[2]!r}"
    with circuit(dut.deck(*bench.lines(bench.switched(on=True)), start)) as loaded:
        found = loaded.run(f"tran {span_s / _POINTS!r} {START_S + span_s!r} 0 {span_s / _POINTS!r}")
    late = found["time"][np.abs(found[RAMP] - found[RAMP][-1]) > RESET_V]
    return float(late[-1] - START_S)


def reset_constant_s(dut: Dut, bench: RampBench) -> float:
    """Capacitance by conductance at the ramp with the switch on."""
    admittance = admittance_s(dut, bench, on=True)
    return admittance.imag / (2 * np.pi * _AC_HZ) / admittance.real


def capacitance_f(dut: Dut, bench: RampBench) -> float:
    """All that the ramp sees with the switch off in the middle of its range, F."""
    return admittance_s(dut, bench, on=False).imag / (2 * np.pi * _AC_HZ)


def admittance_s(dut: Dut, bench: RampBench, *, on: bool) -> complex:
    """Small signal, at the ramp: held in the middle of its range with the switch off."""
    probe = f"i_probe 0 {RAMP} 0 ac 1" if on else f"v_probe {RAMP} 0 {middle_v(bench)!r} ac 1"
    with circuit(dut.deck(*bench.lines(bench.switch(on)), probe)) as loaded:
        found = loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")
    return 1 / complex(found[RAMP][0]) if on else -complex(found["v_probe#branch"][0])


def middle_v(bench: RampBench) -> float:
    """The middle of the range in use."""
    return sum(bench.volts[1:]) / 2
