"""Signing off a cell or a layout file: every check, and the folder that is handed over with its manifest.

from analoom.flows.signoff.run import sign_off_cell

sign_off_cell(build("unit_cap"), Path("signoff")).clean
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.flows.files.application import NO_WATCH, Watch
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import cell_folder, file_folder, generator_of, make_folder, provenance
from analoom.flows.files.progress import tracked
from analoom.flows.files.whole_folder import whole_folder
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.lvs.reference.text import opened
from analoom.pdk.errors import unknown
from analoom.pdk.install import check_pdk_root

from . import layout_checks, view_checks
from .engine_checks import Run, engine_checks
from .manifest import NAME, sha256_of, write_manifest
from .outcome import Outcome, all_clean
from .steps import Steps
from .subject import Subject, lef_beside, subject_of_cell, subject_of_file

CHECKS = "checks"
"""The folder of the checks' reports, one folder each."""


def _by_itself(check: Callable[[Subject], Outcome]) -> Run:
    return lambda subject, folder, watch: check(subject)


ALL: Mapping[str, Run] = {
    "one_top": _by_itself(layout_checks.one_top),
    "cell_names": _by_itself(layout_checks.cell_names),
    "layers": _by_itself(layout_checks.layers),
    "boundary": _by_itself(layout_checks.boundary),
    "pin_labels": _by_itself(layout_checks.pin_labels),
    "lef": _by_itself(view_checks.lef),
    "views": _by_itself(view_checks.views),
    **engine_checks(),
}


NOT_ASKED = Outcome("not run", "not asked for")


@dataclass(frozen=True)
class SignOffReport:
    """What every check found of a layout, and the folder with its files, their reports and the manifest."""

    cell: str
    generator: str | None
    spec: Mapping[str, Any] | None
    folder: Path
    checks: Mapping[str, Outcome]
    seconds: float = field(compare=False, default=0.0)

    @property
    def clean(self) -> bool:
        """Whether every check that applies ran and found nothing."""
        return all_clean(self.checks)

    @property
    def manifest(self) -> Path:
        return self.folder / NAME

    def to_json(self) -> dict[str, Any]:
        """What `analoom signoff --json` prints."""
        return {
            **self.content(),
            "manifest": str(self.manifest),
            "folder": str(self.folder),
            "seconds": round(self.seconds, 3),
        }

    def content(self) -> dict[str, Any]:
        """What the manifest says of it."""
        checks = {name: outcome.to_json() for name, outcome in self.checks.items()}
        made = {"cell": self.cell, "generator": self.generator, "spec": self.spec}
        return {**made, "clean": self.clean, "checks": checks}


def sign_off_cell(
    cell: Cell,
    folder: Path | None = None,
    *,
    forbidden: Sequence[Any] = (),
    only: Sequence[str] | None = None,
    watch: Watch = NO_WATCH,
    step: Callable[[str], None] = lambda name: None,
) -> SignOffReport:
    """Writes `cell` into `folder` (`signoff` in its folder of results by default), and checks what was written.

    `only`: these checks; the others are "not run", and nothing is clean then. Raises InputError for a folder that
    holds something else than an earlier sign-off, ToolError for a PDK_ROOT that holds no PDK.
    """
    place = Path(folder) if folder else cell_folder(cell) / "signoff"
    made = generator_of(cell), cell.spec.model_dump(mode="json")
    return _signed_off(place, lambda draft: subject_of_cell(cell, draft, forbidden), made, only, watch, step)


def sign_off_file(
    path: Path,
    source: LayoutSource,
    reference: Reference | None,
    circuit: str | None = None,
    folder: Path | None = None,
    *,
    lef: Path | None = None,
    forbidden: Sequence[Any] = (),
    only: Sequence[str] | None = None,
    watch: Watch = NO_WATCH,
    step: Callable[[str], None] = lambda name: None,
) -> SignOffReport:
    """The same of a layout of the user's, `source` as read from `path`, with its netlists and its LEF."""
    place = Path(folder) if folder else file_folder(path) / "signoff"
    abstract = lef or lef_beside(path)

    def subject(draft: Path) -> Subject:
        return subject_of_file(path, source, draft, reference, circuit, abstract, forbidden)

    return _signed_off(place, subject, (None, None), only, watch, step)


def check_names(only: Sequence[str] | None) -> tuple[str, ...]:
    """The checks to make. Raises InputError for one that is not known."""
    for name in only or ():
        if name not in ALL:
            raise unknown("check", name, list(ALL), "only", "--only ")
    return tuple(name for name in ALL if only is None or name in only)


def _signed_off(
    place: Path,
    subject_in: Callable[[Path], Subject],
    made: tuple[str | None, dict[str, Any] | None],
    only: Sequence[str] | None,
    watch: Watch,
    step: Callable[[str], None],
) -> SignOffReport:
    started, names = time.perf_counter(), check_names(only)
    check_pdk_root()
    with whole_folder(place, NAME) as draft:
        work = make_folder(place.parent / f".{place.name}.steps")
        step("files")
        subject, steps = subject_in(draft), Steps(work, place / CHECKS)
        found = {name: _checked(name, subject, steps, watch, step) for name in tracked(names)}
        checks = {name: found.get(name, NOT_ASKED) for name in ALL}
        for name in found:
            shutil.copytree(work / name, draft / CHECKS / name)
        report = SignOffReport(subject.name, *made, place, checks, time.perf_counter() - started)
        tools = {f"{o.tool} {o.version}" for o in checks.values() if o.tool and o.version}
        layout = subject.layout.relative_to(draft).as_posix()
        about = {"layout": layout, "provenance": {**provenance(), "tools": sorted(tools)}}
        write_manifest(draft, {**report.content(), **about})
    shutil.rmtree(work, ignore_errors=True)
    return report


def _checked(name: str, subject: Subject, steps: Steps, watch: Watch, step: Callable[[str], None]) -> Outcome:
    step(name)
    watch.tell(name)
    return steps.done(name, _made_from(subject), partial(_tried, ALL[name], subject, watch))


def _tried(run: Run, subject: Subject, watch: Watch, folder: Path) -> Outcome:
    return run(subject, folder, watch)


def _made_from(subject: Subject) -> dict[str, Any]:
    """All that decides what a check finds: the files by their content, and what was asked for."""
    lines = [line.text for line in opened(subject.reference, subject.circuit).lines] if subject.reference else []
    return {
        "layout": [subject.layout.name, sha256_of(subject.layout)],
        "netlist": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "views": {kind: sha256_of(path) for kind, path in subject.views.items()},
        "asked": [subject.name, subject.circuit, subject.exact, [layer.name for layer in subject.forbidden]],
    }
