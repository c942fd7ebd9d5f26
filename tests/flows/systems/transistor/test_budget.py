"""What the wires of a pair add to its error is measured at room temperature."""

from __future__ import annotations

from typing import Any

import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured, Metric
from analoom.flows.systems.transistor.budget import wire_error

ROOM_DEGC = 27.0
"""SPICE's nominal temperature, at which the foundry's models are given."""


def test_wires_add_the_difference_of_both_views_at_room_temperature() -> None:
    """A bench that gives 0.2 % for the circuit and, with its wires, 0.5 %."""
    seen: list[tuple[str, float]] = []

    def bench(dut: Dut, point: Any) -> Measured:
        seen.append((dut.view, dut.temp_degc))
        return Measured({"gain_error": Metric(0.002 if dut.view == "schematic" else 0.005, "frac")})

    assert wire_error(build("matched_pair"), bench, {}) == pytest.approx(0.003)
    assert seen == [("schematic", ROOM_DEGC), ("post", ROOM_DEGC)]
