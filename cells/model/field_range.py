"""What a field of a JSON schema may hold, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]


def range_text(field: Schema) -> str:
    """What a field may hold: `0.42 to 5`, `at least 1`, `above 0`, or the words it knows."""
    parts = [field, *field.get("anyOf", ())]
    words = next((part["enum"] for part in parts if "enum" in part), None)
    if words:
        return ", ".join(map(str, words))
    if "range" in field:
        return str(field["range"])
    if field.get("type") == "boolean":
        return "true, false"
    item = field.get("items", {})
    return _bounds([*parts, item]) + (" each" if _bounds([item]) else "")


def _bounds(parts: Sequence[Schema]) -> str:
    least, above = _first(parts, ("minimum", "ge")), _first(parts, ("exclusiveMinimum", "gt"))
    most, below = _first(parts, ("maximum", "le")), _first(parts, ("exclusiveMaximum", "lt"))
    if least is not None and most is not None:
        return f"{least:.6g} to {most:.6g}"
    bounds = (("at least", least), ("above", above), ("at most", most), ("below", below))
    return ", ".join(f"{word} {bound:.6g}" for word, bound in bounds if bound is not None)


def _first(parts: Sequence[Schema], names: Sequence[str]) -> float | None:
    return next((part[name] for part in parts for name in names if name in part), None)
