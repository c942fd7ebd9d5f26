"""Diode models that are scaled once: the installed ones' values at each temperature, the same in every analysis."""

import numpy as np
import pytest
from diode_library import head

from analoom.flows.netlists.diode_models import is_diode, repeatable
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.devices import DIODES
from analoom.pdk.errors import ToolError
from analoom.pdk.model_files import subcircuit_text

MODEL = "sky130_fd_pr__diode_pw2nd_05v5"
HEAD = head()
SWEEP = "dc vc -0.8 3 0.2"
USED = ("vc c 0 dc 0.5 ac 1", ".option gmin=1e-20 abstol=1e-20")


def lines(model, temp_degc):
    return (f"xd 0 c {model} area=4.225e11 perim=2.6e6", f".temp {temp_degc:g}", *USED)


def own_model():
    """The repeatable subcircuit beside the library's, under a name of its own."""
    return repeatable(subcircuit_text(MODEL)).replace(MODEL, "own_diode")


@pytest.mark.tools
@pytest.mark.parametrize("temp_degc", [-40, 27, 125])
def test_currents_and_capacitance_are_those_of_the_installed_card(temp_degc):
    found = []
    for text, model in (("", MODEL), (own_model(), "own_diode")):
        with circuit(deck("one analysis", HEAD, text, *lines(model, temp_degc))) as loaded:
            swept = loaded.run(SWEEP)["vc#branch"]
        with circuit(deck("one analysis", HEAD, text, *lines(model, temp_degc))) as loaded:
            found.append((swept, loaded.run("ac lin 1 1e6 1e6")["vc#branch"][0].imag))
    (by_card, c_card), (by_own, c_own) = found
    np.testing.assert_allclose(by_own, by_card, rtol=1e-6, atol=1e-22)
    assert c_own == pytest.approx(c_card, rel=1e-6, abs=0)
    assert abs(c_own) / (2 * np.pi * 1e6) > 5e-16, "or a diode without sizes would pass"


@pytest.mark.tools
def test_a_second_analysis_finds_the_same_diode():
    with circuit(deck("two analyses", HEAD, own_model(), *lines("own_diode", 27))) as loaded:
        first, second = (loaded.run("ac lin 1 1e6 1e6")["vc#branch"][0] for _ in range(2))
    assert second == pytest.approx(first, rel=1e-9, abs=0)


@pytest.mark.parametrize("device", DIODES.values(), ids=lambda device: device.name)
def test_every_diode_is_known_and_changed_in_its_sizes_and_level_alone(device):
    assert is_diode(device.model) and not is_diode("sky130_fd_pr__nfet_01v8")
    before, after = subcircuit_text(device.model).splitlines(), repeatable(subcircuit_text(device.model)).splitlines()
    assert [(a.strip(), b.strip()) for a, b in zip(before, after, strict=True) if a != b] == [
        (next(x.strip() for x in before if "pj =" in x), next(x.strip() for x in after if "pj =" in x)),
        ("+ level = 3", "+ level = 1"),
    ]


def test_a_model_in_another_form_is_refused():
    with pytest.raises(ToolError, match="in a form analoom does not know"):
        repeatable(subcircuit_text(MODEL).replace("level = 3", "level = 2"))
