"""The bench of a current DAC against a deck written by hand, the transistors' own slopes, and DACs that are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hand_deck import by_hand

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate
from analoom.flows.systems.current_source import dac_bench
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

CODES = (0, 7, 8, 15)
UNIT = "sky130_fd_pr__nfet_01v8 w=2 l=2 nf=2 ad=0.29 as=0.58 pd=2.58 ps=5.16 nrd=0.145 nrs=0.145"


@pytest.fixture(scope="module")
def dac() -> Cell:
    return build("current_dac")


@pytest.fixture(scope="module")
def measured(dac: Cell) -> SimResult:
    return simulate(dac)


def value(result: SimResult, name: str) -> float:
    return result.metrics[name].value


def switch(k: int) -> str:
    """That of bit k: 2^k fingers of .42 twice, on drains of .29."""
    n = 2**k
    ad, as_, pd, ps = 0.42 * 0.29 * n, 0.42 * 0.29 * (n + 1), 2 * n * 0.71, 2 * (n + 1) * 0.71
    size = (
        f"w={0.84 * n} l=0.15 nf={2 * n} ad={ad} as={as_} pd={pd} ps={ps} nrd={0.29 / 0.84 / n} nrs={0.29 / 0.84 / n}"
    )
    return f"sky130_fd_pr__nfet_01v8 {size}"


def dac_by_hand(tag: str, gates: list[str]) -> list[str]:
    """A DAC of four bits: two units of 1 uA each at the input, an output at 0.9 V, gates as given."""
    bits = [
        line
        for k, gate in enumerate(gates)
        for line in (
            f"xu{k}{tag} l{k}{tag} in{tag} 0 0 {UNIT} m={2**k} mult={2**k}",
            f"xs{k}{tag} o{tag} {gate} l{k}{tag} 0 {switch(k)}",
        )
    ]
    return [f"i{tag} 0 in{tag} 2u", f"xr{tag} in{tag} in{tag} 0 0 {UNIT} m=2 mult=2", *bits, f"v{tag} o{tag} 0 0.9"]


def test_currents_are_those_of_a_deck_by_hand(measured: SimResult) -> None:
    copies = [dac_by_hand(f"_{c}", ["hi" if c >> k & 1 else "0" for k in range(4)]) for c in CODES]
    with by_hand(["vh hi 0 1.8", ".option gmin=1e-18", *(line for copy in copies for line in copy)]) as loaded:
        op = loaded.op()
        around = loaded.run("dc v_15 0.89 0.91 0.02")["v_15#branch"]
    found = [-op[f"v_{c}#branch"] for c in CODES]
    assert measured.curves["current"].y[list(CODES)] == pytest.approx(found, rel=1e-3, abs=1e-15)
    assert value(measured, "i_off") == pytest.approx(found[0], rel=0.02, abs=0)
    assert value(measured, "g_out") == pytest.approx((around[0] - around[1]) / 0.02, rel=0.01, abs=0)
    assert value(measured, "i_lsb") == pytest.approx((found[-1] - found[0]) / 15, rel=1e-4, abs=0)
    assert value(measured, "gain_error") == pytest.approx(value(measured, "i_lsb") / 1e-6 - 1, rel=1e-6)


def test_the_glitch_is_that_of_a_deck_by_hand(measured: SimResult) -> None:
    """Code 7 to 8 in 0.1 ns; the charge of 400 ns less the last current, by Gear's method."""
    rise, fall = "pwl(0 0 1n 0 1.1n 1.8)", "pwl(0 1.8 1n 1.8 1.1n 0)"
    lines = [*dac_by_hand("", ["lo", "lo", "lo", "up"]), f"vup up 0 {rise}", f"vlo lo 0 {fall}"]
    with by_hand([*lines, ".option method=gear"]) as loaded:
        found = loaded.run("tran 0.1n 401n 0 0.1n")
    current, after = -found["v#branch"], found["time"] >= 1e-9
    charge = np.trapezoid(current[after] - current[-1], found["time"][after])
    assert value(measured, "glitch_charge") == pytest.approx(charge, rel=0.05, abs=0)


@pytest.mark.full
def test_noise_is_that_of_its_units() -> None:
    """In powers of one unit: 7 of its own at the last code, and (7 / 2)^2 of each of two input units."""
    dac = simulate(build("current_dac", {"bits": 3}), settings={"v_out": 0.7})
    unit = {"w": 2.0, "l": 2.0, "nf": 2}
    alone = simulate(build("mosfet", unit), settings={"i_square": 1e-6, "v_ds": 0.7})
    power = 7 + 2 * 3.5**2
    assert value(dac, "noise_white") == pytest.approx(power**0.5 * value(alone, "noise_white"), rel=0.03, abs=0)
    assert not power**0.5 * 0.97 < (7**0.5) < power**0.5 * 1.03, "or a bench that forgets the input would pass"


