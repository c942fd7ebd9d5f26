"""Arithmetic of the model files, by hand; powers as ngspice takes them."""

import pytest

from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.errors import ToolError
from analoom.pdk.mismatch.expressions import parameters_in, value_of


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("-46.62/(w*w)+331.73/w", 285.11),
        ("pow(-1.7,3)", 4.913),
        ("pwr(-2,3)", -8),
        ("min(a,3)*sqrt(l)", 4),
        ("2**3", 8),
    ],
)
def test_values_by_hand(expression, expected):
    assert value_of(expression, {"w": 1.0, "a": "l/2", "l": 4.0}) == pytest.approx(expected, rel=1e-3)


@pytest.mark.tools
@pytest.mark.parametrize("power", ["pow(v(a),3)", "pwr(v(a),3)"])
def test_powers_of_negative_numbers_are_those_of_ngspice(power):
    with circuit(deck("power", "v1 a 0 -1.7", f"b1 b 0 v={power}", "r1 b 0 1")) as loaded:
        assert value_of(power.replace("v(a)", "-1.7"), {}) == pytest.approx(loaded.op()["b"], rel=1e-6)


def test_parameters_with_and_without_braces():
    assert parameters_in("+ a = {2*b} c=1e-3\n.param  w = 1.41 l = 5") == {
        "a": "2*b",
        "c": "1e-3",
        "w": "1.41",
        "l": "5",
    }


@pytest.mark.parametrize("expression", ["a+", "b", "open('x')", "a if a else a", "'a'"])
def test_what_is_no_arithmetic_is_refused(expression):
    with pytest.raises(ToolError, match="not understood"):
        value_of(expression, {"a": 1.0})
