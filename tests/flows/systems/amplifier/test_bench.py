"""The amplifiers' benches against decks written by hand and measured otherwise, formulas, and amplifiers gone wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hand_amplifiers import ONE, OPAMP, OTA, TWO, ac, loaded

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.post_layout import lumped, simulate_view
from analoom.flows.simulate import simulate
from analoom.flows.systems.amplifier.open_loop import open_loop
from analoom.flows.systems.amplifier.settings import Settings
from analoom.flows.systems.amplifier.stages import stages_of
from analoom.flows.systems.amplifier.stand import Stand
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError, SpecError

pytestmark = pytest.mark.tools

BY_HAND = {"opamp": OPAMP, "ota": OTA}
each_amplifier = pytest.mark.parametrize("name", list(BY_HAND))


@cache
def measured(name: str, **settings: float) -> SimResult:
    return simulate(build(name), settings=settings)


def value(result: SimResult, name: str) -> float:
    return result.metrics[name].value


def cut(fields: dict, **settings: float) -> dict[str, float]:
    """The open loop of an op-amp alone."""
    dut = make_dut(build("opamp", fields), "schematic", corner_named("tt"), 27.0)
    return {name: m.value for name, m in open_loop(Stand(dut, Settings(**settings))).metrics().items()}


def db(x: complex) -> float:
    return float(20 * np.log10(abs(x)))


@pytest.mark.slow
@each_amplifier
def test_the_open_loop_is_that_of_a_replica_fed_deck(name: str) -> None:
    found = measured(name)
    with loaded(BY_HAND[name], TWO) as held:
        f, plus = ac(held, "vin", "o2")
        _, minus = ac(held, "vback", "o2")
    gain = (plus - minus) / 2
    at = int(np.argmin(np.abs(np.log(np.abs(gain)))))
    assert value(found, "dc_gain") == pytest.approx(db(gain[0]), abs=0.02)
    assert value(found, "cmrr") == pytest.approx(db(gain[0] / (plus + minus)[0]), abs=0.1)
    assert value(found, "f_unity") == pytest.approx(f[at] * abs(gain[at]), rel=0.01)
    assert value(found, "phase_margin") == pytest.approx(180 + np.angle(gain[at], deg=True), abs=2)


@pytest.mark.slow
@each_amplifier
def test_unity_gain_is_that_of_a_deck_by_hand(name: str) -> None:
    found = measured(name)
    with loaded(BY_HAND[name], ONE.replace("pulse", "ac 0 pulse")) as held:
        op = held.op()
        f, through = ac(held, "vin", "o1")
        _, vdd = ac(held, "vdd", "o1")
        hz, density, _ = held.noise("v(o1)", "vin", 1.0, 1e10)
    assert value(found, "offset") == pytest.approx(op["o1"] - 0.9, abs=1e-6)
    assert value(found, "i_supply") == pytest.approx(-op["vdd#branch"], rel=1e-5, abs=0)
    assert value(found, "bandwidth") == pytest.approx(
        np.interp(-0.5, -(np.abs(through / through[0]) ** 2), f), rel=0.01
    )
    assert value(found, "psrr_vdd") == pytest.approx(db(through[0] / vdd[0]), abs=0.05)
    assert value(found, "output_noise_rms") == pytest.approx(np.sqrt(np.trapezoid(density**2, hz)), rel=0.01, abs=0)


@pytest.mark.slow
@each_amplifier
def test_a_step_is_that_of_a_deck_by_hand(name: str) -> None:
    """Slopes from a fifth to four fifths of 0.3 V; the last time beyond a thousandth of it, up and down."""
    found = measured(name)
    with loaded(BY_HAND[name], ONE.replace("1u 4u", "3u 9u")) as held:
        run = held.run("tran 0.5n 6u 0 0.5n")
    t, v = run["time"], run["o1"]
    low, high = v[0], float(np.interp(2.99e-6, t, v))
    up, down = (t >= 0) & (t < 3e-6), (t >= 3e-6)
    times = [float(np.interp(low + part * (high - low), v[up], t[up])) for part in (0.2, 0.8)]
    fall = [float(np.interp(-(low + part * (high - low)), -v[down], t[down])) for part in (0.2, 0.8)]
    late = max(t[up & (np.abs(v - high) > 3e-4)][-1], t[down & (np.abs(v - low) > 3e-4)][-1] - 3e-6)
    assert value(found, "slew_up") == pytest.approx(0.6 * (high - low) / (times[1] - times[0]), rel=0.02)
    assert value(found, "slew_down") == pytest.approx(0.6 * (high - low) / (fall[0] - fall[1]), rel=0.02)
    assert value(found, "settling") == pytest.approx(late, rel=0.03, abs=0)


@pytest.mark.slow
def test_the_swing_is_that_of_the_open_loop_s_own_transfer_curve() -> None:
    """The input difference swept by microvolts: the slope of the output is a tenth of that at 0.9 V at both ends."""
    with loaded(OPAMP, TWO) as held:
        run = held.run("dc vback -1.5m 1.5m 2u")
    out, gain = run["o2"], np.abs(np.gradient(run["o2"], 2e-6))
    live = out[gain >= 0.1 * np.interp(-0.9, -out, gain)]
    found = measured("opamp")
    assert value(found, "swing_low") == pytest.approx(live.min(), abs=0.02)
    assert value(found, "swing_high") == pytest.approx(live.max(), abs=0.02)


@each_amplifier
def test_formulas_of_the_transistors_slopes_are_near(name: str) -> None:
    """Gain to 1 dB, gain-bandwidth to 5 % (the rest is junctions), slew rate to 15 %, noise within a factor of 1.6."""
    found = measured(name)
    assert value(found, "dc_gain_law") == pytest.approx(value(found, "dc_gain"), abs=1)
    assert value(found, "gbw_law") == pytest.approx(value(found, "gbw"), rel=0.05)
    assert value(found, "slew_law") == pytest.approx(value(found, "slew_up"), rel=0.15)
    assert 1 < value(found, "input_noise_white") / value(found, "input_noise_law") < 1.6


def test_the_op_amp_does_what_it_is_sized_for() -> None:
    found = measured("opamp")
    assert value(found, "dc_gain") > 70 and value(found, "phase_margin") > 55 and value(found, "gain_margin") > 10
    assert abs(value(found, "offset")) < 5e-4
    assert value(found, "input_low") < 0.7 and value(found, "input_high") > 1.2


@pytest.mark.full
@pytest.mark.parametrize("corner", ["tt", "ss", "ff", "sf", "fs"])
@pytest.mark.parametrize("temp_degc", [-40, 85])
def test_it_does_so_in_every_corner(corner: str, temp_degc: float) -> None:
    found = simulate(build("opamp"), corner=corner, temp_degc=temp_degc)
    assert value(found, "dc_gain") > 70 and value(found, "phase_margin") > 55 and value(found, "gain_margin") > 10


@pytest.mark.slow
def test_a_null_too_wide_and_a_capacitor_too_small_are_seen() -> None:
    """A channel ten times as wide leaves the zero to the right; a quarter of the plate is four times the product."""
    good, open_null, small = (cut({}), cut({"w_null": 8.4, "l_null": 0.15}), cut({"w_cap": 16.0}))
    assert open_null["phase_margin"] < good["phase_margin"] - 20
    assert small["gbw"] == pytest.approx(4 * good["gbw"], rel=0.1)
    assert small["phase_margin"] < good["phase_margin"] - 20


def test_more_load_leaves_less_margin_and_a_resistor_takes_gain() -> None:
    """210 kohm beside the second stage's own takes 9 dB; the deck by hand says how much."""
    assert cut({}, c_load=2e-11)["phase_margin"] < cut({})["phase_margin"] - 15
    with loaded(OPAMP, TWO + "rb o2 cm 210k\nra o1 cm 210k\n") as held:
        gain = ac(held, "vback", "o2")[1][0]
    assert cut({}, r_load=2.1e5)["dc_gain"] == pytest.approx(db(gain), abs=0.05)
    assert db(gain) < cut({})["dc_gain"] - 5


