"""What auto-zero leaves of offsets, in both families; ngspice draws every transistor as a judge."""

from __future__ import annotations

import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch
from analoom.flows.simulate import simulate

pytestmark = [pytest.mark.full, pytest.mark.tools]
LEFT_V = 3e-4


@pytest.mark.parametrize("model", ["continuous", "binned"])
@pytest.mark.parametrize("name", ["opamp", "comparator"])
def test_less_than_a_third_of_a_millivolt_is_left(name: str, model: str) -> None:
    """Three sigmas; without auto-zero one sigma is more."""
    closed = mismatch(build(name, auto_zero=True), model).metrics["offset"].sigma
    low, high = mismatch(build(name, auto_zero=True), model, "ngspice", samples=40).metrics["offset"].ci95
    assert 3 * closed < LEFT_V and low < closed < high
    assert mismatch(build(name), model).metrics["offset"].sigma > LEFT_V


@pytest.mark.parametrize("name", ["opamp", "comparator"])
def test_phases_add_little_and_end_in_time(name: str) -> None:
    found = simulate(build(name, auto_zero=True)).metrics
    assert abs(found["offset_after"].value) < 5e-5 and found["zeroing"].value < 2e-6
    assert found["droop"].value < 1e-2


def test_a_comparator_is_as_fast_either_way() -> None:
    """By its stored offset it stands in the middle; a gate that leaks before a step, as it did, gave 42 and 19 ns."""
    found = simulate(build("comparator", auto_zero=True)).metrics
    assert found["delay_up"].value == pytest.approx(found["delay_down"].value, rel=0.3, abs=0)
