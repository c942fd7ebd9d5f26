"""Who does a task: a point is measured, unless the task names by `by` the function of analoom that does it.

Such a function is written `analoom.room.module:function`; it takes the task and gives its result, plain JSON both.
"""

from __future__ import annotations

import importlib
from typing import Any

from analoom.flows.sweep.measure.measure import measure_point
from analoom.pdk.errors import InputError

from .process import Result, Task


def do(task: Task) -> Result:
    """The result of a task. Raises InputError for a function that is not analoom's own."""
    by = str(task.get("by", ""))
    if not by:
        return measure_point(task)
    module, _, name = by.partition(":")
    if not module.startswith("analoom."):
        raise InputError(f"a task is done by a function of analoom's, not by {by}", field="by")
    doer: Any = getattr(importlib.import_module(module), name)
    result: Result = doer(task)
    return result
