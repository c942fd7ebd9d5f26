"""The bench of a PTAT bias against a deck written by hand, its law over temperature, its start, and a core of one."""

from __future__ import annotations

from dataclasses import replace
from math import log

import pytest
from hand_deck import by_hand

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.simulate import simulate
from analoom.flows.systems.current_source import ptat_bench
from analoom.pdk.corners import corner

pytestmark = pytest.mark.tools

SMALL = {"sinks": (1,), "sources": (1,), "reference": 1, "ratio": 4, "rows": 1}
R_OHM = 0.025852 * log(4) / 50e-9
N = "sky130_fd_pr__nfet_01v8 w=8 l=4 nf=2 nrd=0.03625 nrs=0.03625"
P = "sky130_fd_pr__pfet_01v8 w=4 l=4 nf=2 nrd=0.0725 nrs=0.0725"
DECK = [
    "vd vdd 0 1.8",
    f"x1 in in 0 0 {N}",
    f"x2 fold in r 0 {N} m=4 mult=4",
    f"rr r 0 {R_OHM}",
    f"x3 fold fold vdd vdd {P}",
    f"x4 in fold vdd vdd {P}",
    f"x5 n1 in 0 0 {N}",
    f"x6 p1 fold vdd vdd {P}",
    "vn n1 0 0.9",
    "vp p1 0 0.9",
    ".nodeset v(in)=0.45 v(fold)=0.85",
]


@pytest.fixture(scope="module")
def measured() -> SimResult:
    return simulate(build("ptat_bias", SMALL))


def value(result: SimResult, name: str) -> float:
    return result.metrics[name].value


def test_currents_are_those_of_a_deck_by_hand(measured: SimResult) -> None:
    """Without the start-up, which takes no current then: its trickle of 1 nA goes to vss."""
    with by_hand(DECK) as loaded:
        op = loaded.op()
    assert value(measured, "i_n1") == pytest.approx(-op["vn#branch"], rel=2e-3, abs=0)
    assert value(measured, "i_p1") == pytest.approx(op["vp#branch"], rel=2e-3, abs=0)
    assert value(measured, "ptat_error") == pytest.approx(op["r"] / (0.025852 * log(4)) - 1, abs=2e-3)
    assert value(measured, "r_set") == pytest.approx(R_OHM, rel=1e-3)


def test_the_current_follows_absolute_temperature(measured: SimResult) -> None:
    """1/T at 27 degC within a tenth, where a bias of a held current has a thousandth of it."""
    for pin in ("n1", "p1"):
        assert value(measured, f"temperature_{pin}") == pytest.approx(1 / 300.15, rel=0.1, abs=0)
    assert 0 < value(measured, "ptat_error") < 0.4
    assert 0 < value(measured, "supply_p1") < 0.2


@pytest.mark.full
def test_it_starts_and_without_its_kick_it_does_not() -> None:
    cell = build("ptat_bias", SMALL)
    settings, dut = ptat_bench.Settings(), make_dut(cell, "schematic", corner("tt"), 27.0)
    starts, _ = ptat_bench.started(dut, ptat_bench.PtatBench(cell, settings))
    assert starts is not None and 1e-6 < starts < 1e-3
    dead = replace(cell, circuit=replace(cell.circuit, instances=tuple(map(without_kick, cell.circuit.instances))))
    found, course = ptat_bench.started(
        make_dut(dead, "schematic", corner("tt"), 27.0), ptat_bench.PtatBench(dead, settings)
    )
    assert found is None and course.y[-1] < 1e-9


def without_kick(instance):
    """The start-up's pull with its gate on its source."""
    return replace(instance, nets={**instance.nets, "g": "vss"}) if instance.name == "kick" else instance
