"""The bench of a mirror against its transistors' own slopes, a single pole's settling, and other sizes."""

from __future__ import annotations

from math import log

import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.simulate import simulate

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def mirror() -> Cell:
    return build("current_mirror", {"w": 2.0, "l": 2.0})


@pytest.fixture(scope="module")
def measured(mirror: Cell) -> SimResult:
    return simulate(mirror)


def value(result: SimResult, name: str) -> float:
    return result.metrics[name].value


def test_settling_is_that_of_the_input_s_single_pole(measured: SimResult) -> None:
    """From half the current to 1 %: ln(0.5 / 0.01) time constants C/gm, gm from the model; it grows along the way."""
    diodes = [p for p in measured.devices if p.vds_v == pytest.approx(p.vgs_v, abs=1e-3)]
    tau_s = value(measured, "c_in") / sum(p.gm_s + p.gds_s for p in diodes)
    assert tau_s * log(50) == pytest.approx(value(measured, "settling"), rel=0.3)
    assert value(measured, "settling") > tau_s * log(50)


def test_four_times_the_gate_area_settles_four_times_as_slowly(measured: SimResult) -> None:
    large = simulate(build("current_mirror", {"w": 4.0, "l": 4.0}))
    assert value(large, "settling") == pytest.approx(4 * value(measured, "settling"), rel=0.25)


def test_output_resistance_and_supply_current(measured: SimResult) -> None:
    """1/gds of the output's transistors, from the model; what goes in and what comes out is drawn."""
    ohm = 1 / sum(p.gds_s for p in measured.devices if p.vds_v == pytest.approx(0.9, abs=0.02))
    assert value(measured, "r_out") == pytest.approx(ohm, rel=0.03)
    drawn = value(measured, "i_in") + value(measured, "i_out1")
    assert value(measured, "i_supply") == pytest.approx(drawn, rel=1e-9, abs=0)
    assert {p.region.split()[1] for p in measured.devices if p.vds_v > 0.1} == {"saturated"}


def test_noise_of_the_input_comes_out_too(measured: SimResult) -> None:
    """Ratio 1: input and output, two units each, give four times the power of one unit measured alone at its current;
    the 1/f corner is that of one unit."""
    unit = {"w": 2.0, "l": 2.0, "nf": 2}
    alone = simulate(build("mosfet", unit), settings={"i_square": value(measured, "i_out1") / 2})
    assert value(measured, "noise_white") == pytest.approx(2 * value(alone, "noise_white"), rel=0.01, abs=0)
    assert value(measured, "noise_corner") == pytest.approx(value(alone, "noise_corner"), rel=0.03)


def test_a_mirror_s_ratio_multiplies_the_noise_of_its_input(measured: SimResult) -> None:
    """In powers of one unit: 1 to 3 gives 3 of its own and 9 of the input's, 1 to 1 drawn with two units each 2 + 2."""
    three = simulate(build("current_mirror", {"w": 2.0, "l": 2.0, "ratios": [1, 3]}))
    assert value(three, "noise_white") == pytest.approx(3**0.5 * value(measured, "noise_white"), rel=0.02, abs=0)


def test_a_mirror_of_short_transistors_has_less_resistance(measured: SimResult) -> None:
    short = simulate(build("current_mirror", {"w": 2.0, "l": 0.5}))
    assert value(short, "r_out") < value(measured, "r_out") / 3
