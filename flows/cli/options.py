"""What the command line was asked for: `-p` fields, spec files, cells by name and layouts by file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.pdk.errors import InputError, unknown

if TYPE_CHECKING:
    from analoom.cells.model.cell import Cell
    from analoom.flows.files.application import Watch
    from analoom.flows.files.layout_source import LayoutSource

NUMBERS = {"temperatures": "-40,27,125", "supplies": "1.62,1.8,1.95"}
"""Examples of options that take several numbers."""
TIMEOUT_S = 900.0
"""Another application gets so long when nothing else is said."""
_DIGITS = re.compile(r"0\d+")
LARGEST_MB = 500.0
"""Larger layout files are refused when nothing else is said; in memory a layout takes several times its size."""


def spec_fields(pairs: Iterable[str], option: str = "-p") -> dict[str, Any]:
    """`["w=4", "synapse.l=0.5"]` as `{"w": 4, "synapse": {"l": 0.5}}`; values are YAML, `option` is who gave them.

    A nested field given as a whole and by parts keeps both: `synapse=synapse_cs` is its discriminator `cell`. Digits
    that begin with 0 (`0110`) stay a word, which YAML would read as an octal number.
    """
    fields: dict[str, Any] = {}
    for pair in pairs:
        path, equals, text = pair.partition("=")
        if not equals or not all(path.split(".")):
            raise InputError(
                f"{option} {pair!r}: write field=value", field=path or option, remedy=f"for example {option} w=4"
            )
        value = text if _DIGITS.fullmatch(text) else _yaml(text, f"{option} {path}")
        _place(fields, path.split("."), value, path, option)
    return fields


def spec_of_file(path: Path) -> dict[str, Any]:
    """The mapping in a YAML spec file: `cell` (optional) and spec fields."""
    content = _yaml(text_of_file(path), str(path))
    if not isinstance(content, Mapping):
        raise InputError(f"{path}: a mapping of spec fields is wanted", field="spec", remedy="lines such as `w: 4`")
    return dict(content)


def chosen_cell(name: str | None, pairs: Iterable[str], spec: Path | None) -> Cell:
    """The cell called `name` with the fields of `--spec` and, over them, of `-p`."""
    from analoom.cells.model.registry import build

    return build(*chosen_fields(name, pairs, spec))


def chosen_fields(name: str | None, pairs: Iterable[str], spec: Path | None) -> tuple[str, dict[str, Any]]:
    """The name of a cell, and its fields: of `--spec` and, over them, of `-p`."""
    fields = spec_of_file(spec) if spec else {}
    named = fields.pop("cell", None)
    if name is None and named is None:
        raise InputError("no cell given, by its name or as `cell:` in --spec", field="name", remedy="analoom list")
    if name is not None and named is not None and name != named:
        said = f"{spec} is a spec of {named!r}, not of {name!r}"
        raise InputError(said, field="cell", remedy=f"{named} as the name, or none")
    return str(name or named), _merged(fields, spec_fields(pairs))


def chosen_source(
    name: str | None, pairs: Iterable[str], spec: Path | None, top: str | None, max_file_mb: float = LARGEST_MB
) -> LayoutSource:
    """The layout of a cell by registry name, or of any GDS or OASIS file."""
    from analoom.flows.files.layout_source import of_cell, of_file

    if name is None or not is_file(name):
        if top is not None:
            said = f"--top {top} goes with a layout file; a cell has one top"
            raise InputError(said, field="top", remedy="the command without --top")
        return of_cell(chosen_cell(name, pairs, spec))
    if pairs or spec:
        said = f"{name} is a layout file: it takes no spec fields"
        raise InputError(said, field="-p", remedy="the command without -p and --spec")
    return of_file(Path(name), top, max_file_mb)


def watch(timeout_s: float) -> Watch:
    """How other applications are run. Raises InputError for a time limit that is none."""
    from analoom.flows.files.application import Watch

    if not 0 < timeout_s < float("inf"):
        raise InputError(f"--timeout {timeout_s:g}: must be above 0 s", field="timeout", remedy="--timeout 900")
    return Watch(timeout_s)


def is_file(name: str) -> bool:
    """Whether `name` means a layout file rather than a cell of the registry."""
    from analoom.flows.many_files.find import is_layout

    return is_layout(Path(name)) or "/" in name or Path(name).is_file()


def text_of_file(path: Path) -> str:
    """A text file's content. Raises InputError for one that cannot be read."""
    try:
        return path.read_text()
    except OSError as error:
        said = f"cannot read {path}: {error.strerror}"
        raise InputError(said, field=str(path), remedy="the path of a text file that is there") from None
    except UnicodeDecodeError:
        said = f"cannot read {path}: it is not text"
        raise InputError(said, field=str(path), remedy="a text file in UTF-8") from None


def words_of(text: str) -> tuple[str, ...]:
    """`"fast, magic"` as `("fast", "magic")`."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def numbers(text: str | None, field: str) -> tuple[float, ...]:
    """`"-40, 27"` as `(-40.0, 27.0)`; none for None. Raises InputError for what is no finite number."""
    words = words_of(text or "")
    if text is not None and not words:
        raise InputError(f"{field}: no number given", field=field, remedy=f"--{field} {NUMBERS[field]}")
    try:
        found = tuple(float(word) for word in words)
    except ValueError:
        said = f"{field} = {text!r}: must be numbers with commas between"
        raise InputError(said, field=field, remedy=f"--{field} {NUMBERS[field]}") from None
    if not all(isfinite(number) for number in found):
        raise InputError(f"{field} = {text!r}: must be finite", field=field, remedy=f"--{field} {NUMBERS[field]}")
    return found


def one_of(value: str, field: str, known: tuple[str, ...]) -> str:
    """`value` if it is one of `known`, refused otherwise."""
    if value not in known:
        raise unknown(field, value, known, field, f"--{field} ")
    return value


def _yaml(text: str, where: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # the latter of numbers of 4,300 digits, and of dates that are none
        said = " ".join(str(error).split())
        field = where.removeprefix("-p ").removeprefix("--set ")
        raise InputError(f"{where}: not YAML: {said}", field=field, remedy="brackets and quotes closed") from None


def _place(fields: dict[str, Any], steps: list[str], value: Any, path: str, option: str) -> None:
    for step in steps[:-1]:
        below = fields.setdefault(step, {})
        if not isinstance(below, dict):
            below = fields[step] = {"cell": below}
        fields = below
    last = steps[-1]
    if isinstance(fields.get(last), dict) and not isinstance(value, dict):
        last, fields = "cell", fields[last]
    if last in fields:
        raise InputError(f"{option} {path} is given twice", field=path, remedy=f"{option} {path} once")
    fields[last] = value


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` laid over `below`, nested mappings field by field."""
    merged = dict(below)
    for field, value in above.items():
        old = merged.get(field)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[field] = _merged(old, value) if both else value  # type: ignore[arg-type]
    return merged
