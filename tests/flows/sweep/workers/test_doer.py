"""Who does a task: the function of analoom that it names, and no other."""

from __future__ import annotations

import pytest

from analoom.flows.sweep.workers.doer import do
from analoom.pdk.errors import InputError


def test_a_task_is_done_by_the_function_that_it_names() -> None:
    task = {"key": "k", "by": "analoom.flows.compile.accuracy.dies_task:judge_dies", "code": "another"}
    assert "other code" in do(task)["error"]["message"]
    assert do({"key": "k", "code": "another"})["error"]["message"] == do(task)["error"]["message"]


@pytest.mark.parametrize("by", ["os:system", "analoomy.x:y"])
def test_a_function_of_another_package_is_refused(by: str) -> None:
    with pytest.raises(InputError, match="function of analoom"):
        do({"key": "k", "by": by})
