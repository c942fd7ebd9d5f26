"""Fields of a spec, or settings, as rows of their JSON schema: name by dots, unit, range, default and meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analoom.cells.model.field_range import range_text

Schema = Mapping[str, Any]
Row = dict[str, Any]

KEYS = ("name", "unit", "range", "default", "meaning")


def field_rows(schema: Schema, choices: Mapping[str, Schema] | None = None, prefix: str = "") -> list[Row]:
    """A row a field, nested ones below their own by dots.

    `choices`: schemas of the cells that a field with `cell` in its default may hold, by name; their fields are listed
    below it, each saying whose it is.
    """
    return list(_rows(schema, schema.get("$defs", {}), choices or {}, prefix))


def _rows(schema: Schema, below: Schema, choices: Mapping[str, Schema], prefix: str) -> Iterator[Row]:
    for name, field in schema.get("properties", {}).items():
        path, nested = f"{prefix}{name}", _nested(field, below)
        if nested:
            yield from _rows(nested, below, choices, f"{path}.")
        elif _holds_cell(field):
            yield from _chosen(path, field, choices)
        else:
            yield _row(path, field)


def _nested(field: Schema, below: Schema) -> Schema | None:
    """The schema of a field that is a mapping of fields itself."""
    parts = (field, *field.get("anyOf", ()))
    name = next((part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part), None)
    return below.get(name) if name else None


def cells_held(schema: Schema) -> list[str]:
    """The cells that fields of a schema hold by default."""
    return [field["default"]["cell"] for field in schema.get("properties", {}).values() if _holds_cell(field)]


def _holds_cell(field: Schema) -> bool:
    return isinstance(field.get("default"), dict) and "cell" in field["default"]


def _chosen(path: str, field: Schema, choices: Mapping[str, Schema]) -> Iterator[Row]:
    """The choice of a cell, and the fields of each that there is."""
    default = field["default"]["cell"]
    yield _made(f"{path}.cell", "", ", ".join(choices), default, field.get("description", ""))
    for cell, schema in choices.items():
        for row in field_rows(schema, prefix=f"{path}."):
            yield {**row, "meaning": f"{row['meaning']} (of {cell})"}


def _row(path: str, field: Schema) -> Row:
    unit = field.get("unit", "")
    return _made(path, unit, range_text(field), field.get("default"), field.get("description", ""))


def _made(*values: Any) -> Row:
    return dict(zip(KEYS, values, strict=True))
