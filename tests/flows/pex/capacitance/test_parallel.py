"""Endless wires of several levels side by side, and wires with unequal neighbours, beside the field solver's."""

import numpy as np
import pytest
from oracles.random_agreement import per_length
from oracles.random_wires import LEAST_UM, Wire, matrices_af

from analoom.flows.pex.capacitance import beside as pex_beside
from analoom.pdk import wires

COUNTS_FRAC = 0.1
SHIFTS_UM = (0.0, 0.3, -0.6, 1.0)
NEXT = [("li1", "met1"), ("met1", "met2"), ("met2", "met3"), ("met3", "met4"), ("met4", "met5")]


def at(level, left, right):
    return Wire(level, round((left + right) / 2, 4), 0, 1, round(right - left, 4))


def worst(drawn, folder):
    """Largest errors of (total, coupling, ground), of those that are at least a tenth of a net's total."""
    solved, found = np.mean(matrices_af(drawn, flat=True), axis=0), per_length(drawn, folder)
    total, count = np.diag(solved), len(drawn)
    errors = [[x / y - 1 for x, y in zip(np.diag(found), total, strict=True)], [], []]
    for k in range(count):
        if solved[k].sum() >= COUNTS_FRAC * total[k]:
            errors[2].append(found[k].sum() / solved[k].sum() - 1)
        pairs = [j for j in range(k) if -solved[k, j] >= COUNTS_FRAC * min(total[k], total[j])]
        errors[1] += [found[k, j] / solved[k, j] - 1 for j in pairs]
    return np.array([np.abs(x).max(initial=0) for x in errors])


@pytest.mark.slow
@pytest.mark.parametrize("shift_um", SHIFTS_UM)
@pytest.mark.parametrize("levels", NEXT, ids="-".join)
def test_least_wires_of_neighbouring_levels(levels, shift_um, tmp_path):
    """Totals within 14 %, coupling within 27 %, ground within 25 %; by overlap alone couplings miss it by far."""
    lower, upper = (LEAST_UM[level][0] for level in levels)
    drawn = [at(levels[0], -lower / 2, lower / 2), at(levels[1], shift_um - upper / 2, shift_um + upper / 2)]
    assert (worst(drawn, tmp_path) < (0.14, 0.27, 0.25)).all()


def test_met1_and_met2_that_do_not_overlap(tmp_path):
    """0.2 um apart: 54 aF/um."""
    assert (worst([at("met1", 0, 0.14), at("met2", 0.34, 0.48)], tmp_path) < (0.05, 0.05, 0.1)).all()


def test_what_lies_beside_makes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(pex_beside, "LEVELS_APART", 0)
    assert (worst([at("met1", 0, 0.14), at("met2", 0.34, 0.48)], tmp_path)[1:] > 0.4).all()


@pytest.mark.slow
@pytest.mark.parametrize("level", ["li1", "met1", "met2", "met3", "met4"])
def test_unequal_gaps(level, tmp_path):
    """Twice the least spacing on one side of the middle wire, eight times on the other: within 13 %, ground 10 %."""
    w, s = LEAST_UM[level]
    drawn = [at(level, 0, w), at(level, w + 2 * s, 2 * w + 2 * s), at(level, 2 * w + 10 * s, 3 * w + 10 * s)]
    solved, found = np.mean(matrices_af(drawn, flat=True), axis=0), per_length(drawn, tmp_path)
    for k, j in ((0, 1), (1, 2)):
        assert found[k, j] == pytest.approx(solved[k, j], rel=0.13)
    assert found.sum(axis=1) == pytest.approx(solved.sum(axis=1), rel=0.1)
    assert 0.4 * solved[0, 2] > found[0, 2] > 1.6 * solved[0, 2]


@pytest.mark.parametrize("level", ["li1", "met1", "met4"])
def test_a_narrow_wire_beside_a_wide_one(level, tmp_path):
    """Coupling within 7 %, ground within 19 %."""
    w, s = LEAST_UM[level]
    assert (worst([at(level, 0, w), at(level, w + 2 * s, 9 * w + 2 * s)], tmp_path) < (0.11, 0.07, 0.19)).all()


@pytest.mark.slow
@pytest.mark.parametrize("levels", NEXT[:4], ids="-".join)
def test_a_narrow_wire_under_a_wide_one(levels, tmp_path):
    """Both totals within 7 %, coupling within 13 %, ground within 23 %."""
    w = LEAST_UM[levels[0]][0]
    drawn = [at(levels[0], -w / 2, w / 2), at(levels[1], -1.5, 1.5)]
    assert (worst(drawn, tmp_path) < (0.07, 0.13, 0.23)).all()


def test_fringe_shared_as_under_a_crossing_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(wires, "UPWARD_ROOF_UM", 1e9)
    assert (worst([at("met1", -0.07, 0.07), at("met2", -1.5, 1.5)], tmp_path)[1:] > 0.25).all()
