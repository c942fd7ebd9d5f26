"""Values of poly resistors by formula, against ngspice with the installed library itself."""

import pytest

from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.devices import RES_WIDTHS_UM
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.resistor.value import NOMINAL_DEGC, length_of, resistor_value

SIZES = [(w, l_um) for w in RES_WIDTHS_UM for l_um in (0.66, 5.0, 37.5)]
SMALL_V = 1e-4


def simulated_ohm(device):
    """Of every size, in ohm, by the library's typical section at the model's own temperature."""
    ground = "" if device == "res_generic_po" else "0"
    lines = [f"x{k} n{k} 0 {ground} sky130_fd_pr__{device} w={w} l={l_um}" for k, (w, l_um) in enumerate(SIZES)]
    sources = [f"v{k} n{k} 0 {SMALL_V}" for k in range(len(SIZES))]
    library = f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" tt'
    with circuit(deck("values", library, f".temp {NOMINAL_DEGC[device]}", *lines, *sources)) as loaded:
        op = loaded.op()
    return [-SMALL_V / op[f"v{k}#branch"] for k in range(len(SIZES))]


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("device", NOMINAL_DEGC)
def test_values_are_those_of_ngspice(device):
    found = [resistor_value(device, *size).total_ohm for size in SIZES]
    assert found == pytest.approx(simulated_ohm(device), rel=2e-6)
    assert [resistor_value(device, w, l_um).body_ohm for w, l_um in SIZES] != pytest.approx(found, rel=1e-3) or (
        device == "res_generic_po"
    ), "or values without heads would pass"


@pytest.mark.parametrize("device", NOMINAL_DEGC)
def test_a_length_gives_the_value_asked_for(device):
    assert resistor_value(device, 1.41, length_of(device, 1.41, 1e4)).total_ohm == pytest.approx(1e4, rel=1e-12)


def test_heads_by_hand():
    """xhigh_po 0.35 x 5: w_eff = 0.35 - 0.056 - 0.0672 x 0.34 = 0.271152; head 188.2 / 1.681152, body 2000 x 4.9408 /
    0.271152, read by eye from the model."""
    found = resistor_value("res_xhigh_po", 0.35, 5.0)
    assert found.head_ohm == pytest.approx(111.947, rel=1e-5)
    assert found.body_ohm == pytest.approx(36443.0, rel=1e-5)
    assert found.head_share == pytest.approx(2 * 111.947 / (36443.0 + 2 * 111.947), rel=1e-4)


def test_another_device_is_refused():
    with pytest.raises(InputError, match="no value known of 'res_m1'"):
        resistor_value("res_m1", 1, 1)
