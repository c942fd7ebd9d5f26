"""The clocked comparator decides rightly on either side of its trip point, and its offset by part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analoom import build, mismatch
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.comparator.clocked import ClockedBench, ClockedPoint
from analoom.flows.systems.comparator.clocked_bench import reading_of
from analoom.flows.systems.comparator.clocked_mismatch import ClockedStatistics
from analoom.flows.systems.comparator.cycles import decided, first_rise
from analoom.flows.systems.comparator.trip import trips_v
from analoom.pdk.corners import corner
from analoom.pdk.devices import mos
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.coefficients import mos_mismatch

BENCH = ClockedBench(ClockedPoint(), 2e-9)


def dut_of(cell):
    return make_dut(cell, "schematic", corner("tt"), 27.0)


def q_after(dut, difference_v, high):
    """`q` after the clock's edge, from a plain run of the bench's lines."""
    with circuit(dut.deck(*BENCH.lines(high=high), ".save v(q)")) as loaded:
        loaded.set("v_d", difference_v)
        return loaded.run("tran 1e-11 2e-9")["q"][-1]


@pytest.mark.slow
@pytest.mark.tools
def test_the_trip_point_is_where_the_kept_decision_changes():
    dut = dut_of(build("clocked_comparator"))
    reading = reading_of(dut, BENCH)
    with circuit(dut.deck(*BENCH.lines())) as loaded:
        trip = float(trips_v(loaded, [""], reading)[0])
    assert q_after(dut, trip + 1e-5, high=False) == pytest.approx(1.8, abs=0.05)
    assert q_after(dut, trip - 1e-5, high=False) == pytest.approx(0, abs=0.05)
    assert 2e-11 < reading.tau_s < 1e-10


def test_an_output_that_was_there_before_is_no_decision():
    """Else its delay would be read off a line through two points that do not cross: 1.2 us of a clock's 10 ns."""
    found = {"time": np.arange(4.0)}
    assert first_rise(found, np.array([-1.0, -1.0, 1.0, 1.0]), 0.5) == 1.5
    assert first_rise(found, np.array([0.9, 0.95, 1.0, 1.1]), 0.5) is None
    assert first_rise(found, np.full(4, -1.0), 0.5) is None


@pytest.mark.full
@pytest.mark.tools
def test_with_wires_q_is_held_before_the_clock_and_decides_within_its_high_time(tmp_path):
    cell = build("clocked_comparator")
    found = simulate_view(cell, "post", tmp_path).metrics
    before = simulate_view(cell, "schematic", tmp_path).metrics
    for name in ("delay_up", "delay_down"):
        assert before[name].value < found[name].value < 4 * before[name].value
    assert found["i_leak"].value == pytest.approx(before["i_leak"].value, rel=0.2, abs=0)


@pytest.mark.slow
@pytest.mark.tools
def test_a_cell_with_its_inputs_crossed_is_told():
    dut = dut_of(build("clocked_comparator"))
    crossed = {"inp": "inn", "inn": "inp"}
    ports = tuple(crossed.get(p, p) for p in dut.ports)
    swapped = replace(dut, text=dut.text.replace(" ".join(dut.ports), " ".join(ports)))
    assert swapped.text != dut.text
    assert decided(dut, BENCH, 0.0, 0.01, cycle=False).latch_s < 1e-9
    with pytest.raises(InputError, match="does not decide"):
        decided(swapped, BENCH, 0.0, 0.01, cycle=False)


@pytest.mark.full
@pytest.mark.tools
def test_sigma_of_the_pair_is_by_its_coefficient_and_the_whole_that_of_ngspice():
    cell = build("clocked_comparator")
    metrics = mismatch(cell).metrics
    pair = np.sqrt(2) * mos_mismatch(mos("nfet_01v8")).sigma_vth_v(8.0, 0.5, 1)
    assert metrics["offset_pair"].sigma == pytest.approx(pair, rel=0.02)
    assert metrics["offset_latch_p"].sigma > 10 * metrics["offset_keep_n"].sigma
    low, high = mismatch(cell, engine="ngspice", samples=100).metrics["offset"].ci95
    assert low < metrics["offset"].sigma < high
    assert ClockedStatistics(cell, "binned", 1.8).closed()["offset"].sigma > metrics["offset"].sigma
