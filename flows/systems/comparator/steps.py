"""What a continuous comparator does after a step of `inp`, while `inn` stands still.

The step goes from `v_before` on one side of `inn` to the overdrive on the other. The delay ends where `out` passes half
the supply. An auto-zeroed comparator first stores its offset with both inputs at the common level, and then runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.amplifier.zeroed import EDGE_S, RUNS_S, waves
from analoom.pdk.errors import InputError

from .continuous import ContinuousPoint

WINDOW_S, WIDER, TRIES, POINTS = 4e-7, 5.0, 4, 200
"""The first window after a step, by what it is widened where the output has not moved, how often, and its points."""
EDGE = 1e-4
"""Rise time of a step by the window."""
SETTLED = 2.5
"""How long an auto-zeroed comparator runs before a step, by the window."""
ACCURATE = ".option method=gear reltol=1e-4 chgtol=1e-17 abstol=1e-13 vntol=1e-7"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """A step's answer: `delay_s`, supply `energy_j` until then, `kick_v` the largest excursion of `inn`."""

    delay_s: float
    energy_j: float
    kick_v: float


@dataclass(frozen=True)
class Steps:
    """A comparator under steps; sources of `inn` have `r_source_ohm`."""

    dut: Dut
    point: ContinuousPoint
    c_load: float
    r_source_ohm: float
    v_before: float
    phases: tuple[str, ...] = ()
    """Lines of an auto-zeroed comparator that runs, for direct current."""

    def step(self, overdrive_v: float, up: bool) -> Step:
        """The answer to a step to `overdrive_v` above `inn` (`up`) or below. Raises InputError where none comes."""
        for attempt in range(TRIES):
            window = WINDOW_S * WIDER**attempt
            found = self._run(overdrive_v if up else -overdrive_v, window)
            end = _passes(found, self.point.vdd / 2, up, self._at(window))
            if end is not None:
                return self._answer(found, end, self._at(window))
        raise InputError(
            f"{self.dut.cell.name} does not decide within {window:.2g} s after a step to {overdrive_v:g} V",
            field="settings.overdrive",
            remedy="a larger overdrive or i_bias, or a common level inside the input range",
        )

    def power_w(self) -> float:
        """Supply power at rest, the mean over both states."""
        currents = [self._run(v, WINDOW_S, still=True)["v_vdd#branch"][0] for v in (self.v_before, -self.v_before)]
        return float(-self.point.vdd * np.mean(currents))

    def _run(self, to_v: float, window_s: float, *, still: bool = False) -> dict[str, Array]:
        point = self.point
        lines = [
            ACCURATE,
            f"v_vdd vdd 0 {point.vdd!r}",
            "v_vss vss 0 0",
            f"i_b vdd bias {point.i_bias!r}",
            f"v_p inp 0 {point.v_cm + to_v!r} {'' if still else self._wave(to_v, window_s)}",
            f"v_n held 0 {point.v_cm!r}",
            f"r_n held inn {self.r_source_ohm!r}",
            f"c_load out 0 {self.c_load!r}",
            *self._phases(window_s, still=still),
        ]
        with circuit(self.dut.deck(*lines)) as loaded:
            return loaded.run("op") if still else loaded.run(f"tran {window_s / POINTS!r} {self._end(window_s)!r}")

    def _phases(self, window_s: float, *, still: bool) -> Sequence[str]:
        return self.phases if still or not self.phases else waves(self.point.vdd, 2 * self._end(window_s))

    def _wave(self, to_v: float, window_s: float) -> str:
        """`inp`: on the other side of `inn` before the step, and at the common level while an offset is stored."""
        v_cm, rise = self.point.v_cm, EDGE * window_s
        before, at = v_cm - float(np.copysign(self.v_before, to_v)), self._at(window_s)
        stored = f"0 {v_cm!r} {RUNS_S!r} {v_cm!r} {RUNS_S + EDGE_S!r} {before!r}"
        start = stored if self.phases else f"0 {before!r}"
        return f"pwl({start} {at!r} {before!r} {at + rise!r} {v_cm + to_v!r})"

    def _at(self, window_s: float) -> float:
        """When the step comes, s."""
        return window_s / 20 + (RUNS_S + SETTLED * window_s if self.phases else 0.0)

    def _end(self, window_s: float) -> float:
        return self._at(window_s) + window_s * 19 / 20

    def _answer(self, found: dict[str, Array], end_s: float, at: float) -> Step:
        time, current = found["time"], -found["v_vdd#branch"]
        inside = (time > at) & (time < end_s)
        ends = np.interp([at, end_s], time, current)
        charge = np.trapezoid([ends[0], *current[inside], ends[1]], [at, *time[inside], end_s])
        kick = float(np.abs(found["inn"] - self.point.v_cm)[time > at].max())
        return Step(end_s - at, float(self.point.vdd * charge), kick)


def step_metrics(steps: Steps, overdrive_v: float, overdrives: Sequence[float]) -> tuple[dict[str, Metric], Curve]:
    """`delay_up`, `delay_down`, `kickback`, `energy` and `power`; the curve of the longer delay over overdrive."""
    up, down = steps.step(overdrive_v, True), steps.step(overdrive_v, False)
    metrics = {
        "delay_up": Metric(up.delay_s, "s"),
        "delay_down": Metric(down.delay_s, "s"),
        "kickback": Metric(max(up.kick_v, down.kick_v), "V"),
        "power": Metric(steps.power_w(), "W"),
        "energy": Metric((up.energy_j + down.energy_j) / 2, "J"),
    }
    delays = [max(steps.step(v, side).delay_s for side in (True, False)) for v in overdrives]
    return metrics, Curve(np.array(overdrives), np.array(delays), "overdrive (V)", "delay (s)")


def _passes(found: dict[str, Array], level_v: float, up: bool, at_s: float) -> float | None:
    """When `out` passes `level_v` after a step at `at_s`, s; None where it does not, or is beyond it before."""
    time, beyond = found["time"], (found["out"] - level_v) * (1 if up else -1)
    past = np.flatnonzero((time > at_s) & (beyond > 0))
    if not past.size or np.interp(at_s, time, beyond) > 0:
        return None
    k = int(past[0])
    return float(time[k - 1] - beyond[k - 1] * (time[k] - time[k - 1]) / (beyond[k] - beyond[k - 1]))
