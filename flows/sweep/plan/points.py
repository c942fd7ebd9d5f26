"""The points of a job: its grid spelt out, every spec checked before anything is drawn, each named by its content."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analoom.cells.model.registry import Entry, entry
from analoom.flows.files.code_version import code_version
from analoom.pdk.errors import InputError, SpecError

from .axes import binary_weights
from .job import MOST_POINTS, Measures, SweepJob
from .mismatch_settings import job_settings

_TOLD = 40
"""Undrawable points told one by one in an error."""


@dataclass(frozen=True)
class Point:
    """One point: `shown` are the varied columns, `spec` is complete, `key` names its content."""

    index: int
    shown: Mapping[str, Any]
    spec: Mapping[str, Any]
    key: str


@dataclass(frozen=True)
class Refused:
    """A point that cannot be drawn."""

    index: int
    shown: Mapping[str, Any]
    error: SpecError

    def to_json(self) -> dict[str, Any]:
        """As `failed.json` lists it."""
        return {"index": self.index, **self.shown, "error": self.error.to_json()}


def points_of(job: SweepJob) -> tuple[list[Point], list[Refused]]:
    """The grid of `job`. Raises SpecError for an unknown field or cell, InputError listing the undrawable points."""
    found = entry(job.cell)
    _check_count(job)
    _check_shorthands(job, found)
    if job.measure.mismatch:
        job_settings(found, job.measure)
    points: list[Point] = []
    refused: list[Refused] = []
    for index, shown in enumerate(_grid(job)):
        try:
            points.append(point(found, job, shown, index))
        except SpecError as error:
            if error.bound.startswith("one of the fields"):
                raise
            refused.append(Refused(index, shown, error))
    if refused and (not job.skip_undrawable or not points):
        raise undrawable(refused, len(points))
    return points, refused


def point(found: Entry, job: SweepJob, shown: Mapping[str, Any], index: int) -> Point:
    """The point at the values `shown`. Raises SpecError for a spec that is refused."""
    spec = found.spec_type.parse(nested(fields_of(job, shown))).model_dump(mode="json")
    return Point(index, shown, spec, content_key(job.cell, spec, job.measure))


def nested(dotted: Mapping[str, Any]) -> dict[str, Any]:
    """`{"synapse.l_read": 1}` as `{"synapse": {"l_read": 1}}`."""
    fields: dict[str, Any] = {}
    for path, value in dotted.items():
        *steps, last = path.split(".")
        place = fields
        for step in steps:
            below = place.get(step, {})
            below = {"cell": below} if isinstance(below, str) else dict(below)
            place[step] = place = below
        place[last] = value
    return fields


def content_key(cell: str, spec: Mapping[str, Any], measure: Measures) -> str:
    """Names what is measured of what by which code on which models: equal keys, equal results."""
    said = {"cell": cell, "spec": spec, "measure": measure.model_dump(mode="json"), "code": code_version()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _grid(job: SweepJob) -> Iterator[dict[str, Any]]:
    """The varied columns of every point; nothing for a job that only searches."""
    if not job.varied:
        return
    sizes = [{"rows": r, "cols": c} for r, c in job.sizes] or [{}]
    bits = [{"bits": b} for b in job.bits] or [{}]
    axes = [[{name: value} for value in values] for name, values in job.axes.items()]
    for parts in itertools.product(sizes, bits, *axes):
        yield {name: value for part in parts for name, value in part.items()}


def fields_of(job: SweepJob, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The spec fields of a point by its varied columns; the job's own `bits`, no axis of that name, become weights."""
    fields = dict(shown)
    if job.bits:
        fields["weights"] = binary_weights(fields.pop("bits"))
    return {**job.fields, **fields}


def _check_count(job: SweepJob) -> None:
    count = max(len(job.sizes), 1) * max(len(job.bits), 1)
    for values in job.axes.values():
        count *= len(values)
    if count > MOST_POINTS:
        raise SpecError(
            "axes", f"{count} points", f"at most {MOST_POINTS} points", instead="fewer values, or several jobs"
        )


def _check_shorthands(job: SweepJob, found: Entry) -> None:
    """`sizes` and `bits` want a cell with the fields that they set."""
    for name, given, sets in (("sizes", job.sizes, ("rows", "cols")), ("bits", job.bits, ("weights",))):
        if given and not set(sets) <= set(found.spec_type.model_fields):
            bound = f"left out: {job.cell} has no {' and '.join(sets)}"
            raise SpecError(name, list(given), bound, instead="axes of the fields that it has")


def undrawable(refused: list[Refused], drawable: int) -> InputError:
    """One error that names every refused value with its bound, each once."""
    told = list(dict.fromkeys(r.error.message for r in refused))
    more = f"; and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    remedy = "leave these values out" + (", or set skip_undrawable: true" if drawable else "")
    words = f"{len(refused)} of {len(refused) + drawable} points cannot be drawn: {'; '.join(told[:_TOLD])}{more}"
    return InputError(words, field=refused[0].error.field, remedy=remedy)
