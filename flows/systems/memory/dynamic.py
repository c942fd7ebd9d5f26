"""A latch over time: written both ways, read, and its supply dropped for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit

from .settings import ACCURATE, EDGE_S, LatchSettings
from .waves import Step, given_j, reaches, source

DIP_S = 1e-8
STILL_S = 1e-9
"""From the start to the first event."""

Array = NDArray[np.float64]
Waves = Mapping[str, tuple[float, Sequence[Step]]]


def write_metrics(dut: Dut, settings: LatchSettings) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`write_time`: from the middle of the word line's rise to the later of both nodes, the slower of both bits.

    `write_energy`: what word line, bit lines and supply give for a write that changes the bit, nothing recovered.
    """
    v, phase = settings.vdd, settings.t_phase
    starts = [STILL_S, STILL_S + 2 * phase]
    word = [step for at in starts for step in ((at, v), (at + phase, 0.0))]
    lows = [((at - STILL_S / 2, 0.0), (at + phase + STILL_S / 2, v)) for at in starts]
    waves: Waves = {"wl": (0.0, word), "bl": (v, lows[0]), "blb": (v, lows[1])}
    found = _run(dut, settings, waves, 4 * phase + STILL_S, one=True)
    times = [_written_s(found, at + EDGE_S / 2, v, one=one) for at, one in zip(starts, (False, True), strict=True)]
    energy = given_j(found, 0.0, found["time"][-1]) / len(starts)
    metrics = {"write_time": Metric(max(times), "s"), "write_energy": Metric(energy, "J")}
    return metrics, {"write_q": Curve(found["time"], found["q"], "t (s)", "q (V)")}


def read_metrics(dut: Dut, settings: LatchSettings) -> dict[str, Metric]:
    """`read_time`: from the middle of the word line's rise until a bit line let go at vdd is down by half of it, the
    slower of both; `read_rise`: the most that the low node rises meanwhile."""
    found = [_read(dut, settings, one=one) for one in (True, False)]
    falling = zip(found, ("blb", "bl"), strict=True)
    times = [reaches(traces, bit, settings.vdd / 2, STILL_S, rising=False) for traces, bit in falling]
    rises = [float(f[low].max() - f[low][0]) for f, low in zip(found, ("qb", "q"), strict=True)]
    return {"read_time": Metric(max(times) - EDGE_S / 2, "s"), "read_rise": Metric(max(rises), "V")}


def disturb_metrics(dut: Dut, settings: LatchSettings) -> dict[str, Metric]:
    """`dip_left`: the least difference of the nodes while the supply has dropped; `bit_step`: the most that a held node
    moves as both bit lines fall beside it."""
    v, end = settings.vdd, STILL_S + DIP_S
    dips, steps = [], []
    for one in (True, False):
        high, low = ("q", "qb") if one else ("qb", "q")
        found = _run(dut, settings, {"vdd": (v, [(STILL_S, settings.dip), (end, v)])}, end + DIP_S, one=one)
        dips.append(float(np.min(found[high] - found[low])))
        falls: Waves = {bit: (v, [(STILL_S, 0.0)]) for bit in ("bl", "blb")}
        found = _run(dut, settings, falls, 2 * STILL_S, one=one)
        steps += [float(np.abs(found[node] - found[node][0]).max()) for node in ("q", "qb")]
    return {"dip_left": Metric(min(dips), "V"), "bit_step": Metric(max(steps), "V")}


def _written_s(found: Mapping[str, Array], at_s: float, vdd_v: float, *, one: bool) -> float:
    """From a moment until both nodes stand for the bit, before the next write."""
    now = found["time"] < at_s + STILL_S + (found["time"][-1] - STILL_S) / 2 - 2 * STILL_S
    part = {name: values[now] for name, values in found.items()}
    return max(reaches(part, net, vdd_v / 2, at_s, rising=(net == "q") == one) for net in ("q", "qb"))


def _read(dut: Dut, settings: LatchSettings, *, one: bool) -> dict[str, Array]:
    """Both bit lines precharged and let go, then the word line."""
    held: Waves = {"wl": (0.0, [(STILL_S, settings.vdd)])}
    return _run(dut, settings, held, STILL_S + settings.t_phase, one=one, floating=("bl", "blb"))


def _run(
    dut: Dut, settings: LatchSettings, waves: Waves, until_s: float, *, one: bool, floating: Sequence[str] = ()
) -> dict[str, Array]:
    """A transient that starts with the bit held, bit lines at vdd; `waves` by net are start and steps."""
    v = settings.vdd
    rest: dict[str, tuple[float, Sequence[Step]]] = {"vdd": (v, ()), "vss": (0.0, ()), "wl": (0.0, ())}
    rest |= {"bl": (v, ()), "blb": (v, ())}
    lines = [source(net, *(waves.get(net, wave))) for net, wave in rest.items() if net not in floating]
    lines += [f"c_{net} {net} 0 {settings.c_load!r}" for net in ("q", "qb")]
    lines += [f"c_{net} {net} 0 {settings.c_bit!r}" for net in ("bl", "blb")]
    high, low = ("q", "qb") if one else ("qb", "q")
    lines.append(f".ic v({high})={v!r} v({low})=0 " + " ".join(f"v({net})={v!r}" for net in floating))
    with circuit(dut.deck(*lines, ACCURATE)) as loaded:
        return loaded.run(f"tran {settings.t_phase / 400!r} {until_s!r} 0 {settings.t_phase / 100!r}")
