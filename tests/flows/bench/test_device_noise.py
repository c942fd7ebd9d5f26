"""Noise against Johnson, kT/C and the sum of independent sources; what the transistor models say, held as it is."""

from __future__ import annotations

import numpy as np
import pytest
from bare_cells import pair, single

from analoom.cells.model.registry import build
from analoom.flows.bench.device_noise import CurrentNoise, current_noise, output_lines
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulate import simulate
from analoom.flows.simulator.ngspice import BACKEND_VARIABLE, BACKENDS, circuit, deck
from analoom.pdk.corners import corner

pytestmark = pytest.mark.tools

KT_J = 1.380649e-23 * 300.15
"""At the simulator's 27 degC."""


@pytest.mark.parametrize("backend", BACKENDS)
def test_resistors_have_johnson_noise_and_a_capacitor_takes_kt_over_c(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two resistors of 10 kohm, through two sources: 4 kT (1/R + 1/R), whatever the signs; 1 pF: 64.4 uV rms."""
    monkeypatch.setenv(BACKEND_VARIABLE, backend)
    lines = ["v1 a 0 1", "v2 b 0 1", "r1 a 0 10k", "r2 b 0 10k", "v3 c 0 0", "r3 c d 1meg", "c3 d 0 1p"]
    with circuit(deck("johnson", *lines, *output_lines({"v1": 1.0, "v2": -1.0}))) as loaded:
        current = CurrentNoise(*loaded.noise("v(noise_out)", "v1", 1.0, 1e6))
        f, volt = loaded.noise("v(d)", "v3", 1.0, 1e9)
    assert current.i == pytest.approx(np.sqrt(2 * 4 * KT_J / 10e3), rel=1e-4, abs=0)
    assert np.sqrt(np.trapezoid(volt**2, f)) == pytest.approx(np.sqrt(KT_J / 1e-12), rel=0.01)


def test_corner_and_band_of_a_spectrum_that_is_known() -> None:
    """S = w^2 (1 + fc/f): the corner is fc, the band's noise w^2 (f2 - f1 + fc ln(f2/f1))."""
    f = np.geomspace(1, 1e9, 1801)
    noise = CurrentNoise(f, 2e-12 * np.sqrt(1 + 3e4 / f))
    assert noise.white == pytest.approx(2e-12, rel=1e-4, abs=0)
    assert noise.corner_hz == pytest.approx(3e4, rel=0.02)
    expected = 2e-12 * np.sqrt(1e5 - 1e2 + 3e4 * np.log(1e3))
    assert noise.rms(1e2, 1e5) == pytest.approx(expected, rel=1e-3)
    assert CurrentNoise(f, np.full(f.size, 1e-12)).corner_hz is None


def test_a_long_transistor_without_drain_voltage_is_nearly_a_resistor() -> None:
    """Johnson's 4 kT I/V; the installed cards fall short of it by a tenth at most in strong inversion."""
    dut = make_dut(single("nfet_01v8", w=2.0, l=20.0), "schematic", corner("tt"), 27.0)
    bench = ["vd d 0 1m", "vg g 0 1.2", "vs s 0 0", "vb b 0 0"]
    (point,) = device_points(dut, *bench)
    share = current_noise(dut, bench, {"vd": 1.0}, "vg").white ** 2 / (4 * KT_J * point.id_a / 1e-3)
    assert 0.9 < share < 1.01


def test_flicker_noise_falls_with_gate_area() -> None:
    """S_vg ~ 1 / (W L): four times the area, half the density; within the spread of the cards' own coefficients."""
    small, large = (simulate(single(w=um, l=um)).metrics["noise_gate_1hz"].value for um in (1.0, 2.0))
    assert large / small == pytest.approx(0.5, rel=0.25)


def test_both_sides_of_a_pair_add_their_noise() -> None:
    """Independent equal sources: the difference has twice the power of one side."""
    one, both = (simulate(cell).metrics for cell in (single(w=4.0, l=1.0), pair(w=4.0, l=1.0)))
    assert both["noise_white"].value == pytest.approx(np.sqrt(2) * one["noise_white"].value, rel=1e-3, abs=0)
    assert both["noise_gamma"].value == pytest.approx(one["noise_gamma"].value, rel=1e-3)


def test_a_column_sums_the_noise_of_its_synapses() -> None:
    """Johnson's noise of the sum of conductances: read transistors at 50 mV at most, 10 % of what is held above."""
    cell = build("crossbar", {"rows": 4, "cols": 1, "synapse": "synapse_2t1c"})
    stored = np.full((4, 1), 1.0)
    column, alone = (simulate(c, weights=w).metrics for c, w in ((cell, stored), (build("synapse_2t1c", {}), None)))
    total_s = 4 * alone["g_max"].value
    assert column["noise_white"].value ** 2 == pytest.approx(4 * KT_J * total_s, rel=0.1, abs=0)
