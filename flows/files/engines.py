"""Which engines of a check were asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analoom.pdk.errors import InputError, unknown

ALL = "all"


def engines_asked(
    check: str, asked: Sequence[str], known: Collection[str], option: str = "--engine"
) -> tuple[str, ...]:
    """The engines to run, each once, "all" spelt out as all `known`. Raises InputError for an unknown or missing name
    of `option`; `check` is DRC or LVS."""
    unnamed = [name for name in asked if name not in (*known, ALL)]
    if unnamed:
        raise unknown(f"{check} engine", unnamed[0], (*known, ALL), "engine", f"{option} ")
    if not asked:
        said = f"no {check} engine asked for; known: {', '.join(known)}, {ALL}"
        raise InputError(said, field="engine", remedy=f"{option} fast")
    return tuple(known) if ALL in asked else tuple(dict.fromkeys(asked))
