"""Every registered cell as a function: `draw.matched_pair(w=4)`, its fields as parameters and in its help."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from .cell import Cell, Spec
from .field_range import range_text
from .registry import Entry, entries, find


class CellFunctions:
    """The registered cells as functions: `draw.matched_pair(w=4)` draws, `help(draw.matched_pair)` tells the fields.

    A cell is imported when it is first asked for; `dir(draw)` lists them all.
    """

    def __getattr__(self, name: str) -> Callable[..., Cell]:
        known = None if name.startswith("_") else find(name)
        if known is None:
            raise AttributeError(f"no cell called {name!r}; dir(analoom.draw) lists them", name=name, obj=self)
        return cell_function(known)

    def __dir__(self) -> list[str]:
        return list(entries())


draw = CellFunctions()


def cell_function(entry: Entry) -> Callable[..., Cell]:
    """`entry` as a function of its fields, which are keywords; it raises SpecError as `build` does."""

    def function(**fields: Any) -> Cell:
        return entry.build(entry.spec_type.parse(fields))

    dress(function, entry, Cell)
    return function


def dress(function: Callable[..., Any], entry: Entry, returns: Any) -> None:
    """Gives `function` the name of `entry`, its fields as signature and their meaning as docstring."""
    function.__name__ = function.__qualname__ = entry.name
    function.__module__ = entry.module
    function.__doc__ = "\n".join([entry.summary, "", "Fields:", *_lines(entry.spec_type)])
    function.__signature__ = inspect.Signature(_parameters(entry.spec_type), return_annotation=returns)  # type: ignore[attr-defined]


def field_words(spec_type: type[Spec]) -> dict[str, str]:
    """What each field means: description, unit, bounds or choices, default."""
    schema = spec_type.model_json_schema()
    definitions = schema.get("$defs", {})
    return {name: _words(_resolved(found, definitions)) for name, found in schema.get("properties", {}).items()}


def _lines(spec_type: type[Spec]) -> list[str]:
    return [f"    {name}: {words}" for name, words in field_words(spec_type).items()]


def _parameters(spec_type: type[Spec]) -> list[inspect.Parameter]:
    types = get_type_hints(spec_type)
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.is_required() else field.get_default(call_default_factory=True),
            annotation=types[name],
        )
        for name, field in spec_type.model_fields.items()
    ]


def _resolved(found: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a field together with what it refers to by name."""
    reference = str(found.get("$ref", "")).rpartition("/")[2]
    return {**definitions.get(reference, {}), **found}


def _words(found: Mapping[str, Any]) -> str:
    unit = f", {found['unit']}" if "unit" in found else ""
    said = [f"{found.get('description', found.get('title', ''))}{unit}"]
    if may_hold := range_text(found):
        said.append(may_hold)
    said += [f"default {found['default']}"] if "default" in found else ["has to be given"]
    return "; ".join(said)
