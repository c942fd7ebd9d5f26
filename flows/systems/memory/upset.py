"""The charge that upsets a held bit: a short current out of its high node, or into its low one."""

from __future__ import annotations

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import Loaded, circuit

from .settings import ACCURATE, LatchSettings
from .static import levels

PULSE_S, START_S, END_S = 5e-11, 1e-10, 1e-9
LOWEST_C, HIGHEST_C, HALVINGS = 1e-16, 1e-12, 10


def upset_charge(dut: Dut, settings: LatchSettings) -> float:
    """The least charge (C) that one of four pulses of 50 ps flips a bit with, to 1 %: at either node, of either bit."""
    return min(_least(dut, settings, node, one) for node in ("q", "qb") for one in (True, False))


def _least(dut: Dut, settings: LatchSettings, node: str, one: bool) -> float:
    """Found by halving the logarithm, in one loaded circuit."""
    high, low = ("q", "qb") if one else ("qb", "q")
    into = -1 if node == high else 1
    lines = [*levels(settings.vdd), *(f"c_{net} {net} 0 {settings.c_load!r}" for net in ("q", "qb"))]
    lines += ["v_size size 0 0", f"b_hit 0 {node} i=v(size)*v(shape)", _shape()]
    lines.append(f".ic v({high})={settings.vdd!r} v({low})=0")
    low_c, high_c = LOWEST_C, HIGHEST_C
    with circuit(dut.deck(*lines, ACCURATE)) as loaded:
        for _ in range(HALVINGS):
            middle = (low_c * high_c) ** 0.5
            low_c, high_c = (low_c, middle) if _flips(loaded, into * middle, (high, low)) else (middle, high_c)
    return high_c


def _shape() -> str:
    """A pulse of one V, whose area is PULSE_S."""
    edge = PULSE_S / 10
    return f"v_shape shape 0 pulse(0 1 {START_S!r} {edge!r} {edge!r} {PULSE_S - edge!r} 1)"


def _flips(loaded: Loaded, charge_c: float, nodes: tuple[str, str]) -> bool:
    loaded.set("v_size", charge_c / PULSE_S)
    found = loaded.run(f"tran 2e-12 {END_S!r} 0 2e-11")
    high, low = (found[net][-1] for net in nodes)
    return bool(high < low)
