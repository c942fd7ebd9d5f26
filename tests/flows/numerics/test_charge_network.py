"""Charge conservation against the closed forms of dividers and series capacitors."""

from __future__ import annotations

import pytest

from analoom.flows.numerics.charge_network import source_at
from analoom.pdk.errors import InputError


def test_one_floating_node_is_a_divider() -> None:
    """dv = C1 / (C1 + C2 + C3) dv1 (the lecture's charge conservation), behind C1 + C2 + C3."""
    caps = [("t", "a", 3e-15), ("t", "b", 1e-15), ("t", "still", 4e-15)]
    seen = source_at("t", ["t"], ["a", "b"], caps)
    assert seen.per_volt == pytest.approx([3 / 8, 1 / 8])
    assert seen.c_f == pytest.approx(8e-15, rel=1e-6, abs=0)


def test_a_floating_node_between_is_in_series() -> None:
    """Two capacitors in series and one to ground between them: T to pi."""
    caps = [("a", "m", 2e-15), ("m", "t", 2e-15), ("m", "still", 1e-15), ("t", "still", 1e-15)]
    seen = source_at("t", ["t", "m"], ["a"], caps)
    star = 2 + 2 + 1
    assert seen.c_f == pytest.approx((1 + 2 - 2 * 2 / star) * 1e-15, rel=1e-6, abs=0)
    assert seen.per_volt[0] == pytest.approx((2 * 2 / star) / (1 + 2 - 2 * 2 / star))


def test_what_sees_no_driven_node_stays() -> None:
    caps = [("t", "still", 1e-15), ("m", "a", 1e-15)]
    assert source_at("t", ["t", "m"], ["a"], caps).per_volt[0] == 0


def test_a_floating_node_without_capacitor_is_refused() -> None:
    with pytest.raises(InputError, match="node m has no capacitor"):
        source_at("t", ["t", "m"], ["a"], [("t", "a", 1e-15)])
