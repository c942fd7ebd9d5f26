"""One network on one target with one size of its units: trained, judged on dies, and drawn where that is asked."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analoom.cells.model.cell import Cell
from analoom.flows.compile.accuracy.dies_task import judged
from analoom.flows.compile.accuracy.spread import spread
from analoom.flows.compile.dies import KINDS, tasks_of
from analoom.flows.compile.given.dataset import unpacked
from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.compile.targets.record import Target
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Codes, train
from analoom.flows.drc.check import drc_cell
from analoom.flows.files.application import Watch
from analoom.flows.files.code_version import code_version
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.sweep.measure.picture import draw_picture
from analoom.pdk.errors import AnaloomError, InputError

from .job import AREA, ENERGY, LOSS, TIME, FrontMeasures

GOOD = ("clean", "match")
Columns = tuple[dict[str, Any], dict[str, str]]
"""Values and units by column."""
MOST_KEPT = 4
_TRAINED: dict[str, Codes] = {}
"""The codes for any die that this process trained last, by what they were trained from."""


def measured_by() -> str:
    """What does a point's task, as a worker finds it."""
    return f"{measure_point.__module__}:{measure_point.__name__}"


def measure_point(task: Mapping[str, Any]) -> dict[str, Any]:
    """The point of a task: `values` and `units` by column, or `error`; with `part` its picture instead."""
    started = time.perf_counter()
    try:
        if task["code"] != code_version():
            raise InputError("this worker has other code or other models", remedy="install the same analoom everywhere")
        found = _picture(task) if task.get("part") == "picture" else _columns(task)
    except AnaloomError as error:
        found = {"error": error.to_json()}
    return {"key": task["key"], **found, "seconds": round(time.perf_counter() - started, 4)}


def _picture(task: Mapping[str, Any]) -> dict[str, Any]:
    target = target_of(task["target"])
    return draw_picture(target.drawn_cells(target.parsed(task["fields"]))[0])


def _columns(task: Mapping[str, Any]) -> dict[str, Any]:
    measure, target = FrontMeasures.parse(task["measure"]), target_of(task["target"])
    spec = target.parsed(task["fields"])
    cells = target.drawn_cells(spec) if measure.draw else ()
    parts = [_drawn(cells, measure), _accuracies(task, target, measure)]
    if measure.inference and target.inference is not None:
        found = target.inference(spec, cells or target.drawn_cells(spec))
        taken = {ENERGY: found.energy_j, TIME: found.time_s}
        known = {name: value for name, value in taken.items() if value is not None}
        parts.append((known, {name: {ENERGY: "J"}.get(name, "s") for name in known}))
    values = {name: value for part, _ in parts for name, value in part.items()}
    return {"values": values, "units": {name: unit for _, units in parts for name, unit in units.items()}}


def _drawn(cells: Sequence[Cell], measure: FrontMeasures) -> Columns:
    """The area of all cells of a network, each as often as it is needed, and what checks say of each."""
    if not cells:
        return {}, {}
    unlike, count = {cell.name: cell for cell in cells}, Counter(cell.name for cell in cells)
    values: dict[str, Any] = {AREA: round(sum(n * unlike[name].area_um2 for name, n in count.items()), 6)}
    with tempfile.TemporaryDirectory(prefix="analoom-front-") as folder:
        for cell in unlike.values():
            for column, state in _checked(cell, measure, Path(folder) / cell.name).items():
                if values.get(column, GOOD[0]) in GOOD:
                    values[column] = state
    return values, {AREA: "um2"}


def _checked(cell: Cell, measure: FrontMeasures, folder: Path) -> dict[str, str]:
    """The state of each engine asked for."""
    folder.mkdir()
    found: dict[str, str] = {}
    for name, check, engines in (("drc", drc_cell, measure.drc), ("lvs", lvs_cell, measure.lvs)):
        if engines:
            ran = check(cell, folder, engines, Watch(measure.tools_timeout_s)).to_json()["engines"]
            found |= {f"{name}.{engine}": str(run["state"]) for engine, run in ran.items()}
    return found


def _accuracies(task: Mapping[str, Any], target: Target, measure: FrontMeasures) -> Columns:
    """By family and kind of weights the mean over dies, what 95 % of them reach, and what is lost of the software's."""
    values: dict[str, Any] = {"accuracy.software": task["software"]}
    codes = [c.tolist() for c in _unaware(task, target)]
    common = {**task, "unaware": codes, "told": False}
    for family in measure.models:
        own = tasks_of(common, family, measure.dies, measure.seed, measure.trained)
        parts = [judged(_dies(target, one), target, one)["accuracy"] for one in own]
        for kind in KINDS:
            found = [a for part in parts for a in part.get(kind, ())]
            if found:
                said = spread(found, measure.seed)
                values |= {f"accuracy.{family}.{kind}": said["mean"], f"accuracy.{family}.{kind}.p5": said["p5"]}
                values[LOSS.format(family=family, kind=kind)] = task["software"] - said["mean"]
    return values, dict.fromkeys(values, "frac")


def _dies(target: Target, task: Mapping[str, Any]) -> Any:
    return target.dies(target.parsed(task["fields"]), task["family"], task["dies"], task["seed"])


def _unaware(task: Mapping[str, Any], target: Target) -> Codes:
    """Codes for any die, as `compile` trains them. Sizes share them where as much is known of dies before measuring."""
    known = target.designed(tuple(task["dims"]), target.parsed(task["fields"]))
    own = {name: task[name] for name in ("target", "dims", "start", "training", "data")}
    key = hashlib.sha256(json.dumps(own).encode() + _bytes_of(known)).hexdigest()
    if key not in _TRAINED:
        data, start = unpacked("", task["data"]), [np.asarray(w, dtype=np.float32) for w in task["start"]]
        one = train(start, known, target.grid, data.x_train, data.y_train, Training(**task["training"]))
        while len(_TRAINED) >= MOST_KEPT:
            del _TRAINED[next(iter(_TRAINED))]
        _TRAINED[key] = [c[0] for c in one]
    return _TRAINED[key]


def _bytes_of(value: Any) -> bytes:
    """All numbers of what is known of a die, in order."""
    if is_dataclass(value):
        return b"".join(_bytes_of(getattr(value, part.name)) for part in fields(value))
    if isinstance(value, tuple):
        return b"(" + b",".join(map(_bytes_of, value)) + b")"
    held = np.ascontiguousarray(value)
    return repr((held.shape, held.dtype.str)).encode() + held.tobytes()
