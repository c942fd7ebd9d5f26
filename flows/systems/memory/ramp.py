"""The level of a bit line that writes a latch: one is let down slowly while the word line is high."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit

from .settings import ACCURATE
from .static import levels

RAMP_S, BACK_S = 2e-6, 2e-7
"""Time from vdd to nothing, a thousand times what a latch needs, and the time back."""
STEP_S = RAMP_S / 100

Array = NDArray[np.float64]


def write_level(dut: Dut, vdd_v: float) -> float:
    """The highest level of a bit line that writes, V, of the bit that is harder to write; 0 where none does."""
    lines = [line for line in levels(vdd_v, wl=vdd_v) if not line.startswith(("v_bl ", "v_blb "))]
    with circuit(dut.deck(*lines, *ramps(vdd_v), f".ic v(q)={vdd_v!r} v(qb)=0", ACCURATE)) as loaded:
        found = loaded.run(ramp_analysis())
    return min(levels_at(found, "q", "qb"))


def ramps(vdd_v: float) -> list[str]:
    """First bl falls, which writes a 0, then blb, which writes a 1."""
    ends = ramp_ends()
    shapes = {}
    for bit, (start, end) in zip(("bl", "blb"), ends, strict=True):
        before = f"0 {vdd_v!r}" if start == 0 else f"0 {vdd_v!r} {start!r} {vdd_v!r}"
        shapes[bit] = f"pwl({before} {end!r} 0 {end + BACK_S!r} {vdd_v!r})"
    return [f"v_{bit} {bit} 0 dc {vdd_v!r} {shape}" for bit, shape in shapes.items()]


def ramp_ends() -> tuple[tuple[float, float], tuple[float, float]]:
    """When each ramp begins and ends, s."""
    second = RAMP_S + 2 * BACK_S
    return (0.0, RAMP_S), (second, second + RAMP_S)


def ramp_analysis() -> str:
    return f"tran {STEP_S!r} {ramp_ends()[1][1]!r} 0 {STEP_S!r}"


def levels_at(found: Mapping[str, Array], q: str, qb: str) -> tuple[float, float]:
    """The levels of bl and of blb as the bit turns, V; 0 where it does not."""
    return _level(found, "bl", found[qb] - found[q], 0), _level(found, "blb", found[q] - found[qb], 1)


def _level(found: Mapping[str, Array], bit: str, towards_v: Array, which: int) -> float:
    """`towards_v` is above zero once the bit is written."""
    t, (start, end) = found["time"], ramp_ends()[which]
    inside = np.flatnonzero((t >= start) & (t <= end))
    turned = np.flatnonzero(towards_v[inside] > 0)
    if not turned.size or turned[0] == 0:
        return 0.0
    k = inside[turned[0]]
    return float(np.interp(0.0, towards_v[k - 1 : k + 1], found[bit][k - 1 : k + 1]))
