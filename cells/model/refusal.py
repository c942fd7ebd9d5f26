"""What pydantic says of a spec as one SpecError: its field by dots, its bound and rule, and a value that will do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from analoom.pdk.errors import SpecError, as_given, nearest
from analoom.pdk.units import GRID_NM, to_um

SUFFIXES = {
    "t": 1e12,
    "g": 1e9,
    "meg": 1e6,
    "k": 1e3,
    "m": 1e-3,
    "u": 1e-6,
    "µ": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "f": 1e-15,
}
"""Of numbers in SPICE, where case does not count. Source: ngspice manual, section 2.1.3, "Some naming conventions"."""
LEAST_UM = GRID_NM / 1000
"""A length below the grid is one in m."""

_PLAIN = {
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "string_type": "a word",
    "invalid_key": "a field's name",
    "mapping_type": "a mapping",
    "model_type": "a mapping of its fields",
}
"""Words of our own for what is told at length."""


def refusal(error: ValidationError, prefix: str, spec_type: type[BaseModel], given: Mapping[str, Any]) -> SpecError:
    """The first problem of `given` fields; a misspelt field comes before the one that it left out."""
    problems = error.errors(include_url=False)
    problem = min(problems, key=lambda p: p["type"] != "extra_forbidden")
    where = problem["loc"]
    dotted = ".".join(str(part) for part in where)
    name = f"{prefix}{dotted}" if dotted else prefix.rstrip(".") or spec_type.__name__
    owner, field = _place(spec_type, where)
    if problem["type"] == "extra_forbidden":
        return _unknown_field(name, problem["input"], owner)
    if problem["type"] in ("missing", "too_long") and _is_list(default := _inside(field)):
        whole = name.rpartition(".")[0] if isinstance(where[-1], int) else name
        return _of_another_length(whole, problem["input"], default)
    if problem["type"] == "missing":
        meaning = f": {field.description}" if field and field.description else ""
        return SpecError(name, None, "given", instead=f"give {name}{meaning}")
    bound, fix = _bound_and_fix(problem, field)
    listed = next((k for k, part in enumerate(where) if isinstance(part, int)), None)
    rule = _rule(field) if problem["type"] == "greater_than_equal" else None
    if listed is None or fix is None:
        return SpecError(name, problem["input"], bound, rule, fix=fix)
    if _is_list(fix):
        fix = fix[min(int(where[listed]), len(fix) - 1)]
    whole = _with(given, where[: listed + 1], fix)
    return SpecError(name, problem["input"], bound, rule, instead=f"{'.'.join(map(str, where[:listed]))}={whole}")


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) > 0


def _of_another_length(name: str, given: Any, default: Sequence[Any]) -> SpecError:
    """Of a list with fewer or more entries than its field takes, which are as many as those of its default."""
    return SpecError(name, given, f"a list of {len(default)}", fix=list(default))


def _place(spec_type: Any, where: Sequence[Any]) -> tuple[Any, FieldInfo | None]:
    """The model that holds the field at `where`, and the field; places in a list are passed over."""
    owner, model, field = spec_type, spec_type, None
    for part in (part for part in where if isinstance(part, str)):
        owner = model or owner
        field = getattr(owner, "model_fields", {}).get(part)
        model = _model_in(field.annotation) if field else None
    return owner, field


def _model_in(annotation: Any) -> Any:
    """The spec that an annotation speaks of, if any."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _unknown_field(name: str, value: Any, owner: Any) -> SpecError:
    known = list(owner.model_fields)
    place, _, word = name.rpartition(".")
    near = nearest(word, known) or _by_meaning(word, owner)
    path = f"{place}." if place else ""
    meant = f"{path.removeprefix('settings.')}{near}={as_given(value)}" if near else None
    return SpecError(name, value, "one of the fields " + ", ".join(known), instead=meant)


