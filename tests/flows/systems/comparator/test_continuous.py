"""The continuous comparator against a deck written by hand, its gain against the slopes, and its offset by part."""

from __future__ import annotations

import numpy as np
import pytest

from analoom import build, mismatch
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.comparator.continuous import ContinuousBench, ContinuousPoint
from analoom.flows.systems.comparator.continuous_bench import find_trip, hysteresis_v
from analoom.flows.systems.comparator.gain_law import gain_law
from analoom.pdk.corners import corner
from analoom.pdk.devices import mos
from analoom.pdk.mismatch.coefficients import mos_mismatch

N, P = "sky130_fd_pr__nfet_01v8__", "sky130_fd_pr__pfet_01v8__"
UNIT_N = N + "w2_l1_nf2 w=2 l=1 nf=2 m=2 mult=2 ad=.29 as=.58 pd=2.58 ps=5.16 nrd=.145 nrs=.145"
UNIT_P = P + "w1_l1_nf2 w=1 l=1 nf=2 m={m} mult={m} ad=.145 as=.29 pd=1.58 ps=3.16 nrd=.29 nrs=.29"
INPUT = N + "w8_l0p5_nf4 w=8 l=.5 nf=4 m=1 mult=1 ad=1.16 as=1.74 pd=9.16 ps=13.74 nrd=.036 nrs=.036"
BY_HAND = f"""* the comparator by hand: pair 8/.5, load 2/1, second stage 4/1, three times 4/1 as bias; 2 uA
.option gmin=1e-15 reltol=1e-5
.include "LIBRARY"
.temp 27
vdd vdd 0 1.8
ib vdd bias 2u
vp inp 0 0.9
vn inn 0 0.9
xb0 bias bias 0 0 {UNIT_N}
xb1 tail bias 0 0 {UNIT_N}
xb2 out bias 0 0 {UNIT_N}
xp1 x inn tail 0 {INPUT}
xp2 y inp tail 0 {INPUT}
xl0 x x vdd vdd {UNIT_P.format(m=2)}
xl1 y x vdd vdd {UNIT_P.format(m=2)}
xs out y vdd vdd {UNIT_P.format(m=4)}
cl out 0 20f
.end
"""
POINT = ContinuousPoint()


def by_hand(cell):
    library = trimmed_library(sizes_of(cell.circuit), corner("tt"))
    return circuit(BY_HAND.replace("LIBRARY", str(library)))


def dut_of(cell):
    return make_dut(cell, "schematic", corner("tt"), 27.0)


@pytest.mark.slow
@pytest.mark.tools
def test_offset_and_gain_are_those_of_a_deck_by_hand_and_of_the_slopes():
    cell = build("comparator")
    bench = ContinuousBench(POINT, 20e-15)
    trip = find_trip(dut_of(cell), bench)
    with by_hand(cell) as loaded:
        found = loaded.run("dc vp 0.8995 0.9005 0.00001")
    v, out = found["v-sweep"], found["out"]
    at = np.interp(0.9, out, v)
    assert trip.offset_v == pytest.approx(at - 0.9, abs=3e-6)
    steps = [np.interp(at + d, v, out) for d in (-1e-5, 1e-5)]
    assert trip.gain == pytest.approx((steps[1] - steps[0]) / 2e-5, rel=0.03)
    lines = [line.replace("v_d d 0 0", f"v_d d 0 {trip.offset_v!r}") for line in bench.lines()]
    assert gain_law(dut_of(cell), lines) == pytest.approx(trip.gain, rel=0.01)
    assert hysteresis_v(dut_of(cell), bench) == 0


@pytest.mark.tools
def test_a_second_stage_of_half_the_units_is_off_balance():
    bench = ContinuousBench(POINT, 20e-15)
    balanced, off = (find_trip(dut_of(build("comparator", stage=n)), bench).offset_v for n in (4, 2))
    assert abs(off) > 3 * abs(balanced)


@pytest.mark.slow
@pytest.mark.tools
def test_sigma_is_that_of_pair_and_load_by_their_slopes():
    """offset^2 = 2 sigma_pair^2 + 2 (gm_load / gm_pair)^2 sigma_load^2, each sigma from the coefficients."""
    metrics = mismatch(build("comparator")).metrics
    pair = np.sqrt(2) * mos_mismatch(mos("nfet_01v8")).sigma_vth_v(8.0, 0.5, 1)
    load = np.sqrt(2) * mos_mismatch(mos("pfet_01v8")).sigma_vth_v(1.0, 1.0, 2)
    ratio = 12.45 / 21.65
    assert metrics["offset_pair"].sigma == pytest.approx(pair, rel=0.02)
    assert metrics["offset_load"].sigma == pytest.approx(ratio * load, rel=0.03)
    assert metrics["offset"].sigma == pytest.approx(np.hypot(pair, ratio * load), rel=0.03)
    assert metrics["offset"].sigma != pytest.approx(pair, rel=0.1), "or a bench that forgets the load would pass"
    assert mismatch(build("comparator", w_pair=32.0, nf_pair=8)).metrics["offset_pair"].sigma < 0.6 * pair


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("model", ["continuous", "binned"])
def test_sigma_by_sensitivities_is_that_of_ngspice(model):
    cell = build("comparator")
    low, high = mismatch(cell, model=model, engine="ngspice", samples=200).metrics["offset"].ci95
    assert low < mismatch(cell, model=model).metrics["offset"].sigma < high
    assert not low < mismatch(build("comparator", w_pair=2.0), model=model).metrics["offset"].sigma < high
