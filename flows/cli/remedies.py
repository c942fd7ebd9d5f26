"""The way out of what could not run: of the option parser's complaints, and of errors that name none themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from analoom.pdk.errors import AnaloomError, InputError, SpecError

WITH_SETTINGS = ("sim", "mismatch")
"""Commands that list what their `--set` takes."""


ASSIGNMENT = re.compile(r"[a-z_][a-z0-9_.]*=", re.IGNORECASE)


def usage_error(error: Any, words: Sequence[str], commands: Sequence[str]) -> InputError:
    """What the option parser complains of in `words`: the option at fault, and the help of the command."""
    meant = getattr(error, "possibilities", None) or [""]
    command = meant[0] if hasattr(error, "command_name") else _command(words, commands)
    told = error.message if hasattr(error, "command_name") else error.format_message()
    return InputError(str(told), field=_field(error), remedy=_help(command))


def with_remedy(error: AnaloomError, words: Sequence[str], commands: Sequence[str]) -> AnaloomError:
    """The error, with its remedy as an option to give, or where to look if it has none."""
    if error.remedy and isinstance(error, SpecError) and ASSIGNMENT.match(error.remedy):
        error.remedy = _assigned(error, error.remedy, words, _command(words, commands))
    if not error.remedy:
        command, cell = _command(words, commands), _cell(words)
        looks = isinstance(error, SpecError) and cell is not None
        error.remedy = _list(error, command, str(cell), words) if looks else _help(command)
    return error


def _field(error: Any) -> str | None:
    """The option or argument that the parser means."""
    if hasattr(error, "command_name"):
        return "command"
    parameter = getattr(error, "param", None)
    return getattr(error, "option_name", None) or getattr(parameter, "name", None)


def _list(error: AnaloomError, command: str, cell: str, words: Sequence[str]) -> str:
    """The command that lists the fields of a cell, or its settings."""
    told = f"{command} {cell} --settings" if _is_setting(error) and command in WITH_SETTINGS else f"list {cell}"
    return " ".join(["analoom", told, *_own_files(words)])


def _assigned(error: AnaloomError, assignment: str, words: Sequence[str], command: str) -> str:
    """`w=4` as the option that gives it, or as the line of the job or the spec file that it stands in."""
    line = assignment.replace("=", ": ", 1)
    if command == "sweep":
        return f"in the job {line}"
    if "--spec" in words and not any("=" in word and not word.startswith("-") for word in words):
        return f"in the spec file {line}"
    return f"{'--set' if _is_setting(error) else '-p'} {assignment}"


def _is_setting(error: AnaloomError) -> bool:
    return (error.field or "").startswith("settings.")


def _command(words: Sequence[str], commands: Sequence[str]) -> str:
    return next((word for word in words if word in commands), "")


def _cell(words: Sequence[str]) -> str | None:
    """The cell that the words name; only one that was found is registered."""
    from analoom.cells.model.registry import registered

    return next((word for word in words if word in registered()), None)


def _own_files(words: Sequence[str]) -> list[str]:
    """The files of the user's own cells, without which the cell is not known."""
    apart = [f"{option} {file}" for option, file in pairwise(words) if option == "--cells"]
    return [*apart, *(word for word in words if word.startswith("--cells="))]


def _help(command: str) -> str:
    return " ".join(word for word in ("analoom", command, "--help") if word)
