"""Weighted sums before they are drawn: closed forms of both circuits, the slide's units, refusals that help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analoom.generators.weighted_sum.network import Leg
from analoom.generators.weighted_sum.spec import WeightedSumSpec
from analoom.generators.weighted_sum.synthesis import error_frac, fewest, front, network
from analoom.pdk.errors import SpecError

SLIDE = (("in1", -0.35), ("in2", 5.24), ("ref", 2.6))
NETS = ["in1", "in2", "ref"]


def test_one_amplifier_is_that_of_kirchhoff() -> None:
    """R1 37, Rf 13, Rg 2 units; 5 and 10 on the other side: (1 + 13/37 + 13/2) by 2/3 and 1/3, and -13/37."""
    made = network(SLIDE, "one", (13, 37, 5, 10, 2, 0))
    gain = 1 + 13 / 37 + 13 / 2
    assert made.coefficients(NETS) == pytest.approx([-13 / 37, gain * 2 / 3, gain / 3], abs=1e-9)
    swapped = network(SLIDE, "one", (13, 37, 10, 5, 2, 0))
    assert swapped.coefficients(NETS)[1] == pytest.approx(gain / 3, abs=1e-9)


def test_a_gain_and_an_offset_act_as_in_a_textbook() -> None:
    """Gain over 1 + gain/A; the offset times the gain of the non-inverting input."""
    made = network(SLIDE, "one", (13, 37, 5, 10, 2, 0))
    ohm, gain = np.array(made.units, dtype=float), 1 + 13 / 37 + 13 / 2
    assert made.coefficients(NETS, None, 1000.0)[0] == pytest.approx(-13 / 37 / (1 + gain / 1000), abs=1e-9)
    assert made.solve({}, ohm, np.array([0.01]))["out"] == pytest.approx(0.01 * gain, abs=1e-9)


def test_the_inverting_form_finds_the_units_of_the_slide() -> None:
    """21, 60, 4 and 8, inverters of 8 and 8: -.350, 5.250, 2.625; 125 units."""
    found = fewest(SLIDE, "three", 160, 1e9, 0.01)
    assert found is not None and [n for _, n in found.units] == [21, 60, 4, 8, 8, 8, 8, 8] and found.total == 125
    made = network(SLIDE, "three", tuple(n for _, n in found.units))
    assert made.coefficients(NETS) == pytest.approx([-0.35, 5.25, 2.625], abs=1e-9)
    first = made.stages[0]
    wrong = replace(made, stages=(replace(first, minus=(Leg("in2", made.names.index("in1")),)), *made.stages[1:]))
    assert wrong.coefficients(NETS)[1] == pytest.approx(5.25 * 8 / 60, abs=1e-9)


def test_inverters_offsets_count_by_their_legs() -> None:
    """Twice the offset at the inverter's output, by -21/4 at the sum's."""
    made = network(SLIDE, "three", (21, 60, 4, 8, 8, 8, 8, 8))
    offset = np.array([0.01, 0.0, 0.0])
    assert made.solve({}, np.array(made.units, dtype=float), offset)["out"] == pytest.approx(-0.02 * 21 / 4, abs=1e-9)


def test_more_units_err_less_and_the_search_tells_what_the_network_gives() -> None:
    found = front(SLIDE, "one", 130, 4000.0)
    assert [f.total for f in found] == sorted(f.total for f in found)
    assert [f.error_frac for f in found] == sorted((f.error_frac for f in found), reverse=True)
    for one in found:
        units = tuple(n for _, n in one.units)
        assert one.error_frac == pytest.approx(error_frac(SLIDE, "one", units, 4000.0), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("terms", [(("in1", 0.3), ("in2", 0.2)), (("in1", -1.0),), (("in1", 1.0),)])
def test_simple_sums_are_made_without_error(terms: tuple[tuple[str, float], ...]) -> None:
    found = fewest(terms, "one", 160, 1e12, 1e-6)
    assert found is not None
    made = network(terms, "one", tuple(n for _, n in found.units))
    assert made.coefficients([net for net, _ in terms]) == pytest.approx([c for _, c in terms], rel=1e-6)


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        (
            {"coefficients": (-0.35, 53.1), "constant": 0.0, "input_range": 0.1, "most_units": 40},
            "coefficients",
            "error=",
        ),
        ({"coefficients": (1.0, 0.0)}, "coefficients", None),
        ({"input_range": 1.0}, "input_range", "input_range="),
        ({"constant": 7.5}, "constant", "constant="),
        ({"r_unit": 2000.0}, "r_unit", "r_unit="),
        ({"w_unit": 1.0}, "w_unit", "w_unit="),
        ({"units": (13, 37)}, "units", None),
        ({"coefficients": (0.1,) * 8, "form": "three"}, "form", "form=one"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_way_out(fields: dict, field: str, says: str | None) -> None:
    with pytest.raises(SpecError) as refused:
        WeightedSumSpec.parse(fields)
    assert refused.value.field == field
    assert says is None or (refused.value.remedy or "").startswith(says)


def test_the_range_that_a_refusal_names_will_do() -> None:
    with pytest.raises(SpecError) as refused:
        WeightedSumSpec.parse({"input_range": 1.0})
    assert WeightedSumSpec.parse({"input_range": float((refused.value.remedy or "").split("=")[1])})
