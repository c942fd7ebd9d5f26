"""Where a run that was asked for something else than the defaults keeps its results: a folder of its own, below.

`out/<cell>/<spec name>/` holds what the defaults give, under plain names. Each other choice is a word, and the words
name a folder in it: `ss_125degc`, `binned_mc_seed-2`, `v_read-0.04`, `weights-1a2b3c4d` (of a file, the start of its
checksum). So no result takes the place of one that was made otherwise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .array_files import ArrayFile

LONGEST, DIGITS = 60, 8
"""Characters of a folder's name, and of a checksum in it."""


def settings_folder(
    folder: Path, chosen: Mapping[str, Any], usual: Mapping[str, Any], bare: tuple[str, ...] = ()
) -> Path:
    """`folder` where all that was chosen is usual, else the one in it that the other choices name, made by what is
    written to it.

    `chosen` by name: words, numbers, fields of settings, files; None and nothing are no choice. Names in `bare` are
    left out before their values.
    """
    words = [word for name, value in chosen.items() if value != usual.get(name) for word in _words(name, value, bare)]
    return folder / _named(words) if words else folder


def given_files(files: Mapping[str, ArrayFile | None]) -> dict[str, Any]:
    """The files that a result was made with, by option: each path and SHA-256, as `given` of its report."""
    found = {name: file.to_json() for name, file in files.items() if file}
    return {"given": found} if found else {}


def _words(name: str, value: Any, bare: tuple[str, ...]) -> list[str]:
    if value is None or value == {} or value == ():
        return []
    if isinstance(value, ArrayFile):
        return [f"{name}-{value.sha256[:DIGITS]}"]
    if isinstance(value, Mapping):
        return [word for field, one in sorted(value.items()) for word in _words(field, one, ())]
    if name == "temp":
        return [f"{value:g}degc".replace("-", "minus")]
    text = "-".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return [text if name in bare else f"{name}-{text}"]


def _named(words: list[str]) -> str:
    """The words as a folder's name; with a checksum where they are too long or not plain."""
    said = "_".join(words)
    plain = re.sub(r"[^A-Za-z0-9_.-]", "-", said).strip(".-") or "_"
    if plain == said and len(said) <= LONGEST:
        return said
    return f"{plain[: LONGEST - DIGITS - 1]}-{hashlib.sha256(said.encode()).hexdigest()[:DIGITS]}"
