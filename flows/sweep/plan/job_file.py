"""Jobs of sweeps as YAML files: those that come with analoom, by name, and the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analoom.pdk.errors import InputError, nearest

from .job import SweepJob

A_JOB = "a file such as `{name: widths, cell: mosfet, axes: {w: [1, 2]}}`"
READY = Path(__file__).parent / "jobs"
"""The jobs that come with analoom."""


def read_job(source: str | Path) -> SweepJob:
    """The job in a YAML file, or a ready job by name (`crossbar`). Raises InputError and SpecError."""
    return SweepJob.parse(read_fields(source))


def read_fields(source: str | Path) -> Mapping[str, Any]:
    """The fields of the job in a YAML file, or of a ready job by name. Raises InputError."""
    import yaml

    path = ready_jobs().get(str(source), Path(source))
    try:
        content = yaml.safe_load(path.read_text())
    except OSError as error:
        ready, near = ", ".join(ready_jobs()), nearest(str(source), ready_jobs())
        said = f"cannot read {path}: {error.strerror}, and no ready job has this name: {ready}"
        remedy = f"analoom sweep {near}" if near else "a YAML file, or one of the ready jobs"
        raise InputError(said, field="JOB", remedy=remedy) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not YAML: {' '.join(str(error).split())}", field="JOB", remedy=A_JOB) from None
    if not isinstance(content, Mapping):
        raise InputError(f"{path}: a mapping with name, cell and axes is wanted", field="JOB", remedy=A_JOB)
    return content


def ready_jobs() -> dict[str, Path]:
    """The ready jobs by name."""
    return {path.stem: path for path in sorted(READY.glob("*.yaml"))}
