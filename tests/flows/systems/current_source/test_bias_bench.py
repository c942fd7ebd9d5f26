"""The bench of a bias against a deck written by hand, at two supplies and two temperatures, and a wrong one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_deck import by_hand

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.simulate import simulate
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

N = "sky130_fd_pr__nfet_01v8 w=2 l=4 nf=2 nrd=0.145 nrs=0.145 m=2 mult=2"
P = "sky130_fd_pr__pfet_01v8 w=4 l=4 nf=2 nrd=0.0725 nrs=0.0725 m=2 mult=2"
DECK = [
    "vd vdd 0 1.8",
    "iin vdd in 1u",
    f"xr in in 0 0 {N}",
    f"xn n1 in 0 0 {N}",
    f"xf fold in 0 0 {N}",
    f"xd fold fold vdd vdd {P}",
    f"xp p1 fold vdd vdd {P}",
    "vn n1 0 0.9",
    "vp p1 0 0.9",
]


@pytest.fixture(scope="module")
def bias() -> Cell:
    return build("bias")


@pytest.fixture(scope="module")
def measured(bias: Cell) -> SimResult:
    return simulate(bias)


def value(result: SimResult, name: str) -> float:
    return result.metrics[name].value


def test_outputs_are_those_of_a_deck_by_hand(measured: SimResult) -> None:
    with by_hand(DECK) as loaded:
        op = loaded.op()
        around = {net: loaded.run(f"dc {net} 0.89 0.91 0.02")[f"{net}#branch"] for net in ("vn", "vp")}
    assert value(measured, "i_n1") == pytest.approx(-op["vn#branch"], rel=1e-3, abs=0)
    assert value(measured, "i_p1") == pytest.approx(op["vp#branch"], rel=1e-3, abs=0)
    assert value(measured, "gain_error_n1") == pytest.approx(value(measured, "i_n1") / 1e-6 - 1, rel=1e-6, abs=0)
    assert value(measured, "i_supply") == pytest.approx(1e-6 * 2 + 2 * value(measured, "i_p1"), rel=0.01, abs=0)
    for net, pin in (("vn", "n1"), ("vp", "p1")):
        slope = abs(float(np.diff(around[net])[0])) / 0.02
        assert value(measured, f"g_out_{pin}") == pytest.approx(slope, rel=0.02, abs=0)


def test_supply_and_temperature_are_those_of_a_deck_by_hand(measured: SimResult) -> None:
    with by_hand(DECK) as loaded:
        low, high = loaded.run("dc vd 1.71 1.89 0.18")["vp#branch"]
    assert value(measured, "supply_p1") == pytest.approx(2 * (high - low) / (high + low) / 0.18, rel=0.02, abs=0)
    assert "supply_n1" not in measured.metrics, "a sink does not see the supply"
    at = []
    for degrees in (-40, 22.5, 85):
        with by_hand([*DECK, f".temp {degrees}"]) as loaded:
            at.append(loaded.op()["vp#branch"])
    box = (max(at) - min(at)) / (sum(at) / 3) / 125
    assert value(measured, "temperature_p1") == pytest.approx(box, rel=0.05, abs=0)


@pytest.mark.full
def test_ratios_are_counted_in_units() -> None:
    fields = {"sinks": (1, 2, 4), "sources": (2, 1), "reference": 2}
    found = simulate(build("bias", fields))
    wanted = {"n1": 0.5, "n2": 1.0, "n3": 2.0, "p1": 1.0, "p2": 0.5}
    for pin, ratio in wanted.items():
        assert value(found, f"i_{pin}") == pytest.approx(ratio * 1e-6, rel=0.03, abs=0)
    assert 0.05 < value(found, "v_limit_n1") < 0.9 < value(found, "v_limit_p1") < 1.75


def test_a_source_that_hangs_on_the_input_is_refused(bias: Cell) -> None:
    """The fold on a port: there is no p diode to find."""
    sinks, sources = bias.circuit.instances
    wrong = (replace(sinks, nets={**sinks.nets, "out3": "n1"}), sources)
    with pytest.raises(InputError, match="0 folds where one is expected"):
        simulate(replace(bias, circuit=replace(bias.circuit, instances=wrong)))


@pytest.mark.full
@pytest.mark.parametrize("name", ["ss", "ff"])
def test_corners_leave_the_ratios(measured: SimResult, name: str) -> None:
    found = simulate(build("bias"), corner=name)
    assert value(found, "i_p1") == pytest.approx(value(measured, "i_p1"), rel=0.02, abs=0)
    assert abs(value(found, "v_in") - value(measured, "v_in")) > 0.01
