"""The settings of the mismatch that a job asks for, completed and checked by those that the kind of cell takes."""

from __future__ import annotations

from typing import Any

from analoom.flows.systems.lookup import Belongs, analysis_of, system_of

from .job import Measures


def job_settings(cell: Belongs, measure: Measures) -> dict[str, Any]:
    """The job's settings; the IR drop, which takes an extraction a point, only when asked for. Raises SpecError."""
    known = analysis_of(system_of(cell)).settings
    quick = {"ir_drop": False} if "ir_drop" in known.model_fields else {}
    settings = {**quick, **measure.settings}
    known.parse(settings, prefix="measure.settings.")
    return settings


def judged_settings(cell: Belongs, measure: Measures, fixed: bool) -> dict[str, Any]:
    """The job's settings for a criterion; with the IR drop where `fixed` errors count. Raises SpecError."""
    settings = job_settings(cell, measure)
    return settings if not fixed or "ir_drop" not in settings else {**settings, "ir_drop": True}
