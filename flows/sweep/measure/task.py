"""What is asked of a worker: to measure a point, to split its error by source, or to draw its picture."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from analoom.cells.model.cell_files import handed_on
from analoom.flows.files.code_version import code_version
from analoom.flows.statistics.criterion import Criterion
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import Point

ROOM, ROOM_BITS = "room.error", "room.bits"
"""The columns of the half width that a criterion needs, and of the bits whose half LSB that is."""


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


def room_task(task: Mapping[str, Any], judged: Mapping[str, Any]) -> dict[str, Any]:
    """The task that finds what room the outputs of a point need; `judged`: the fields of `how_judged`."""
    return {**task, "key": f"{task['key']}-room-{_named(judged)}", "part": "room", "judged": dict(judged)}


def proof_task(task: Mapping[str, Any], judged: Mapping[str, Any], how: Mapping[str, Any]) -> dict[str, Any]:
    """The task that draws virtual dies of a point; `how`: arguments of `analoom.flows.virtual_dies.proof`."""
    named = _named({**judged, **how})
    return {**task, "key": f"{task['key']}-dies-{named}", "part": "dies", "judged": dict(judged), "how": dict(how)}


def how_judged(metric: str, outputs: int, criterion: Criterion) -> dict[str, Any]:
    """How a point is judged, as plain JSON."""
    asked = {"sigmas": criterion.sigmas, "outputs": criterion.outputs, "sources": criterion.sources}
    return {"metric": metric, "outputs": outputs, "criterion": asked}


def _named(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(dict(asked), sort_keys=True).encode()).hexdigest()[:16]


def picture_task(task: Mapping[str, Any]) -> dict[str, Any]:
    """The task that draws the picture of a point, whatever is measured of it."""
    return {**task, "key": f"{task['key']}-picture", "part": "picture"}
