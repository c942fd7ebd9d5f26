"""Quantities in words: four digits, prefixes, and what is rounding alone is nothing."""

from __future__ import annotations

import pytest

from analoom.flows.files.quantity import quantity, relative


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0123, "V", "12.3 mV"),
        (2e-16, "V", "0 V"),
        (-3e-12, "V", "-3 pV"),
        (1e-19, "frac", "0 %"),
        (-1e-13, "frac", "0 %"),
        (0.25, "frac", "25 %"),
        (8.093e-40, "A", "0 A"),
        (3e-18, "A", "3 aA"),
        (4e-15, "LSB", "0 LSB"),
        (0.004, "LSB", "0.004 LSB"),
        (2e-12, "A/Hz^0.5", "2e-12 A/Hz^0.5"),
        (None, "V", "-"),
    ],
)
def test_a_quantity_is_told_and_rounding_is_nothing(value: float | None, unit: str, said: str) -> None:
    assert quantity(value, unit) == said


def test_a_difference_that_is_rounding_beside_its_value_is_nothing() -> None:
    assert quantity(1e-29, "F", beside=1e-15) == "0 F"
    assert quantity(4e-19, "ohm", beside=1.0) == "0 ohm" and quantity(1e-17, "F", beside=1e-15) == "10 aF"


@pytest.mark.parametrize(("change", "said"), [(1e-19, "+0 %"), (0.0125, "+1.25 %"), (24.0, "x 25"), (None, "-")])
def test_a_relative_change_is_told(change: float | None, said: str) -> None:
    assert relative(change) == said
