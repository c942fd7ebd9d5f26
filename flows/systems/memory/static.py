"""What a latch does at rest: its butterfly held and read, the lowest supply that holds a bit, and what leaks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import ToolError

from .butterfly import lobes
from .settings import LatchSettings

STEPS = 120
"""Steps of a curve from rail to rail."""
HALVINGS = 10
LOWEST_V = 0.01
LEAK_GMIN_S = 1e-20
"""At its usual 1e-15 S the simulator's own conductances would leak as much as a cold latch."""

Array = NDArray[np.float64]


def curves(dut: Dut, vdd_v: float, word_v: float) -> tuple[Array, Array, Array]:
    """What a node is forced to (V), q while qb is forced and qb while q is, (points,) each; both bit lines at vdd."""
    found = [_curve(dut, vdd_v, word_v, forced) for forced in ("qb", "q")]
    return found[0]["v-sweep"], found[0]["q"], found[1]["qb"]


def margin(dut: Dut, vdd_v: float, word_v: float) -> float:
    """The smaller lobe of the butterfly, V."""
    return min(lobes(*curves(dut, vdd_v, word_v)))


def hold_supply(dut: Dut, vdd_v: float) -> float:
    """The lowest supply that holds both bits, V, to a thousandth of `vdd_v`."""
    low, high = LOWEST_V, vdd_v
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if margin(dut, middle, 0.0) > 0 else (middle, high)
    return high


def leakage(dut: Dut, settings: LatchSettings) -> float:
    """The current that all sources together give to a latch that holds a bit, A; the larger of both bits.

    Raises ToolError for one that does not hold it.
    """
    return max(_leak(dut, settings, high, low) for high, low in (("q", "qb"), ("qb", "q")))


def levels(vdd_v: float, **other: float) -> list[str]:
    """A source on every line of a latch: supplies, the word line low, both bit lines at vdd, or as `other` says."""
    held = {"vdd": vdd_v, "vss": 0.0, "wl": 0.0, "bl": vdd_v, "blb": vdd_v, **other}
    return [f"v_{net} {net} 0 {value!r}" for net, value in held.items()]


def _curve(dut: Dut, vdd_v: float, word_v: float, forced: str) -> dict[str, Array]:
    with circuit(dut.deck(*levels(vdd_v, wl=word_v), f"v_forced {forced} 0 0")) as loaded:
        return loaded.run(f"dc v_forced 0 {vdd_v * (1 + 0.1 / STEPS)!r} {vdd_v / STEPS!r}")


def _leak(dut: Dut, settings: LatchSettings, high: str, low: str) -> float:
    lines = [*levels(settings.vdd), f".nodeset v({high})={settings.vdd!r} v({low})=0"]
    with circuit(dut.deck(*lines, f".option gmin={LEAK_GMIN_S!r} abstol=1e-18")) as loaded:
        op = loaded.op()
    if op[high] < op[low]:
        raise ToolError(f"{dut.name} does not hold a bit at {settings.vdd:g} V", field="ngspice")
    return sum(max(0.0, -op[f"v_{net}#branch"]) for net in ("vdd", "bl", "blb"))
