"""Handing a cell over: its files in a folder of the receiver's shape, and what the checks of them found.

    from analoom.flows.handover.run import export_cell

    report = export_cell(cell, "librelane", Path("macro"))

The folder is written whole or not at all, in the place of what an earlier export of the same cell left there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.files.outputs import cell_folder, generator_of, provenance, write_json
from analoom.flows.files.whole_folder import whole_folder

from .lookup import receiver_of
from .record import Check, Written

REPORT = "export.json"


@dataclass(frozen=True)
class ExportReport:
    """What was written of a cell for `to`, and checked."""

    cell: Cell
    to: str
    settings: Spec
    folder: Path
    files: Mapping[str, Path]
    checks: Mapping[str, Check]
    seconds: float = field(compare=False, default=0.0)

    @property
    def clean(self) -> bool:
        """Whether there were checks, and every one ran and found nothing."""
        return bool(self.checks) and all(check.state == "passed" for check in self.checks.values())

    def to_json(self) -> dict[str, Any]:
        """What `analoom export --json` prints."""
        return {
            "cell": self.cell.name,
            "generator": generator_of(self.cell),
            "spec": self.cell.spec.model_dump(mode="json"),
            "to": self.to,
            "settings": self.settings.model_dump(mode="json"),
            "files": {name: str(self.folder / path) for name, path in self.files.items()},
            "checks": {name: check.to_json() for name, check in self.checks.items()},
            "clean": self.clean,
            "folder": str(self.folder),
            "seconds": round(self.seconds, 3),
        }


def export_cell(
    cell: Cell,
    to: str,
    folder: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    step: Callable[[str], None] = lambda name: None,
) -> ExportReport:
    """Writes `cell` for the receiver `to` into `folder` (by default `<to>` in the cell's folder of results).

    Raises InputError for a receiver that is not known and for a folder that holds something else than an earlier
    export, SpecError for settings and for a cell that the receiver does not take.
    """
    started, receiver = time.perf_counter(), receiver_of(to)
    chosen = receiver.chosen(settings or {})
    place = Path(folder) if folder else cell_folder(cell) / to
    with whole_folder(place, REPORT) as draft:
        written = receiver.write(cell, chosen, draft, step)
        within = _within(written, draft)
        report = ExportReport(cell, to, chosen, place, within, written.checks, time.perf_counter() - started)
        write_json(draft / REPORT, {**report.to_json(), "provenance": provenance()})
    return report


def _within(written: Written, draft: Path) -> dict[str, Path]:
    """The files as seen from the folder that they were written to."""
    return {name: path.relative_to(draft) for name, path in written.files.items()}
