"""Pulses out of a read-out's table: by hand between its points, and none where the ramp ends before the comparator."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.flows.systems.pwm_tile.solver.readout_table import ReadoutTable, _between, _of_level

RAMPS = 1e-9 * np.array([20.0, 30.0, 40.0, 50.0])


def test_what_is_added_is_told_on_from_ramps_that_make_pulses_to_those_that_make_none() -> None:
    """50 and 60 ns after 40 and 50: a ns each ns, so 40 and 30 before; the first pulse is between 30 and 40."""
    added, least = _of_level(RAMPS, 1e-9 * np.array([0.0, 0.0, 90.0, 110.0]))
    assert added == pytest.approx(1e-9 * np.array([30.0, 40.0, 50.0, 60.0]), rel=1e-9, abs=0)
    assert least == pytest.approx(35e-9, rel=1e-9, abs=0)
    assert _of_level(RAMPS, RAMPS + 7e-9)[1] == 0.0, "all of them make pulses"
    assert _of_level(RAMPS, 0 * RAMPS)[1] == np.inf


def test_more_times_lie_between_the_last_without_a_pulse_and_the_first_with_one() -> None:
    found = _between(RAMPS, 1e-9 * np.array([0.0, 0.0, 90.0, 110.0]))
    assert found == pytest.approx(1e-9 * np.array([32.0, 34.0, 36.0, 38.0]), rel=1e-9, abs=0)
    assert _between(RAMPS, RAMPS) == pytest.approx(1e-9 * np.array([4.0, 8.0, 12.0, 16.0]), rel=1e-9, abs=0)


def test_pulses_between_levels_are_those_of_both_and_short_ramps_make_none() -> None:
    added = 1e-9 * np.array([[10.0, 30.0], [20.0, 60.0]])
    times = 1e-9 * np.array([[20.0, 40.0], [20.0, 40.0]])
    least = 1e-9 * np.array([10.0, 30.0])
    table = ReadoutTable(np.zeros(2), np.ones(2), (1.0, 1.0), np.array([1.0, 1.2]), times, added, least)
    level = np.array([[1.0, 1.2, 1.1], [1.1, 1.1, 0.5]])
    ramp = 1e-9 * np.array([[40.0, 40.0, 30.0], [19.0, 100.0, 11.0]])
    expected = 1e-9 * np.array([[70.0, 100.0, 60.0], [0.0, 145.0, 21.0]])
    assert table.pulse_s(level, ramp) == pytest.approx(expected, rel=1e-9, abs=0)
