"""Noise of a decision: by weights and linear network, judged by decisions with noise drawn in ngspice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analoom import build
from analoom.flows.bench.device_noise import current_noise
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.operating_point import device_points
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.ngspice import circuit, reseed
from analoom.flows.systems.comparator.clocked import ClockedBench, ClockedPoint
from analoom.flows.systems.comparator.clocked_bench import reading_of
from analoom.flows.systems.comparator.decision_noise import DecisionNoise, decision_noise, powers
from analoom.flows.systems.comparator.moving_devices import MovingDevices, moving_devices
from analoom.flows.systems.comparator.moving_network import Network, Way, network_of
from analoom.flows.systems.comparator.trip import trips_v
from analoom.pdk.corners import corner

BENCH = ClockedBench(ClockedPoint(), 2e-9)
SAMPLE_S = 2e-12
R_OHM, C_F, KT_J = 1e3, 1e-14, 1.380649e-23 * 300
DRAWS = 300


def dut_of(cell):
    return make_dut(cell, "schematic", corner("tt"), 27.0)


def found_of(dut):
    """Reading, trip point (V) and noise of a comparator's decision."""
    reading = reading_of(dut, BENCH)
    with circuit(dut.deck(*BENCH.lines())) as loaded:
        trip = float(trips_v(loaded, [""], reading)[0])
    return reading, trip, decision_noise(dut, BENCH, trip, reading)


def noisy_lines(dut, trip, end_s):
    """A source of noise beside each transistor, as strong as ngspice's noise analysis says where it is at that time."""
    network = network_of(dut, ("inp", "inn", "clk", "vdd", "vss"), {})
    live = {n: (mos, ends) for n, (mos, ends) in network.devices.items() if ends[0] != ends[2]}
    times = np.linspace(0.0, end_s, 40)
    nets = sorted({net for _, ends in live.values() for net in ends})
    names = {net: net if net in dut.ports else dut.inner(net) for net in nets}
    with circuit(dut.deck(*BENCH.lines(), *(f".save v({n})" for n in names.values()))) as loaded:
        loaded.set("v_d", trip)
        trace = loaded.run(f"tran 1e-12 {end_s!r}")
    at = {net: np.interp(times, trace["time"], trace[name]) for net, name in names.items()}
    volts = np.array([[at[net] for net in ends] for _, ends in live.values()]).transpose(2, 0, 1)
    white = moving_devices(dut, [mos for mos, _ in live.values()], volts, (1.0, 1e9)).white
    for k, (_, ends) in enumerate(live.values()):
        strength = np.sqrt(white[:, k] / (2 * SAMPLE_S))
        points = " ".join(f"{t!r} {s!r}" for t, s in zip(times.tolist(), strength.tolist(), strict=True))
        yield f"v_strength{k} strength{k} 0 pwl({points})"
        yield f"v_noise{k} noise{k} 0 dc 0 trnoise(1 {SAMPLE_S!r} 0 0)"
        yield f"b_noise{k} {names[ends[0]]} {names[ends[2]]} i=v(noise{k})*v(strength{k})"


def one_node(times_s, signs):
    """A node with a capacitor and what is a conductance there, positive or negative, with a resistor's noise."""
    network = Network({"x_m1": (None, ("out", "0", "0", "0"))}, frozenset(("0",)), [(C_F, "out", "0")], [])
    g = np.zeros((len(times_s), 1, 4, 4))
    g[:, 0, 0, 0] = np.array(signs) / R_OHM
    white = np.full((len(times_s), 1), 4 * KT_J / R_OHM)
    moving = MovingDevices(g, np.zeros_like(g), white, 1e-18 * np.ones_like(white))
    weights = Way(network, np.array(times_s), g, moving.c).weights(("out", "0"))
    return powers(network, np.array(times_s), moving, weights)


def test_a_node_at_rest_has_its_kt_over_c_and_a_constant_current_its_resistance():
    white, slow = one_node([0.0, 1e-10], [1, 1])
    assert white[0] == pytest.approx(KT_J / C_F, rel=0.02, abs=0)
    assert slow[0] == pytest.approx(1e-18 * R_OHM**2, rel=0.001, abs=0)


def test_what_grows_takes_along_what_was_there_before():
    """A conductance, from 0 on negative: kT/C exp(2 t / tau), and of the noise since then kT/C (exp(2 t / tau) - 1)."""
    end_s, tau_s = 2e-11, R_OHM * C_F
    grown = np.exp(2 * end_s / tau_s)
    white, _ = one_node([0.0, 1e-14, end_s], [1, -1, -1])
    assert white[0] == pytest.approx(KT_J / C_F * (2 * grown - 1), rel=0.15, abs=0)
    assert white[0] > 1.5 * KT_J / C_F * grown, "not the noise before it grew alone"


def test_noise_of_a_network_that_is_not_the_circuit_is_not_told():
    told = DecisionNoise({"pair": 4e-8}, {"pair": 1e-8}, 2000.0, 1800.0, None)
    assert told.metrics()["decision_noise"].value == pytest.approx(2e-4)
    assert replace(told, linear_gain=1300.0).metrics() == {}


@pytest.mark.slow
@pytest.mark.tools
def test_noise_of_transistors_apart_is_that_of_one_alone():
    cell = build("mosfet", w=2, l=0.5)
    dut = dut_of(cell)
    bench = ("v_d d 0 0.9", "v_g g 0 1.2", "v_s s 0 0", "v_b b 0 0")
    alone = current_noise(dut, bench, {"v_d": 1.0}, "v_g")
    mos = next(flat_devices(cell.circuit)).mos
    volts = np.array([[[0.9, 1.2, 0.0, 0.0]] * 2])
    apart = moving_devices(dut, [mos, mos], volts, (1.0, 1e9))
    assert np.sqrt(apart.white[0]) == pytest.approx(alone.white, rel=0.02, abs=0)
    band = alone.f <= 1.001e9
    slow = np.trapezoid((alone.flicker**2 * alone.f)[band], np.log(alone.f[band]))
    assert apart.flicker[0] == pytest.approx(slow, rel=0.05, abs=0)
    (point,) = device_points(dut, *bench)
    assert 0.95 * point.gm_s < apart.g[0, 0, 0, 1] < point.gm_s, "the model's slope is that inside its resistance"


@pytest.mark.full
@pytest.mark.tools
def test_decisions_with_drawn_noise_spread_as_told():
    """Each draw is read while the latch is still proportional to the inputs; at one sigma over the trip point 84.1 %
    of them are on the upper side. A sigma of 300 draws is good to 4 %, a share to 2.1 %."""
    dut = dut_of(build("clocked_comparator"))
    reading, trip, noise = found_of(dut)
    sigma = noise.metrics()["decision_noise"].value
    read_s, slope = reading.times_s[0], reading.slopes[0]
    lines = list(noisy_lines(dut, trip, reading.times_s[1]))
    reseed(1)
    early, late = [], []
    with circuit(dut.deck(*BENCH.lines(), *lines, ".save v(rp) v(rn)")) as loaded:
        loaded.set("v_d", trip + sigma)
        for _ in range(DRAWS):
            trace = loaded.run(f"tran {SAMPLE_S!r} {reading.times_s[1]!r}")
            apart = trace["rp"] - trace["rn"]
            early.append(np.interp(read_s, trace["time"], apart) / slope)
            late.append(apart[-1])
    assert np.std(early) == pytest.approx(sigma, rel=0.12)
    assert np.mean(np.array(late) > 0) == pytest.approx(0.841, abs=0.065)
