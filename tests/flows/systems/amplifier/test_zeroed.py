"""What auto-zero leaves of offsets, in both families; ngspice draws every transistor as a judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch
from analoom.flows.post_layout import simulate_view
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
def test_with_its_wires_too_three_sigmas_of_either_family_included(name: str, tmp_path: Path) -> None:
    """What the clocks couple to the gate; a quarter of the holding capacitor lets them couple more."""
    cell = build(name, auto_zero=True)
    left = abs(simulate_view(cell, "post", tmp_path).metrics["offset_after"].value)
    for model in ("continuous", "binned"):
        assert left + 3 * mismatch(cell, model).metrics["offset"].sigma < LEFT_V
    small = build(name, auto_zero=True, w_hold=cell.spec.model_dump()["w_hold"] / 2)
    assert abs(simulate_view(small, "post", tmp_path).metrics["offset_after"].value) > 1.5 * left


@pytest.mark.parametrize("name", ["opamp", "comparator"])
def test_phases_add_little_and_end_in_time(name: str) -> None:
    found = simulate(build(name, auto_zero=True)).metrics
    assert abs(found["offset_after"].value) < 5e-5 and found["zeroing"].value < 2e-6
    assert found["droop"].value < 1e-2


def test_a_comparator_is_as_fast_either_way() -> None:
    """By its stored offset it stands in the middle; a gate that leaks before a step, as it did, gave 42 and 19 ns."""
    found = simulate(build("comparator", auto_zero=True)).metrics
    assert found["delay_up"].value == pytest.approx(found["delay_down"].value, rel=0.3, abs=0)
