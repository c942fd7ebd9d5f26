"""The bench of a ramp against a deck written by hand, closed forms of its noise, and ramps that are wrong."""

from __future__ import annotations

from functools import cache
from math import pi, sin, sqrt
from pathlib import Path

import numpy as np
import pytest
from hand_deck import by_hand

from analoom.cells.model.registry import build
from analoom.flows.bench.device_noise import CurrentNoise
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate
from analoom.flows.systems.current_source.ramp_bench import ramp_noise_v
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

N = "sky130_fd_pr__nfet_01v8"
UNIT = f"{N} w=2 l=4 nf=2 ad=0.29 as=0.58 pd=2.58 ps=5.16 nrd=0.145 nrs=0.145 m=2 mult=2"
FINGERS = "w=2 l=0.15 nf=2 ad=0.29 as=0.58 pd=2.58 ps=5.16 nrd=0.145 nrs=0.145"
DUMMY = "w=1 l=0.15 nf=1 ad=0.29 as=0.29 pd=2.58 ps=2.58 nrd=0.29 nrs=0.29"
DECK = [
    "vd vdd 0 1.8",
    "vr rest 0 1.3",
    "ve en 0 pwl(0 1.8 5n 1.8 5.1n 0 1005n 0 1005.1n 1.8)",
    "vb enb 0 pwl(0 0 5n 0 5.1n 1.8 1005n 1.8 1005.1n 0)",
    "iin 0 in 1u",
    f"xi in in 0 0 {UNIT}",
    f"xo ramp in 0 0 {UNIT}",
    "xc ramp 0 sky130_fd_pr__cap_mim_m3_1 w=20 l=20",
    f"xsn rest en ramp 0 {N} {FINGERS}",
    f"xsp rest enb ramp vdd sky130_fd_pr__pfet_01v8 {FINGERS}",
    f"xdn ramp enb ramp 0 {N} {DUMMY}",
    f"xdp ramp en ramp vdd sky130_fd_pr__pfet_01v8 {DUMMY}",
]


@cache
def measured(device: str = "nfet_01v8", i_in: float | None = None) -> SimResult:
    return simulate(build("ramp", {"device": device}), settings={} if i_in is None else {"i_in": i_in})


def value(result: SimResult, name: str) -> float:
    return result.metrics[name].value


def test_the_ramp_is_that_of_a_deck_by_hand() -> None:
    with by_hand(DECK) as loaded:
        found = loaded.run("tran 0.5n 1100n 0 0.5n")
    time, v = found["time"], found["ramp"]
    falling = (time > 6e-9) & (time < 1000e-9)
    first, middle, last = (np.interp(-level, -v[falling], time[falling]) for level in (1.2, 0.8, 0.4))
    slope = -0.8 / (last - first)
    assert value(measured(), "slope") == pytest.approx(slope, rel=1e-3)
    assert value(measured(), "residue") == pytest.approx(v[time < 5e-9][-1] - 1.3, rel=0.02, abs=0)
    halfway = abs(middle - (first + last) / 2) * abs(slope) / 0.8
    assert value(measured(), "nonlinearity") == pytest.approx(halfway, rel=0.1, abs=0)
    late = time[np.abs(v - v[-1]) > 1e-3][-1] - 1005e-9
    assert value(measured(), "reset_time") == pytest.approx(late, rel=0.15, abs=0)


@pytest.mark.parametrize(("device", "sign"), [("nfet_01v8", -1), pytest.param("pfet_01v8", 1, marks=pytest.mark.full)])
def test_slope_and_leakage_are_by_the_law(device: str, sign: int) -> None:
    """I/C of 1 uA on 20 um x 20 um at 2 fF/um2; what leaks moves it less than a thousandth as fast."""
    found = measured(device)
    assert sign * value(found, "slope") == pytest.approx(1e-6 / (400 * 2.0e-15), rel=0.05)
    assert abs(value(found, "slope_error")) < 0.02
    assert abs(value(found, "i_leak")) < 1e-3 * 1e-6
    assert 400 * 2.0e-15 < value(found, "c_ramp") < 1.05 * 400 * 2.0e-15
    assert sign * value(found, "residue") > 0


def test_the_reset_leaves_kt_over_c_and_the_drop_of_its_switch() -> None:
    """sqrt(kT/C); the installed models give 0.76 to 0.93 of Johnson's noise to a switch, and the current adds some."""
    found = measured()
    assert value(found, "noise_reset") == pytest.approx(sqrt(1.38e-23 * 300 / value(found, "c_ramp")), rel=0.15, abs=0)
    assert -5e-3 < value(found, "residue") < 0
    half = measured(i_in=0.5e-6)
    assert value(half, "residue") == pytest.approx(value(found, "residue") / 2, rel=0.1, abs=0)
    assert value(half, "slope") == pytest.approx(value(found, "slope") / 2, rel=0.02)


def test_white_noise_is_a_walk() -> None:
    """S T / (2 C^2) of a white current; the twin without the half is told apart."""
    f = np.geomspace(1.0, 1e10, 201)
    white = CurrentNoise(f, np.full_like(f, 1e-12), np.zeros_like(f))
    found = ramp_noise_v(white, 1e-6, 1e-12)
    assert found == pytest.approx(sqrt(1e-24 * 1e-6 / 2) / 1e-12, rel=5e-3, abs=0)
    assert found != pytest.approx(sqrt(1e-24 * 1e-6) / 1e-12, rel=5e-3, abs=0)


def test_one_line_of_noise_is_seen_through_the_ramp_s_window() -> None:
    """A narrow band around 0.3 MHz: T^2 sinc^2(f T) of its power, by hand."""
    f = np.geomspace(1.0, 1e10, 200_001)
    narrow = CurrentNoise(f, np.where(np.abs(f / 3e5 - 1) < 0.01, 1e-12, 1e-24), np.zeros_like(f))
    window = sin(pi * 0.3) / (pi * 0.3) * 1e-6
    assert ramp_noise_v(narrow, 1e-6, 1e-12) == pytest.approx(1e-12 * sqrt(6e3) * window / 1e-12, rel=0.05, abs=0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"v_to": 1.25}, "must fall in this order"),
        ({"v_rest": 1.1}, "must fall in this order"),
        ({"v_to": 0.0}, "leaves out a part of its range"),
    ],
)
def test_a_range_that_it_cannot_run_is_refused(settings: dict, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        simulate(build("ramp"), settings=settings)
    assert refused.value.field == "settings.v_to"


@pytest.mark.full
@pytest.mark.parametrize("name", ["ss", "ff"])
def test_corners_move_the_plate(name: str) -> None:
    """The capacitance is that of the corner, the slope its inverse."""
    found = simulate(build("ramp"), corner=name)
    assert value(found, "slope") * value(found, "c_ramp") == pytest.approx(-1e-6, rel=0.03, abs=0)


@pytest.mark.full
def test_wires_add_to_the_plate(tmp_path: Path) -> None:
    """After extraction, with C and R: more capacitance, so a slower ramp by as much; the noise stays that of kT/C."""
    after = simulate_view(build("ramp"), "post", tmp_path)
    more = value(after, "c_ramp") / value(measured(), "c_ramp")
    assert 1.01 < more < 1.1
    assert value(after, "slope") == pytest.approx(value(measured(), "slope") / more, rel=0.005)
    assert value(after, "noise_reset") == pytest.approx(value(measured(), "noise_reset") / sqrt(more), rel=0.03, abs=0)
    assert value(after, "reset_time") > value(measured(), "reset_time")
