"""Gradient metrics against placements worked out by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from analoom.cells.model.cell import MatchGroup
from analoom.cells.model.drawing import Box
from analoom.flows.statistics.gradient import gradient_report, units_of
from analoom.pdk.errors import InputError


def row(order: str) -> MatchGroup:
    """Unit squares of 1 um, one um apart, owned as the letters say."""
    members: dict[str, list[Box]] = {}
    for k, name in enumerate(order):
        members.setdefault(name, []).append(Box(k * 1000, 0, k * 1000 + 1000, 1000))
    return MatchGroup("row", members)


def test_abba_cancels_a_linear_gradient_and_abab_does_not() -> None:
    """abab: centres at 1 and 2 um of 0..3: one um apart; 1e-3/um gives half of it to each side of the middle."""
    abba, abab = (gradient_report(row(order), 1e-3, 0.9) for order in ("abba", "abab"))
    assert abba.worst_centroid_um == pytest.approx(0, abs=1e-12)
    assert abba.linear_error == pytest.approx(0, abs=1e-12)
    assert abab.worst_centroid_um == pytest.approx(1)
    assert abab.linear_error == pytest.approx(0.5e-3)
    assert abab.max_ratio_mismatch == pytest.approx(1e-3, rel=1e-2)


def test_abba_keeps_a_quadratic_gradient() -> None:
    """Mean squares of +-1.5 and +-0.5 um: 2.25 and 0.25, two um2 apart."""
    assert gradient_report(row("abba"), 1e-3, 0.9).bowl_um2 == pytest.approx(2)
    assert gradient_report(row("abba"), 1e-3, 0.9).worst_curvature_um2 == pytest.approx(2)


def test_correlation_of_two_units_is_that_of_their_distance() -> None:
    assert gradient_report(row("ab"), 1e-3, 0.9).correlation == pytest.approx(0.9)


def test_correlation_of_abba_by_hand() -> None:
    """S_ab: distances 1, 2, 2, 1; S_aa: 0, 3, 3, 0; S_bb: 0, 1, 1, 0."""
    rho = 0.9
    wanted = (2 * rho + 2 * rho**2) / sqrt((2 + 2 * rho**3) * (2 + 2 * rho))
    assert gradient_report(row("abba"), 1e-3, rho).correlation == pytest.approx(wanted)


def test_inl_of_a_two_unit_converter() -> None:
    """Two units of weight one, values 1 +- g/2: the middle code errs by g/2 * 1/2 * 2 = g/2 LSB."""
    assert gradient_report(row("ab"), 1e-4, 0.9, (1, 1)).inl_lsb == pytest.approx(0.5e-4, rel=1e-3)


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match="not in range"):
        gradient_report(row("ab"), -1.0, 0.9)
    with pytest.raises(InputError, match="no units"):
        units_of(MatchGroup("none", {}))
    with pytest.raises(InputError, match="no oxide"):
        gradient_report(row("abab"), 1.0, 0.9)


def test_correlation_in_blocks_is_the_sum_over_all_pairs_of_units() -> None:
    """600 units of three members, more than one block, against a plain double loop over members."""
    order = "abcacb" * 100
    group = row(order)
    rho, where = 0.97, {m: [k for k, who in enumerate(order) if who == m] for m in "abc"}

    def mixed(one: str, other: str) -> float:
        return sum(rho ** abs(i - j) for i in where[one] for j in where[other])

    wanted = [mixed(p, q) / sqrt(mixed(p, p) * mixed(q, q)) for p, q in ("ab", "ac", "bc")]
    assert gradient_report(group, 1e-4, rho).correlation == pytest.approx(sum(wanted) / 3)
