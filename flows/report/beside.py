"""Cells beside the one of a page: what its system names for whom looked for another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analoom.flows.systems.lookup import record


def beside(build: Mapping[str, Any], folder: Path) -> list[tuple[str, str, str | None]]:
    """Name and words of each, and the address of its page, seen from `folder`, where `analoom flow` put one."""
    named = record(build.get("system", ""), build.get("kind", "macro")).beside
    return [(name, words, _address(name, folder)) for name, words in named.items()]


def _address(name: str, folder: Path) -> str | None:
    page = folder.resolve().parent.parent / name / name / "report.html"
    return quote(os.path.relpath(page, folder.resolve())) if page.is_file() else None
