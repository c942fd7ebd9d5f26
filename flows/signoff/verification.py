"""Verifying a sign-off: its files are those of the manifest, and its layout is what its spec draws.

from analoom.flows.signoff.verification import verify

verify(Path("signoff/manifest.json")).differences
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analoom.cells.model.registry import build
from analoom.pdk.errors import AnaloomError, InputError
from analoom.pdk.install import package_version

from .manifest import NAME, Manifest, files_in, read_manifest, sha256_of
from .outcome import Outcome, all_clean
from .same_layout import layout_differences

MOST_NAMED = 100
"""So many differences are spelt out, the others counted."""


@dataclass(frozen=True)
class VerifyReport:
    """`redrawn` says whether the layout was drawn again from its spec, and what came of it."""

    manifest: Path
    content: Manifest
    differences: tuple[str, ...]
    redrawn: str

    @property
    def clean(self) -> bool:
        """Whether everything is as the manifest says; whether the checks were clean is the manifest's `clean`."""
        return not self.differences

    def to_json(self) -> dict[str, Any]:
        """What `analoom verify --json` prints."""
        more = len(self.differences) - MOST_NAMED
        told = [*self.differences[:MOST_NAMED], *([f"and {more} more differences"] if more > 0 else [])]
        return {
            "cell": self.content.cell,
            "clean": self.clean,
            "differences": told,
            "files": len(self.content.files),
            "redrawn": self.redrawn,
            "signed_off": self.content.clean,
            "manifest": str(self.manifest),
        }


def verify(path: Path) -> VerifyReport:
    """Compares a folder with the manifest in it; `path` is the manifest or its folder.

    Raises InputError for a manifest that is none, and where a path in it leads out of its folder.
    """
    path = path / NAME if path.is_dir() else path
    content = read_manifest(path)
    differences = [*_of_checks(content), *_of_files(path.parent, content)]
    redrawn, odd = _redrawn(path.parent, content)
    return VerifyReport(path, content, (*differences, *odd), redrawn)


def _of_checks(content: Manifest) -> Iterator[str]:
    checks = {name: Outcome.from_json(entry.model_dump()) for name, entry in content.checks.items()}
    if content.clean != all_clean(checks):
        yield f"manifest: clean is {str(content.clean).lower()}, which its checks do not say"


def _of_files(folder: Path, content: Manifest) -> Iterator[str]:
    for name, entry in content.files.items():
        path = folder / name
        _check_links(folder, name)
        if not path.exists():
            yield f"missing: {name}"
        elif not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size != entry.bytes:
            yield f"changed: {name} is no file of {entry.bytes} bytes"
        elif sha256_of(path) != entry.sha256:
            yield f"changed: {name} has another sha256"
    found = {path.relative_to(folder).as_posix() for path in files_in(folder)}
    yield from (f"additional: {name}" for name in sorted(found - content.files.keys()))


def _check_links(folder: Path, name: str) -> None:
    """Refuses a path that is a link, or goes through one."""
    place = folder
    for part in Path(name).parts:
        place = place / part
        if place.is_symlink():
            said = f"{name} is a link, or lies behind one"
            raise InputError(said, field="files", remedy="a folder of plain files")


def _redrawn(folder: Path, content: Manifest) -> tuple[str, list[str]]:
    """What was done to draw the layout again, and what differs."""
    if content.generator is None or content.spec is None:
        return "no: the manifest holds no spec", []
    here = package_version("analoom")
    if content.analoom != here:
        said = f"drawn by analoom {content.analoom[:40] or '?'}, here is {here}: the layout was not drawn again"
        return "no: another version", [f"layout: {said}"]
    if not (folder / content.layout).is_file():
        return "no: the layout is missing", []
    try:
        found = layout_differences(folder / content.layout, build(content.generator, content.spec))
    except AnaloomError as error:
        return "no: it cannot be drawn or read", [f"layout: {error.message}"]
    return "yes", [f"layout: {content.layout} is not what the spec draws: {words}" for words in found]
