"""What a latch does at rest: its butterfly held and read, the lowest supply that holds a bit, and what leaks."""

from __future__ import annotations

import re
from dataclasses import replace

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError, ToolError

from .butterfly import Half, lobes
from .settings import LatchSettings

INVERTER = "i_"
"""How the names of an inverter's transistors begin, before its node."""
GATES = {"q": "gate_q", "qb": "gate_qb"}
"""By node: the net that its inverter's gates are put on."""
STEPS = 120
"""Steps of a curve from rail to rail."""
HALVINGS = 10
LOWEST_V = 0.01
LEAK_GMIN_S = 1e-20
"""At its usual 1e-15 S the simulator's own conductances would leak as much as a cold latch."""


def curves(dut: Dut, vdd_v: float, word_v: float) -> tuple[Half, Half]:
    """Both halves, q over qb and qb over q; both bit lines at vdd. Raises InputError for a cell that is no latch."""
    opened = replace(dut, text=_opened(dut))
    return _half(opened, vdd_v, word_v, "q", "qb"), _half(opened, vdd_v, word_v, "qb", "q")


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


def _half(opened: Dut, vdd_v: float, word_v: float, seen: str, other: str) -> Half:
    """One half, its gates driven; those of the other follow its node, so that supplies carry what they would."""
    lines = [*levels(vdd_v, wl=word_v), f".global {GATES['q']} {GATES['qb']}", f"v_in {GATES[seen]} 0 0"]
    with circuit(opened.deck(*lines, f"e_other {GATES[other]} 0 {seen} 0 1")) as loaded:
        found = loaded.run(f"dc v_in 0 {vdd_v * (1 + 0.1 / STEPS)!r} {vdd_v / STEPS!r}")
    return Half(found["v-sweep"], found[seen])


def _opened(dut: Dut) -> str:
    """The netlist with the gates of both inverters on nets of their own, as no direct current flows there.

    Forcing a node instead would draw a current through wires and supplies that the latch does not carry.
    """
    text = dut.text
    for net, gate in GATES.items():
        text, count = re.subn(rf"^(X{INVERTER}{net}_[np] \S+) \S+", rf"\1 {gate}", text, flags=re.M)
        if count != 2:
            said = f"{dut.name} has no inverter {INVERTER}{net}"
            raise InputError(said, field="name", remedy="analoom sim latch")
    return text


def _leak(dut: Dut, settings: LatchSettings, high: str, low: str) -> float:
    lines = [*levels(settings.vdd), f".nodeset v({high})={settings.vdd!r} v({low})=0"]
    with circuit(dut.deck(*lines, f".option gmin={LEAK_GMIN_S!r} abstol=1e-18")) as loaded:
        op = loaded.op()
    if op[high] < op[low]:
        raise ToolError(f"{dut.name} does not hold a bit at {settings.vdd:g} V", field="ngspice")
    return sum(max(0.0, -op[f"v_{net}#branch"]) for net in ("vdd", "bl", "blb"))
