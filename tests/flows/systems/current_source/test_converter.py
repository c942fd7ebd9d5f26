"""INL and DNL of a binary converter by a plain double loop, and their sigmas by counting and by drawn units."""

from __future__ import annotations

import random
from itertools import pairwise
from math import sqrt
from statistics import stdev

import numpy as np
import pytest

from analoom.flows.systems.current_source.converter import (
    dnl_lsb,
    inl_lsb,
    sigma_dnl_lsb,
    sigma_inl_lsb,
    unit_slopes,
)


def plain(levels: list[float]) -> tuple[list[float], list[float]]:
    """(DNL, INL) in LSB of the line through both ends."""
    lsb = (levels[-1] - levels[0]) / (len(levels) - 1)
    dnl = [(b - a) / lsb - 1 for a, b in pairwise(levels)]
    return dnl, [(level - levels[0]) / lsb - k for k, level in enumerate(levels)]


def test_levels_are_told_as_a_plain_loop_tells_them() -> None:
    levels = [0.5, 1.4, 2.7, 3.4, 4.9, 5.3, 6.8, 7.5]
    dnl, inl = plain(levels)
    assert dnl_lsb(np.array(levels)).tolist() == pytest.approx(dnl, abs=1e-12)
    assert inl_lsb(np.array(levels)).tolist() == pytest.approx(inl, abs=1e-12)


def drawn_units(bits: int, dies: int) -> tuple[list[list[float]], list[list[float]]]:
    """DNL and INL of dies of units with a sigma of 1 %, unit by unit."""
    rng, dnl, inl = random.Random(4), [], []
    for _ in range(dies):
        bit = [sum(rng.gauss(1, 0.01) for _ in range(2**k)) for k in range(bits)]
        d, i = plain([sum(bit[k] for k in range(bits) if code >> k & 1) for code in range(2**bits)])
        dnl.append(d)
        inl.append(i)
    return dnl, inl


@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_sigmas_are_those_of_drawn_units(bits: int) -> None:
    """2,000 dies: 1.6 % of a sigma is one of its own; the twin, without the units' number, is far off."""
    dnl, inl = drawn_units(bits, 2000)
    worst_dnl, worst_inl = (max(stdev(column) for column in zip(*rows, strict=True)) for rows in (dnl, inl))
    assert worst_dnl == pytest.approx(sigma_dnl_lsb(bits, 0.01), rel=0.07, abs=1e-12)
    assert worst_inl == pytest.approx(sigma_inl_lsb(bits, 0.01), rel=0.07, abs=1e-12)
    assert bits < 2 or worst_dnl > 1.5 * 0.01


def test_sigmas_of_every_code_are_those_of_counting() -> None:
    """Code k of N units: sqrt(k (N - k) / N); the middle step of 4 bits: sqrt(15 - 1/15)."""
    slopes = unit_slopes(4)
    own = 1 / np.sqrt([1, 2, 4, 8])
    each = np.sqrt(((slopes["inl"] * own) ** 2).sum(axis=1))
    assert each.tolist() == pytest.approx([sqrt(k * (15 - k) / 15) for k in range(16)], abs=1e-12)
    steps = np.sqrt(((slopes["dnl"] * own) ** 2).sum(axis=1))
    assert steps.max() == pytest.approx(sqrt(15 - 1 / 15), abs=1e-12) and steps.argmax() == 7
    assert sigma_inl_lsb(4, 1.0) == pytest.approx(sqrt(8 * 7 / 15), abs=1e-12)
