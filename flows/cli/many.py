"""drc and lvs of several files: which are meant, the run with its progress, the exit code of all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.pdk.errors import InputError

from . import output

if TYPE_CHECKING:
    from analoom.flows.many_files.check import CheckOfFile


def several(names: Sequence[str] | None, out: Path | None = None, **alone: object) -> list[Path] | None:
    """The files when more than one, or a folder, is named; None for one cell or file.

    `alone`: options that go with one cell or file only; given with several they are refused.
    """
    words = list(names or ())
    if len(words) < 2 and not (words and _is_folder(words[0])):
        return None
    from analoom.flows.files.outputs import OUT
    from analoom.flows.many_files.find import layout_files

    given = next((option for option, value in alone.items() if value), None)
    if given is not None:
        said = f"--{given} goes with one cell or file, not with several"
        raise InputError(said, field=given, remedy=f"one file, or no --{given}")
    return layout_files(words, out or OUT)


def run(command: str, files: Sequence[Path], check: CheckOfFile, workers: int, junit: Path | None, json: bool) -> int:
    """Checks the files and prints their reports. 2 when one could not be checked, 1 when one is not clean."""
    from analoom.flows.many_files.check import check_files

    with output.counting(f"{command} of {len(files)} files", len(files)) as tell:
        report = check_files(files, check, workers, tell)
    write_junit(report["files"], junit, command)
    code = output.finish(f"many_{command}", report, json)
    return 2 if any("error" in one for one in report["files"]) else code


def write_junit(reports: Sequence[dict[str, Any]], path: Path | None, command: str) -> None:
    """Writes the XML when it was asked for."""
    if path is not None:
        from analoom.flows.many_files.junit import write_junit as write

        write(reports, path, command)


def _is_folder(name: str) -> bool:
    from analoom.cells.model.registry import registered

    return Path(name).is_dir() and name not in registered()
