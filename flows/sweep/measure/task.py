"""What is asked of a worker: to measure a point, to split its error by source, or to draw its picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analoom.cells.model.cell_files import handed_on
from analoom.flows.files.code_version import code_version
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import Point


def task_of(job: SweepJob, point: Point) -> dict[str, Any]:
    """What a worker needs to know of a point."""
    measure = job.measure.model_dump(mode="json")
    return {
        "key": point.key,
        "cell": job.cell,
        "spec": dict(point.spec),
        "measure": measure,
        "code": code_version(),
        "cells": handed_on(job.cell),
    }


def budget_task(task: Mapping[str, Any]) -> dict[str, Any]:
    """The task that splits the error of a point by its sources."""
    return {**task, "key": f"{task['key']}-budget", "part": "budget"}


def picture_task(task: Mapping[str, Any]) -> dict[str, Any]:
    """The task that draws the picture of a point, whatever is measured of it."""
    return {**task, "key": f"{task['key']}-picture", "part": "picture"}
