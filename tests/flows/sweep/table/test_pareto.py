"""The front against its definition, checked by brute force on random points."""

from __future__ import annotations

import random

import pytest

from analoom.flows.sweep.table.pareto import front


def by_definition(rows: list[dict[str, float]]) -> set[int]:
    """No other row is at least as good in both and better in one."""

    def beats(a: dict[str, float], b: dict[str, float]) -> bool:
        return a["x"] <= b["x"] and a["y"] <= b["y"] and (a["x"] < b["x"] or a["y"] < b["y"])

    return {i for i, row in enumerate(rows) if not any(beats(other, row) for other in rows)}


@pytest.mark.parametrize("seed", range(5))
def test_front_is_what_nothing_beats(seed: int) -> None:
    rng = random.Random(seed)
    rows = [{"x": rng.random(), "y": rng.random()} for _ in range(200)]
    found = front(rows, {"x": "min", "y": "min"})
    assert set(found) == by_definition(rows)
    assert [rows[i]["x"] for i in found] == sorted(rows[i]["x"] for i in found)


def test_senses_groups_and_missing_values() -> None:
    rows = [
        {"x": 1, "y": 5.0, "g": "a"},
        {"x": 2, "y": 4.0, "g": "a"},
        {"x": 9, "y": 1.0, "g": "b"},
        {"x": 0, "y": float("nan"), "g": "a"},
        {"x": 0, "g": "a"},
    ]
    assert front(rows, {"x": "min", "y": "max"}) == [0]
    assert front(rows, {"x": "min", "y": "max"}, ["g"]) == [0, 2]
    assert front([rows[0], dict(rows[0])], {"x": "min"}) == [0]
