"""A layout found: its fields as a point of the job, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analoom.cells.model.registry import entry
from analoom.flows.sweep.plan.axes import binary_weights
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import Point, content_key, nested


@dataclass(frozen=True)
class Found:
    """The outcome for one resolution. `error_lsb` is the room that the criterion needs on either side (z sigma of one
    output), in LSB, at most one half when `met`; `at_limit` names fields at an end of their reach, which then set the
    area rather than the error does. `below`: by field the next grid point of less area, with its `error_lsb`."""

    bits: int
    met: bool
    fields: Mapping[str, Any]
    key: str
    values: Mapping[str, Any]
    sigmas: float
    error_lsb: float
    evaluations: int = 0
    at_limit: tuple[str, ...] = ()
    below: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """One entry of the report's `smallest`."""
        return {**self.__dict__, "fields": dict(self.fields), "values": dict(self.values), "below": list(self.below)}


def found_point(job: SweepJob, fields: Mapping[str, Any], bits: int) -> Point:
    """The layout found as a point of the job."""
    spec = entry(job.cell).spec_type.parse(found_spec(job, fields, bits)).model_dump(mode="json")
    return Point(-1, fields, spec, content_key(job.cell, spec, job.measure))


def found_spec(job: SweepJob, fields: Mapping[str, Any], bits: int) -> dict[str, Any]:
    """The whole spec of the layout found with `fields` for `bits`."""
    return nested({**fixed_fields(job, bits), **fields})


def fixed_fields(job: SweepJob, bits: int) -> dict[str, Any]:
    """The fields that the search leaves alone; the weights of a capacitor array follow the bits."""
    fields = {**job.fields, **(job.search.fields if job.search else {})}
    generator = entry(job.cell)
    if "weights" in generator.spec_type.model_fields:
        fields.setdefault("weights", binary_weights(bits))
    return fields
