"""The bench of a soma: what units on its gate lines carry by its current, over four decades, and how fast it settles.

Four units read each gate line, so that a slope is 1 by design. It settles with synapses on its lines: gates of seven
units a polarity each, conducting, and a wire's capacitance; supply current and power are the soma's alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.pdk.corners import VDD_V

from .settings import SomaSettings, soma_current_a, unit_spec
from .solver.somas import UNITS
from .solver.synapses import PATH_UNITS
from .step import pulse, settled
from .unit_lines import SUPPLIES, units

DECADES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Currents of the curve, by the soma's."""
TENTH, FULL = DECADES.index(0.1), DECADES.index(1.0)
SPAN_S_A = 5e-13
"""Length of the first transient by 1/current and by synapse, s A: some ten time constants."""
READERS = ("v_rp", "v_rn")

Array = NDArray[np.float64]


class Settings(SomaSettings):
    """Where a soma is measured."""


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics; slopes change with current, which one number a soma cannot tell: `slope_change`."""
    full = soma_current_a(dut.cell, settings)
    held = [*lines(dut, settings, f"dc {full!r}")]
    with circuit(dut.deck(*held)) as loaded:
        slopes, supply = _over_current(loaded, full)
    found = {
        "slope_p": Metric(slopes[FULL, 0], "frac"),
        "slope_n": Metric(slopes[FULL, 1], "frac"),
        "neg_over_pos": Metric(slopes[FULL, 1] / slopes[FULL, 0], "frac"),
        "slope_change": Metric(slopes[FULL, 0] / slopes[TENTH, 0] - 1, "frac"),
        "i_supply": Metric(supply, "A"),
        "power": Metric(VDD_V * supply, "W"),
    }
    curves = {"slope": Curve(np.array(DECADES) * full, slopes[:, 0], "soma current (A)", "slope of positive paths")}
    for name, ends in (("settling_up", (0.0, full)), ("settling_down", (full, 0.0))):
        time, course = step(dut, settings, ends)
        curves[name] = course
        found |= {} if time is None else {name: Metric(time, "s")}
    return Measured(found, curves, devices=device_points(dut, *held))


def lines(dut: Dut, settings: SomaSettings, source: str) -> Iterator[str]:
    """The bench's lines: the input, readers through `v_rp` and `v_rn`, and the load."""
    spec, loads = unit_spec(dut.cell), PATH_UNITS * settings.fan_out
    yield from (*SUPPLIES, f"v_load load 0 {VDD_V!r}", f"i_in 0 iin {source}")
    yield from (f"{name} {name[2:]} 0 {settings.v_pin!r}" for name in (*READERS, "v_held"))
    yield units("read_p", spec, ("rp", "vp", "load"), True, UNITS)
    yield units("read_n", spec, ("rn", "vn", "vss"), False, UNITS)
    if loads:
        yield units("load_p", spec, ("held", "vp", "load"), True, loads)
        yield units("load_n", spec, ("held", "vn", "vss"), False, loads)
        yield from (f"c_{net} {net} 0 {settings.c_tap * settings.fan_out!r}" for net in ("vp", "vn"))


def step(dut: Dut, settings: SomaSettings, ends: tuple[float, float]) -> tuple[float | None, Curve]:
    """Time (s) until both readers have settled after a step between two input currents (A), and the slower's course."""
    span = SPAN_S_A * (1 + settings.fan_out) / max(ends)
    moving = dut.transient or dut
    return settled(moving.deck(*lines(dut, settings, pulse(*ends))), READERS, span, settings.settled)


def _over_current(loaded: Loaded, full: float) -> tuple[Array, float]:
    """Slopes (currents, 2) of both polarities, and the supply's current (A) at the full one."""
    found = []
    for part in DECADES:
        loaded.set("i_in", part * full)
        op = loaded.op()
        found.append([op["v_rp#branch"] / (part * full), -op["v_rn#branch"] / (part * full)])
        if part == 1.0:
            supply = -op["v_vdd#branch"]
    return np.array(found), float(supply)
