"""Specs of arrays of resistors: what is refused, with the way out, and lengths made from values."""

import pytest

from analoom.generators.res_array.spec import ResArraySpec
from analoom.pdk.errors import SpecError


@pytest.mark.parametrize(
    ("fields", "said", "remedy"),
    [
        ({"w": 1.0}, "one of 0.35, 0.69, 1.41, 2.85, 5.73 um", "w=0.69"),
        ({"w": 0.3}, "greater than or equal to 0.33 .poly.3.", "w=0.33"),
        ({"l": 0.5}, "greater than or equal to 0.66 .poly.len.", "l=0.66"),
        ({"l": 5.005}, "a multiple of 0.01 um", "l=5"),
        ({"l": 6.0, "r_unit": 1e4}, "left out where r_unit is given", "r_unit=10000"),
        ({"r_unit": 10.0}, "0.66 to 200 um long", None),
        ({"ratios": ()}, "1 to 16 resistors", None),
        ({"ratios": (1,) * 17}, "1 to 16 resistors", None),
        ({"ratios": (1025,)}, "at most 1024 units", None),
        ({"ratios": (1, 2), "rows": 4}, "at most 3, the units of all resistors", "rows=3"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fields, said, remedy):
    with pytest.raises(SpecError, match=said) as refused:
        ResArraySpec.parse(fields)
    assert remedy is None or refused.value.remedy == remedy


def test_widths_of_generic_poly_are_free():
    assert ResArraySpec.parse({"device": "res_generic_po", "w": 1.0}).strip.w_nm == 1000


def test_a_value_gives_the_length():
    """xhigh_po 1.41: w_eff 1.354; (21200 - 2 x 188.2 / 2.764) x 1.354 / 2000 + 0.0592 = 14.319 um, by hand."""
    assert ResArraySpec.parse({"w": 1.41, "r_unit": 21200.0}).l_um == pytest.approx(14.32, abs=1e-9)
