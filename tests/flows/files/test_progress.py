"""Progress: parts are told as they are done, nested ones not, and results do not depend on a listener."""

from __future__ import annotations

from analoom.flows.files.progress import heard_by, tracked


def test_parts_are_told_before_each_and_at_the_end() -> None:
    heard: list[tuple[int, int]] = []
    with heard_by(lambda done, total: heard.append((done, total))):
        assert list(tracked(iter("abc"))) == ["a", "b", "c"]
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_work_within_a_part_tells_nothing_and_later_work_does_again() -> None:
    heard: list[int] = []
    with heard_by(lambda done, total: heard.append(total)):
        assert [b for _ in tracked(range(2)) for b in tracked(range(3))] == [0, 1, 2, 0, 1, 2]
        list(tracked(range(1)))
    assert heard == [2, 2, 2, 1, 1]


def test_nobody_listens_outside() -> None:
    heard: list[int] = []
    with heard_by(lambda done, total: heard.append(done)):
        pass
    assert list(tracked(range(3))) == [0, 1, 2] and not heard
