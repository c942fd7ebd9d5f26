"""What is read off curves: margins of gains known in closed form, ends of runs, slew and settling of known edges."""

from __future__ import annotations

from math import atan, degrees, log, sqrt

import numpy as np
import pytest

from analoom.flows.systems.amplifier.open_loop import margins
from analoom.flows.systems.amplifier.ranges import around
from analoom.flows.systems.amplifier.step import Edge

F = np.geomspace(1, 1e10, 201)


def test_two_poles_leave_the_phase_of_the_second() -> None:
    """A0 = 1e4, poles at 1 kHz and 10 MHz: crossing at 7.86 MHz by the biquadratic, 90 - atan(.786) degrees left."""
    found = margins(F, 1e4 / (1 + 1j * F / 1e3) / (1 + 1j * F / 1e7))
    unity = 1e7 * sqrt((sqrt(1 + 4) - 1) / 2)
    assert found["f_unity"].value == pytest.approx(unity, rel=0.01)
    assert found["phase_margin"].value == pytest.approx(90 - degrees(atan(unity / 1e7)), abs=0.5)
    assert found["gbw"].value == pytest.approx(1e7, rel=0.02)
    assert "gain_margin" not in found, "two poles never turn by 180 degrees"


def test_three_poles_have_a_gain_margin() -> None:
    """Poles at 1 kHz and twice 10 MHz: -180 degrees at 10 MHz, where the gain is 0.1 by 2."""
    found = margins(F, 1e3 / (1 + 1j * F / 1e3) / (1 + 1j * F / 1e7) ** 2)
    assert found["gain_margin"].value == pytest.approx(20 * np.log10(2 / 0.1), abs=0.1)


def test_an_amplifier_without_gain_has_no_crossing() -> None:
    assert set(margins(F, 0.5 / (1 + 1j * F / 1e3))) == {"gbw"}


@pytest.mark.parametrize(
    ("good", "ends"),
    [("0111100", (1, 4)), ("1111111", (0, 6)), ("1101011", (3, 3)), ("1110111", (3, 3)), ("0001000", (3, 3))],
)
def test_a_range_is_the_run_of_good_points_about_its_middle(good: str, ends: tuple[int, int]) -> None:
    v = np.arange(7.0)
    assert around(np.array([c == "1" for c in good]), v, 3.2) == ends


@pytest.mark.parametrize("sign", [1, -1])
def test_an_exponential_settles_in_ln_1000_time_constants(sign: int) -> None:
    """Slope from 20 to 80 %: 0.6 over ln 4 time constants."""
    t = np.linspace(0, 30e-6, 3001)
    edge = Edge(t, sign * (1 - np.exp(-t / 1e-6)))
    assert edge.settling(1e-3) == pytest.approx(log(1000) * 1e-6, rel=1e-3, abs=0)
    assert edge.slew() == pytest.approx(0.6 / (log(4) * 1e-6), rel=1e-3)


def test_a_ring_has_settled_when_it_stays() -> None:
    """A decaying cosine of 1 us: its envelope falls below a thousandth after 6.9 us; the last time out of band is the
    last peak before."""
    t = np.linspace(0, 30e-6, 30001)
    edge = Edge(t, 1 - np.exp(-t / 1e-6) * np.cos(2 * np.pi * t / 0.5e-6))
    assert 6.4e-6 < edge.settling(1e-3) < log(1000) * 1e-6
