"""A multiplier in ngspice against charge conservation, the charge solver against ngspice, and broken twins of both."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.post_layout import lumped
from analoom.flows.simulate import is_large, simulate
from analoom.flows.systems.charge_mac import shift as mac_shift
from analoom.flows.systems.charge_mac.cycle import Settings
from analoom.flows.systems.charge_mac.solver import solve_cycles
from analoom.flows.systems.charge_mac.tables import gain_over_code
from analoom.flows.systems.charge_mac.transient import Cycles, Node, node_of, run_cycles, sums_of
from analoom.flows.systems.charge_mac.weights import pattern
from analoom.pdk.corners import corner
from analoom.pdk.errors import SpecError, ToolError

pytestmark = [pytest.mark.tools, pytest.mark.slow]

SMALL = {"inputs": 2, "bits": 3}
SETTINGS = Settings.parse({"levels": 3})
TT = corner("tt")
FULL_SCALE = 2 * SETTINGS.swing
BOUND_FRAC = 1e-3
"""The charge solver is good to this fraction of full scale."""


@pytest.fixture(scope="module")
def measured() -> SimResult:
    return simulate(build("charge_mac", SMALL), settings={"levels": 3})


def both(cell: Cell, post: Path | None = None) -> tuple[Cycles, Cycles, Node, Node]:
    """The cycles by the charge solver and by ngspice, and the nodes."""
    stored, view = pattern(cell.spec), "post" if post else "schematic"  # type: ignore[arg-type]
    solved, seen = solve_cycles(cell, view, TT, 27.0, SETTINGS, stored)
    dut = make_dut(cell, view, TT, 27.0, lumped(cell, post, "tt") if post else None)
    return solved, run_cycles(dut, solved.times, stored), seen, node_of(dut, SETTINGS, stored)


def test_gain_is_that_of_the_charge_that_is_shared(measured: SimResult) -> None:
    """V_out = sum(C_i x_i) / C_sum: 6 units of 2 fF/um2 x (2.15 um)^2 (the model file's MIM) over all the node sees."""
    units_f = 6 * 2e-15 * 2.15**2
    assert measured.metrics["gain"].value == pytest.approx(units_f / measured.metrics["c_sum"].value, rel=5e-3)
    assert abs(measured.metrics["offset"].value) < 0.5e-3
    assert measured.metrics["inl_max"].value < 0.05


def test_noise_is_kt_over_c_and_droop_leakage_over_it(measured: SimResult) -> None:
    metrics = {name: metric.value for name, metric in measured.metrics.items()}
    assert metrics["ktc_noise"] == pytest.approx(sqrt(1.380649e-23 * 300.15 / metrics["c_sum"]), rel=1e-6)
    assert 0.01 < metrics["droop"] < 10
    assert metrics["tops_per_w"] == pytest.approx(2e-12 / metrics["energy_mac"])


def test_the_report_shows_the_cure_beside_the_naive_array(measured: SimResult) -> None:
    cure = next(table for table in measured.tables if table.title.startswith("Gain against code"))
    gains = np.array([[float(row[2]), float(row[4])] for row in cure.rows])
    assert np.ptp(gains[:, 0]) == 0
    assert gains[0, 1] > 1.5 * gains[-1, 1]
    assert {table.title for table in measured.tables} >= {"Area by part", "Energy"}


@pytest.mark.parametrize("variant", ["complementary", "naive"])
def test_the_charge_solver_agrees_with_ngspice(variant: str) -> None:
    solved, judged, seen, node = both(build("charge_mac", {**SMALL, "variant": variant}))
    for level in ("settled", "held"):
        off = np.abs(getattr(solved, level) - getattr(judged, level)).max()
        assert off < BOUND_FRAC * FULL_SCALE
    assert seen.whole_f == pytest.approx(node.whole_f, rel=1e-4, abs=0)
    taken = [sum(c.charge.values()) for c in (solved, judged)]
    assert taken[0] == pytest.approx(taken[1], rel=0.1, abs=0)


@pytest.mark.full
def test_and_with_the_wires_of_the_drawing(tmp_path: Path) -> None:
    solved, judged, seen, node = both(build("charge_mac", SMALL), tmp_path)
    for level in ("settled", "held"):
        assert np.abs(getattr(solved, level) - getattr(judged, level)).max() < BOUND_FRAC * FULL_SCALE
    assert seen.whole_f == pytest.approx(node.whole_f, rel=1e-3, abs=0)
    assert sum(solved.charge.values()) == pytest.approx(sum(judged.charge.values()), rel=0.2, abs=0)


def test_weights_shifted_in_arrive_and_those_in_the_wrong_order_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = build("charge_mac", SMALL)
    dut, weights = make_dut(cell, "schematic", TT, 27.0), np.array([[-2.0, 1.0]])
    assert 1e-14 < mac_shift.shift_in(dut, SETTINGS, weights) < 1e-11
    train = mac_shift.bit_train(cell, weights)
    monkeypatch.setattr(mac_shift, "bit_train", lambda cell, weights: train[::-1])
    with pytest.raises(ToolError, match="do not hold their bits"):
        mac_shift.shift_in(dut, SETTINGS, weights)


@pytest.mark.full
def test_dummies_take_up_the_charge_that_switches_let_go() -> None:
    """Both switches on the same capacitors, with and without their dummies."""
    steps = []
    for dummies in (True, False):
        cell = build("charge_mac", {**SMALL, "dummies": dummies})
        solved, _ = solve_cycles(cell, "schematic", TT, 27.0, SETTINGS, pattern(cell.spec))  # type: ignore[arg-type]
        steps.append([np.abs(solved.let_go).max(), np.abs(solved.held - solved.settled).max()])
    assert np.all(np.array(steps[1]) > 3 * np.array(steps[0]))


def test_a_unit_too_small_for_the_noise_asked_is_refused_with_what_it_takes() -> None:
    with pytest.raises(SpecError, match=r"noise_max = 1e-05: must be at least .*kT/C of .* fF at 27 degC") as caught:
        simulate(build("charge_mac", SMALL), settings={"noise_max": 1e-5})
    assert "unit.w = " in str(caught.value)


def test_the_naive_gain_follows_one_over_the_weights_and_the_complementary_one_stays() -> None:
    """The naive gain is w_max / w by what the node sees beside its units."""
    settings = Settings.parse({})
    codes, gains, farads = gain_over_code(build("charge_mac", {**SMALL, "variant": "naive"}), TT, 27.0, settings)
    assert gains * codes * farads == pytest.approx(np.full(3, (gains * codes * farads)[0]) * codes, rel=0.05, abs=0)
    _, gains, farads = gain_over_code(build("charge_mac", SMALL), TT, 27.0, settings)
    assert np.ptp(gains) < 1e-6
    assert np.ptp(farads) < 1e-20


@pytest.mark.full
def test_a_large_array_is_solved() -> None:
    """64 inputs of 6 bits, beyond ngspice; both gains are ideal less what the nodes see beside the units."""
    cell = build("charge_mac", {"inputs": 64, "bits": 6, "outputs": 2, "w_switch": 10.0})
    settings, stored = Settings.parse({"c_load": 1e-12, "levels": 3}), pattern(cell.spec)  # type: ignore[arg-type]
    assert is_large(cell)
    cycles, node = solve_cycles(cell, "schematic", TT, 27.0, settings, stored)
    units_f = 64 * 31 * 2e-15 * 2.15**2
    for j in range(2):
        gain, _ = sums_of(cycles, settings, stored, 31).line(j)
        assert gain == pytest.approx(units_f / node.whole_f, rel=2e-3)
