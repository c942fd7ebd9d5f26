"""Some dies of a network, measured, trained for and judged, as a task for any worker: plain JSON in and out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.given.dataset import Dataset, unpacked
from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.compile.targets.record import Dies, Target
from analoom.flows.compile.training.known import Known
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.training.on_dies import best_on
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Codes, candidates
from analoom.flows.files.code_version import code_version
from analoom.flows.simulator.sampled import learn
from analoom.pdk.errors import AnaloomError, InputError

from .losses import reached
from .mistakes import confusion

AWARE, UNAWARE, OTHER = "aware", "unaware", "other_die"


def judge_dies(task: Mapping[str, Any]) -> dict[str, Any]:
    """The accuracies of a task's dies with weights of three kinds under `values`, or `error`.

    `unaware`: weights that know nothing of the die. `aware`: trained with what was measured of it, of all restarts
    those that part the training set best on the die. `other_die`: those of the die before it. Beside them what was
    measured, the aware codes, accuracies by source, and the counts of which class was taken for which.
    """
    started = time.perf_counter()
    try:
        if task["code"] != code_version():
            raise InputError("this worker has other code or other models", remedy="install the same analoom everywhere")
        target = target_of(task["target"])
        learn(task.get("sampled", {}))
        dies = target.dies(target.parsed(task["fields"]), task["family"], task["dies"], task["seed"])
        found = {"values": judged(dies, target, task)}
    except AnaloomError as error:
        found = {"error": error.to_json()}
    return {"key": task["key"], **found, "seconds": round(time.perf_counter() - started, 4)}


def judged(dies: Dies, target: Target, task: Mapping[str, Any]) -> dict[str, Any]:
    """What `judge_dies` says of dies that are drawn already, less of those that are not `trained` for, and accuracies
    alone where nothing else is to be `told`."""
    data, unaware = unpacked("", task["data"]), [np.asarray(c, dtype=np.int8) for c in task["unaware"]]
    kinds: dict[str, Codes] = {UNAWARE: unaware}
    more: dict[str, Any] = {}
    if task["trained"]:
        known = dies.measured()
        aware = _aware(dies, known, target, data, task, unaware)
        kinds |= {AWARE: aware, OTHER: [np.roll(c, 1, axis=0) for c in aware]}
        more = _told(dies, known, kinds, target, data) if task.get("told", True) else {}
    outputs = {name: dies.outputs(codes, data.x_test) for name, codes in kinds.items()}
    if more:
        more["left"] = left_of(outputs[UNAWARE], _foretold(unaware, known, target, data))
    return {
        "accuracy": {name: [float(a) for a in accuracy(found, data.y_test)] for name, found in outputs.items()},
        "confusion": {name: confusion(found, data.y_test).tolist() for name, found in outputs.items()},
        **more,
    }


def _told(dies: Dies, known: Known, kinds: Mapping[str, Codes], target: Target, data: Dataset) -> dict[str, Any]:
    """What was measured, the codes trained with it, and accuracies by source."""
    unaware = kinds[UNAWARE]
    return {
        "reached": _by_source(unaware, known, target, data),
        "measured": measured_to_json(known),
        "without": {name: _judged(other, unaware, data) for name, other in dies.without().items()},
        "codes": [c.tolist() for c in kinds[AWARE]],
    }


def left_of(outputs: NDArray[np.floating], foretold: NDArray[np.floating]) -> list[float]:
    """What is left of each die's outputs (dies, points, outputs) above 0 by those foretold: rms by rms, (dies,)."""
    found, said = np.maximum(outputs, 0.0), np.maximum(foretold, 0.0)
    off, whole = (np.sqrt(np.mean(np.square(z), axis=(1, 2))) for z in (found - said, found))
    return [float(v) for v in off / np.maximum(whole, np.finfo(float).tiny)]


def _foretold(codes: Codes, known: Known, target: Target, data: Dataset) -> NDArray[np.floating]:
    """The outputs of dies by what was measured of them, (dies, points, outputs)."""
    many = [np.broadcast_to(c.astype(np.float32), (known.dies, *c.shape)) for c in codes]
    return known.over(target.grid.step).outputs(many, data.x_test.astype(np.float32))


def _aware(dies: Dies, known: Known, target: Target, data: Dataset, task: Mapping[str, Any], unaware: Codes) -> Codes:
    """Codes trained for each die, of all restarts, and of the codes for any die, the best on it."""
    start, how = [np.asarray(w, dtype=np.float32) for w in task["start"]], Training(**task["training"])
    found = candidates(start, known, target.grid, data.x_train, data.y_train, how)
    for_any = [np.broadcast_to(c, (known.dies, *c.shape)) for c in unaware]
    return best_on(dies, [*found, for_any], data.x_train, data.y_train)


def _judged(dies: Dies, codes: Codes, data: Dataset) -> list[float]:
    return [float(a) for a in accuracy(dies.outputs(codes, data.x_test), data.y_test)]


def _by_source(unaware: Codes, known: Known, target: Target, data: Dataset) -> dict[str, list[float]]:
    codes = [c.astype(np.float32) for c in unaware]
    return reached(codes, known, target.grid.step, data.x_test.astype(np.float32), data.y_test)


def task_of(
    target: Target,
    fields: Mapping[str, Any],
    data: Dataset,
    start: Sequence[NDArray[np.floating]],
    unaware: Codes,
    how: Training,
) -> dict[str, Any]:
    """What the tasks of all dies of a network have in common."""
    by = f"{judge_dies.__module__}:{judge_dies.__name__}"
    return {**packed_task(target, fields, data, start, how), "by": by, "unaware": [c.tolist() for c in unaware]}


def packed_task(
    target: Target, fields: Mapping[str, Any], data: Dataset, start: Sequence[NDArray[np.floating]], how: Training
) -> dict[str, Any]:
    """What any task about a network needs, as plain JSON."""
    return {
        "code": code_version(),
        "target": target.name,
        "fields": dict(fields),
        "data": data.packed(),
        "start": [np.asarray(w).tolist() for w in start],
        "training": asdict(how),
    }


def measured_to_json(known: Known) -> dict[str, Any]:
    """What was measured as lists, six digits: under `by_layer` a list of dies a layer, under `by_die` one."""
    layers = {name: [_rounded(values) for values in found] for name, found in known.by_layer().items()}
    return {"by_layer": layers, "by_die": {name: _rounded(values) for name, values in known.by_die().items()}}


def _rounded(values: NDArray[np.floating]) -> Any:
    return np.round(values.astype(float), 6).tolist()