def test_equal_drops_leave_no_steps(measured: SimResult) -> None:
    """Switches as many as units: every leg sees the same voltage."""
    assert abs(value(measured, "dnl")) < 1e-4 and abs(value(measured, "inl")) < 1e-4
    assert value(measured, "i_supply") == pytest.approx(2e-6 + value(measured, "i_full"), rel=1e-9, abs=0)
    assert 0.2 < value(measured, "v_limit") < 0.9


@pytest.mark.parametrize("damage", ["swapped", "short"])
def test_a_wrong_dac_shows(dac: Cell, damage: str) -> None:
    """The largest bit on the smallest's units; a unit missing in the largest bit."""
    circuit = dac.circuit
    units, *switches = circuit.instances
    if damage == "swapped":
        nets = {**units.nets, "out1": units.nets["out4"], "out4": units.nets["out1"]}
        parts = (replace(units, nets=nets), *switches)
    else:
        devices = [replace(d, m=7) if getattr(d, "m", 1) == 8 else d for d in units.circuit.devices]
        parts = (replace(units, circuit=replace(units.circuit, devices=tuple(devices))), *switches)
    wrong = replace(dac, circuit=replace(circuit, instances=parts))
    found = dac_bench.measure(make_dut(wrong, "schematic", corner("tt"), 27.0), dac_bench.Settings())
    expected = {"swapped": 0.0, "short": -1.0}[damage]
    worst = found.metrics["dnl"].value
    assert worst == pytest.approx(expected, abs=0.05) if damage == "short" else abs(worst) > 1


@pytest.mark.full
@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [
        ({"device": "pfet_01v8", "switch": "p", "bits": 2}, 0.9, 1.8),
        ({"device": "pfet_01v8", "switch": "n", "bits": 2}, 0.5, 1.5),
        ({"switch": "p", "bits": 2}, 0.1, 1.3),
        ({"steer": True, "bits": 2}, 0.05, 0.9),
    ],
)
def test_every_form_counts(fields: dict, low: float, high: float) -> None:
    """Each code one unit more, counted positive; p switches below their threshold want a higher output."""
    at = {"v_out": 1.3} if fields.get("switch") == "p" and "device" not in fields else {}
    at = {"v_out": 0.5} if fields == {"device": "pfet_01v8", "switch": "n", "bits": 2} else at
    found = simulate(build("current_dac", fields), settings=at)
    assert found.curves["current"].y[1:] / value(found, "i_lsb") == pytest.approx(range(1, 4), abs=0.01)
    assert abs(value(found, "gain_error")) < 0.08
    assert low <= value(found, "v_limit") <= high
    assert abs(value(found, "i_off")) < 1e-9


@pytest.mark.full
def test_a_level_below_the_rail_lets_the_switches_cascode() -> None:
    """At 0.95 V on the gates the output sees gm/gds of the switch: its conductance falls."""
    plain, cascoded = (simulate(build("current_dac", {"bits": 2, "rows": 1}), settings=s) for s in ({}, {"v_on": 0.95}))
    assert value(cascoded, "g_out") < value(plain, "g_out") / 3
    assert value(cascoded, "v_limit") < value(plain, "v_limit")


@pytest.mark.full
def test_it_is_slower_by_a_smaller_current() -> None:
    fast, slow = (simulate(build("current_dac", {"bits": 2}), settings={"i_unit": i}) for i in (1e-6, 1e-8))
    assert value(slow, "settling") > 10 * value(fast, "settling")
    assert value(slow, "noise_white") < value(fast, "noise_white")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ss", pytest.param("ff", marks=pytest.mark.full)])
def test_a_corner_moves_the_gate_and_hardly_the_current(measured: SimResult, name: str) -> None:
    found = simulate(build("current_dac"), corner=name)
    assert value(found, "i_lsb") == pytest.approx(value(measured, "i_lsb"), rel=0.02, abs=0)
    moved = value(found, "v_in") - value(measured, "v_in")
    assert moved > 0.01 if name[0] == "s" else moved < -0.01


def test_a_bit_without_a_switch_is_refused(dac: Cell) -> None:
    with pytest.raises(InputError, match="no switch on c3"):
        gone = replace(dac.circuit, instances=tuple(i for i in dac.circuit.instances if i.name != "sw3"))
        _ = dac_bench.DacBench(replace(dac, circuit=gone), dac_bench.Settings()).legs


@pytest.mark.full
def test_wires_slow_a_step_and_leave_the_currents(tmp_path: Path) -> None:
    """After extraction, with C and R: currents within a thousandth of an LSB, more capacitance, so a slower step."""
    cell = build("current_dac", {"bits": 2, "rows": 1})
    before, after = simulate(cell), simulate_view(cell, "post", tmp_path)
    assert after.parasitics["resistors"] > 3 and after.parasitics["capacitors"] > 20
    assert value(after, "i_lsb") == pytest.approx(value(before, "i_lsb"), rel=1e-3, abs=0)
    assert abs(value(after, "inl")) < 1e-3 and abs(value(after, "dnl")) < 1e-3
    assert value(after, "settling") > 1.05 * value(before, "settling")
