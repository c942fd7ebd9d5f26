"""Jobs of sweeps as YAML files: those that come with analoom, by name, and the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analoom.pdk.errors import InputError

from .job import SweepJob

READY = Path(__file__).parent / "jobs"
"""The jobs that come with analoom."""


def read_job(source: str | Path) -> SweepJob:
    """The job in a YAML file, or a ready job by name (`crossbar`). Raises InputError and SpecError."""
    import yaml

    path = ready_jobs().get(str(source), Path(source))
    try:
        content = yaml.safe_load(path.read_text())
    except OSError as error:
        ready = ", ".join(ready_jobs())
        raise InputError(
            f"cannot read {path}: {error.strerror}", field="JOB", remedy=f"a YAML file, or a ready job: {ready}"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not YAML: {' '.join(str(error).split())}", field="JOB") from None
    if not isinstance(content, Mapping):
        raise InputError(f"{path}: a mapping with name, cell and axes is wanted", field="JOB")
    return SweepJob.parse(content)


def ready_jobs() -> dict[str, Path]:
    """The ready jobs by name."""
    return {path.stem: path for path in sorted(READY.glob("*.yaml"))}
