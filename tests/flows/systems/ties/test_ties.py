"""Benches of antenna diodes and taps: against a deck over the installed models, their numbers, drawn sizes."""

import pytest
from diode_library import head

from analoom.cells.model.registry import build
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.antenna import ANTENNA
from analoom.pdk.layers import Layer

pytestmark = pytest.mark.tools

CJ_F_UM2, CJSW_F_UM, MJ, PB = 1.35e-15, 3.6001e-17, 0.44, 0.729
"""Source: `sw_nsd_pw_cj` of parameters_fet_tt.spice; cjsw, mj and pb of `ndiode` in models_diodes.spice. The edge's
grading is 0.0009, so that its capacitance hardly falls."""
AREA_UM2, EDGE_UM = 0.65**2, 4 * 0.65


def test_the_capacitance_is_the_models_junction():
    found = simulate(build("antenna_diode")).metrics
    edge_f = CJSW_F_UM * EDGE_UM
    assert found["c_c_0"].value == pytest.approx(CJ_F_UM2 * AREA_UM2 + edge_f, rel=1e-3, abs=0)
    at_1v8_f = CJ_F_UM2 * AREA_UM2 / (1 + 1.8 / PB) ** MJ + edge_f
    assert found["c_c"].value == pytest.approx(at_1v8_f, rel=5e-3, abs=0)
    smaller = simulate(build("antenna_diode", {"w": 0.29, "l": 0.29})).metrics
    assert smaller["c_c_0"].value < 0.3 * found["c_c_0"].value


@pytest.mark.parametrize("temp_degc", [27.0, 125.0])
def test_it_leaks_what_a_deck_by_hand_leaks(temp_degc):
    """One analysis a deck: with the installed card ngspice 39 scales the sizes again at the second one."""
    lines = (
        head(),
        f".temp {temp_degc:g}",
        f"xd 0 c sky130_fd_pr__diode_pw2nd_05v5 area={AREA_UM2}e12 perim={EDGE_UM}e6",
        "vc c 0 1.8",
        ".option gmin=1e-20 abstol=1e-20",
    )
    with circuit(deck("by hand", *lines)) as loaded:
        by_hand = -loaded.op()["vc#branch"]
    found = simulate(build("antenna_diode"), temp_degc=temp_degc).metrics["i_leak"].value
    assert found == pytest.approx(by_hand, rel=1e-4, abs=0)
    assert (1e-15 if temp_degc < 100 else 1e-11) < found < (3e-15 if temp_degc < 100 else 1e-10)


def test_the_ratios_told_are_those_that_the_antenna_check_allows():
    found = simulate(build("antenna_diode", {"w": 1.0, "l": 1.0})).metrics
    assert found["antenna_met1"].value == pytest.approx(2600, rel=1e-9)
    assert found["antenna_li1"].value == pytest.approx(450, rel=1e-9)
    assert ANTENNA[Layer.MET1].allowed() == 400


def test_a_tap_tells_its_contacts_and_the_junction_of_its_well(tmp_path):
    """1 um wide: a well of 1.36 um by 2.565 um; two columns of five contacts on a block and one of its rail."""
    found = simulate_view(build("tap"), "post", tmp_path).metrics
    assert found["c_well"].value == pytest.approx(
        0.090e-15 * 1.36 * 2.565 + 0.576e-15 * 2 * (1.36 + 2.565), rel=1e-6, abs=0
    )
    assert (found["contacts_vdd"].value, found["contacts_vss"].value) == (12, 12)
    wider = simulate_view(build("tap", {"w": 2.0}), "post", tmp_path).metrics
    assert wider["contacts_vdd"].value > 2 * 12 - 1