def _by_meaning(word: str, owner: Any) -> str | None:
    """The field that says `word`, or nearly, in what it means: `width` is the `w` that is a gate width."""
    said = {
        part: name
        for name, field in reversed(owner.model_fields.items())
        for part in re.findall(r"[a-z]{5,}", (field.description or "").lower())
        if abs(len(part) - len(word)) < 2
    }
    near = nearest(word, said, likeness=0.8)
    return said[near] if near else None


def _bound_and_fix(problem: Any, field: FieldInfo | None) -> tuple[str, Any]:
    """What the value must be, in words, and a value that is."""
    kind, value, context = problem["type"], problem["input"], problem.get("ctx", {})
    if (told := _length(value, field) or _suffixed(value, field)) is not None:
        return told
    bound = _PLAIN.get(kind) or problem["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        return f"a word of the pattern {context['pattern']}", _inside(field)
    if kind in ("greater_than_equal", "less_than_equal"):
        return bound, context["ge" if "ge" in context else "le"]
    if kind in ("tuple_type", "list_type") and isinstance(value, str) and "," in value:
        return f"{bound} in brackets", f"[{value}]"
    if kind == "literal_error":
        names = re.findall(r"'([^']*)'", context["expected"])
        return bound, nearest(str(value), names) or _inside(field) or names[0]
    if _unit(field) == "um" and _is_number(value) and bound.startswith("a multiple of"):
        return bound, to_um(max(round(float(value) * 1000 / GRID_NM), 1) * GRID_NM)
    return bound, _inside(field)


def _length(value: Any, field: FieldInfo | None) -> tuple[str, Any] | None:
    """Of a length in um that is given in m."""
    if _unit(field) != "um" or not _is_number(value) or not 0 < abs(float(value)) < LEAST_UM:
        return None
    return "a length in um, not in m", _rounded(float(value) * 1e6)


def _suffixed(value: Any, field: FieldInfo | None) -> tuple[str, Any] | None:
    """Of a number with SPICE's suffix, or with its unit behind it."""
    unit = _unit(field)
    found = re.fullmatch(r"\s*([-+.\de]*\d\.?)\s*(meg|[tgkmunpfµ])?([a-z]*)\s*", str(value).lower())
    if unit is None or not isinstance(value, str) or found is None or not _is_number(found[1]) or _is_number(value):
        return None
    number, suffix, rest = float(found[1]), found[2], found[3]
    if rest not in ("", unit.lower(), "m" if unit == "um" else ""):
        return None
    scale = SUFFIXES[suffix] if suffix else 1.0
    if unit == "um" and (suffix or rest == "m"):
        return "a length in um as a plain number, without a suffix or unit", _rounded(number * scale * 1e6)
    return f"a plain number{f' in {unit}' if unit else ''}, without a suffix or unit", _rounded(number * scale)


def _rounded(number: float) -> float:
    return float(f"{number:.9g}")


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, bool)


def _inside(field: FieldInfo | None) -> Any:
    """A value that a field takes: its default, else the middle between its bounds; None where neither is known."""
    if field is None:
        return None
    default = field.get_default(call_default_factory=True)
    if default is not PydanticUndefined and default is not None and not isinstance(default, BaseModel):
        return default
    bounds = [getattr(m, name) for m in field.metadata for name in ("ge", "gt", "le", "lt") if hasattr(m, name)]
    return sum(bounds) / 2 if len(bounds) == 2 else None


def _with(given: Mapping[str, Any], where: Sequence[Any], value: Any) -> str:
    """The list at `where[:-1]` of `given` with `value` in the place `where[-1]`."""
    held: Any = given
    for part in where[:-1]:
        held = held[part]
    return as_given([value if k == where[-1] else one for k, one in enumerate(held)])


def _extra(field: FieldInfo | None) -> Mapping[str, Any]:
    extra = field.json_schema_extra if field else None
    return extra if isinstance(extra, dict) else {}


def _unit(field: FieldInfo | None) -> str | None:
    return _extra(field).get("unit")


def _rule(field: FieldInfo | None) -> str | None:
    """The rule behind the least value of a field, if it names one (`"rule"` in its schema)."""
    rule = _extra(field).get("rule")
    return None if rule is None else str(rule)
