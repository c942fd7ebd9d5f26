"""The manifest of a sign-off: every file with its hash, what it was made from, and what the checks found.

It comes from elsewhere when it is verified: each of its values is bounded, and its paths stay in its own folder. It is
no signature: whoever can write the files can write it too.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError

from analoom.flows.files.outputs import write_json
from analoom.pdk.errors import InputError

NAME = "manifest.json"
FORMAT = "analoom sign-off 1"
LARGEST_MB = 16
MOST_FILES = 20_000
LONGEST_PATH = 400
LARGEST_FILE = 10**11
REMEDY = "the manifest.json that analoom signoff wrote"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, StringConstraints(max_length=100_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PATH)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FileEntry(_Part):
    """A file's hash and its size."""

    sha256: Sha256
    bytes: int = Field(ge=0, le=LARGEST_FILE)


class CheckEntry(_Part):
    """What a check found."""

    state: Literal["passed", "failed", "not run"]
    detail: Words
    rules_run: int = Field(ge=0)
    tool: Name | None = None
    version: Name | None = None
    deck: Name | None = None
    applies: bool = True


class Manifest(_Part):
    """`layout` is the file that was checked; `generator` and `spec` say what drew it, where analoom did."""

    format: Literal["analoom sign-off 1"]
    cell: Name
    layout: Name
    generator: Name | None
    spec: dict[Name, JsonValue] | None
    clean: bool
    checks: dict[Name, CheckEntry] = Field(max_length=1000)
    files: dict[Name, FileEntry] = Field(max_length=MOST_FILES)
    provenance: dict[Name, JsonValue]

    @property
    def analoom(self) -> str:
        """The version of analoom that wrote it; empty where it does not say."""
        packages = self.provenance.get("packages")
        return str(packages.get("analoom", "")) if isinstance(packages, dict) else ""


def write_manifest(folder: Path, content: Mapping[str, Any]) -> Path:
    """Writes the manifest of all files in `folder`."""
    paths = sorted(path.relative_to(folder).as_posix() for path in files_in(folder))
    files = {path: {"sha256": sha256_of(folder / path), "bytes": (folder / path).stat().st_size} for path in paths}
    return write_json(folder / NAME, {"format": FORMAT, **content, "files": files})


def read_manifest(path: Path) -> Manifest:
    """A manifest as it was written. Raises InputError for anything else, with the first thing that is wrong."""
    text = _text(path)
    try:
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part)[:80] for part in first["loc"]) or "manifest"
        raise InputError(f"{path}: {field}: {first['msg']}", field=field, remedy=REMEDY) from None
    except (ValueError, RecursionError) as error:
        said = f"{path}: not a manifest: {str(error)[:200]}"
        raise InputError(said, field="manifest", remedy=REMEDY) from None
    for name in (*manifest.files, manifest.layout):
        _check_path(name)
    if manifest.layout not in manifest.files:
        raise InputError(f"{path}: layout is none of its files", field="layout", remedy=REMEDY)
    return manifest


def files_in(folder: Path) -> Iterator[Path]:
    """Every file in a folder and below, links as what they are; the manifest itself aside."""
    for place, folders, names in os.walk(folder):
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in (*linked, *names):
            if Path(place) / name != folder / NAME:
                yield Path(place) / name


def sha256_of(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _text(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(f"{path}: no such file", field="manifest", remedy=REMEDY)
    with path.open("rb") as stream:
        text = stream.read(LARGEST_MB * 10**6 + 1)
    if len(text) > LARGEST_MB * 10**6:
        raise InputError(f"{path}: larger than {LARGEST_MB} MB", field="manifest", remedy=REMEDY)
    return text


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key[:80]!r} stands there twice")
        found[key] = value
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _check_path(name: str) -> None:
    """Refuses a path that is not plainly one of a file in the manifest's own folder."""
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and not name.startswith("/") and ".." not in parts and "." not in parts
    if not plain or "\\" in name or ":" in name or not name.isprintable() or name == NAME:
        said = f"{name[:80]!r} is no path of a file in the manifest's folder"
        raise InputError(said, field="files", remedy="relative paths without .. in them")
