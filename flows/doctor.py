"""What is installed: tools and extras with their versions and those wanted, every PDK part with its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analoom.flows.files.extras import EXTRAS, Extra
from analoom.pdk import install
from analoom.pdk.applications import LIBNGSPICE, version_key
from analoom.pdk.errors import ToolError

_PARTS: dict[str, Callable[[], Path]] = {
    "models": install.models_dir,
    "continuous_models": install.continuous_models_dir,
    "wire_tables": install.wire_tables_dir,
    "klayout_deck": install.deck,
    "magic_tech": install.magic_tech,
    "netgen_setup": install.netgen_setup,
}


def examine() -> dict[str, Any]:
    """The JSON of `analoom doctor`; `ok` when every tool is found and new enough and every part is in place.

    Extras do not count: what needs one says so.
    """
    tools = {name: _tool(name) for name in install.TOOLS} | {"libngspice": _library()}
    pdk, problems = _pdk()
    ok = all(tool["ok"] for tool in tools.values()) and not problems
    extras = {name: _extra(extra) for name, extra in EXTRAS.items()}
    return {"ok": ok, "tools": tools, "pdk": pdk, "extras": extras, "problems": problems}


def _pdk() -> tuple[dict[str, Any], list[str]]:
    """Sources and parts, None for one that cannot be found, and why that is, each reason once."""
    problems: list[str] = []

    def told(find: Callable[[], Any]) -> Any:
        try:
            return find()
        except ToolError as error:
            problems.append(error.advice())
            return None

    sources = told(install.pdk_sources) or {install.ROOT_VARIABLE: os.environ.get(install.ROOT_VARIABLE)}
    absent = told(install.absent_in_pdk_root)
    parts = {name: str(place) if (place := told(find)) else None for name, find in _PARTS.items()}
    lacks = {"PDK_ROOT_lacks": absent} if absent else {}
    release = _release(parts["klayout_deck"])
    return {**sources, **lacks, **parts, "klayout_deck_release": release}, list(dict.fromkeys(problems))


def _release(deck: str | None) -> str | None:
    """The date and version that the deck gives itself."""
    return install.deck_release(Path(deck)) or None if deck else None


def _tool(name: str) -> dict[str, Any]:
    tool, found = install.TOOLS[name], install.look_for(name)
    return {
        "found": found is not None,
        "ok": found is not None and version_key(found.version) >= version_key(tool.wanted),
        "version": found.version if found else None,
        "wanted": tool.wanted,
        "path": str(found.path) if found else None,
        "needed_for": tool.needed_for,
        "install": tool.install,
    }


def _extra(extra: Extra) -> dict[str, Any]:
    return {
        "found": extra.version is not None,
        "ok": extra.ok,
        "version": extra.version,
        "wanted": str(extra.wanted).partition(";")[0],
        "needed_for": extra.needed_for,
        "install": extra.install,
    }


def _library() -> dict[str, Any]:
    try:
        place: str | None = str(install.libngspice())
    except ToolError:
        place = None
    told = {"version": None, "wanted": None, "needed_for": LIBNGSPICE.needed_for, "install": LIBNGSPICE.install}
    return {"found": place is not None, "ok": place is not None, "path": place, **told}
