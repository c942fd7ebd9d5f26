"""What was sampled in one process is the same in another, to the last bit, and not sampled there again."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest

from analoom.flows.simulator import sampled as module
from analoom.flows.simulator.sampled import learn, sampled, told

THIRD = np.array([1 / 3, 1e-300, np.pi])


@dataclass(frozen=True)
class Table:
    values: np.ndarray
    pairs: tuple[float, float]
    layers: tuple[np.ndarray, ...]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was found, in order; `table` and `number` are sampled, and nothing else is told."""
    found: list[str] = []
    monkeypatch.setattr(module, "_ALL", {})
    return found


def made(found: list[str]):
    @sampled("table", Table)
    def table(of: str, size: int = 3) -> Table:
        found.append(of)
        return Table(THIRD[:size], (0.1, 1e-15), (THIRD, np.arange(2, dtype=np.float32)))

    @sampled("number", float)
    def number(of: str) -> float:
        found.append(of)
        return 0.1 + 0.2

    return table, number


def test_results_are_kept_by_all_arguments_and_are_the_same_after_a_way_as_text(counted: list[str]) -> None:
    table, number = made(counted)
    table("a"), table("a"), table("a", size=2), number("b")
    assert counted == ["a", "a", "b"]
    text = json.dumps(told())
    other, same = made(counted)  # as another process would have them: nothing kept
    learn(json.loads(text))
    there = other("a")
    assert counted == ["a", "a", "b"], "nothing was found again"
    assert there.values.tobytes() == THIRD.tobytes() and there.pairs == (0.1, 1e-15)
    assert [layer.dtype for layer in there.layers] == [np.float64, np.float32] and same("b") == 0.1 + 0.2
    assert len(other("a", size=2).values) == 2
    other("c")
    assert counted[-1] == "c", "what was not told is found"


def test_names_that_are_not_known_are_passed_over_and_what_is_here_stays(counted: list[str]) -> None:
    table, _ = made(counted)
    mine = table("a")
    learn({"elsewhere": {"x": 1.0}, **json.loads(json.dumps(told()))})
    assert table("a") is mine