@pytest.mark.parametrize("name", ["opamp", "ota"])
def test_a_follower_is_its_amplifier_in_unity_gain(name: str) -> None:
    """What its gain lacks is 1/gain, and what both inputs together make."""
    found = simulate(build("follower", amplifier=name))
    alone = measured(name)
    for metric in ("offset", "bandwidth", "slew_up", "settling", "output_noise_rms", "i_supply"):
        assert value(found, metric) == pytest.approx(value(alone, metric), rel=0.01, abs=1e-9), metric
    common = value(found, "gain_error") + 1 / (1 + 10 ** (value(alone, "dc_gain") / 20))
    assert abs(common) == pytest.approx(10 ** (-value(alone, "cmrr") / 20), rel=0.05, abs=0)
    assert "dc_gain" not in found.metrics and "phase_margin" not in found.metrics


@pytest.mark.parametrize(
    ("setting", "bad"), [("vdd", 3.3), ("i_bias", 0), ("c_load", -1e-12), ("settled", 0.7), ("gain_left", 1)]
)
def test_bad_settings_are_refused(setting: str, bad: float) -> None:
    with pytest.raises(SpecError, match=setting):
        simulate(build("ota"), settings={setting: bad})


def test_what_has_no_pair_is_no_amplifier() -> None:
    with pytest.raises(InputError, match="no amplifier"):
        stages_of(build("mosfet"))


@pytest.mark.slow
def test_drawn_wires_slow_an_ota_by_what_they_add_at_its_output(tmp_path: Path) -> None:
    """GBW = gm / 2 pi C: its fall is what was extracted at `out` by that C. What couples to the mirror's diode counts
    twice, as the mirror copies what flows there; resistances move the offset by uV."""
    before, after = measured("ota"), simulate_view(build("ota"), "post", tmp_path)
    out = lumped(build("ota"), tmp_path, "tt").nets["out"]
    added_f = out.total_f + out.coupling_f["x"]
    held_f = value(before, "gm_in") / (2 * np.pi * value(before, "gbw"))
    fall = value(before, "gbw") / value(after, "gbw") - 1
    assert fall == pytest.approx(added_f / held_f, rel=0.1, abs=0)
    assert fall > 0.002, "or a bench that forgets the wires would pass"
    assert value(after, "offset") == pytest.approx(value(before, "offset"), abs=1e-5)
    assert after.parasitics["resistors"] > 50
