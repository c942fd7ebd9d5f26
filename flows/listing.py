"""The list of registered cells, remembered between runs: reading it back takes a tenth of importing every generator.

The memory is a file under `$XDG_CACHE_HOME/analoom` (else `~/.cache/analoom`) named by a hash of every source file's
path, size and time of change, so an edited or added cell is listed at once.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.cells.model.discovery import import_installed, installed

from .fields import cells_held, field_rows

if TYPE_CHECKING:
    from analoom.cells.model.registry import Entry

REGISTRY = "analoom.cells.model.registry"
PACKAGES = ("analoom.pdk", "analoom.cells", "analoom.generators")


def listing() -> list[dict[str, Any]]:
    """Name, system, kind, summary and JSON schema of every registered cell, by name.

    Only analoom's own cells are remembered: those of a user's files and of installed packages are asked each time.
    """
    return sorted([*_own(), *_foreign()], key=lambda row: str(row["name"]))


def about(name: str) -> dict[str, Any]:
    """All that is known of the cell called `name`: its row of the list, fields, pins and metrics with their meaning.

    Raises InputError for a name that no cell has.
    """
    from analoom.cells.model.registry import build, entry
    from analoom.flows.bench.glossary import of_pins
    from analoom.flows.systems.lookup import system_of

    found = entry(name)
    pins = list(build(name).circuit.ports)
    glossary = of_pins(system_of(found).glossary, pins)
    metrics = {metric: {"unit": m.unit, "meaning": m.text} for metric, m in glossary.items()}
    return {**_row(found), "fields": fields_of(name), "pins": pins, "metrics": metrics}


def fields_of(name: str) -> list[dict[str, Any]]:
    """The fields of the cell called `name`, with those of every cell that one of them may hold, as `field_rows`."""
    from analoom.cells.model.registry import entries, entry

    schema = entry(name).schema()
    kinds = {entry(cell).kind for cell in cells_held(schema)}
    alike = [other for other in entries().values() if other.kind in kinds] if kinds else []
    return field_rows(schema, {other.name: other.schema() for other in alike})


def units_of_fields(name: str, wanted: Sequence[str]) -> dict[str, str]:
    """The units of the fields `wanted` of a cell, of those that have one."""
    return {row["name"]: row["unit"] for row in fields_of(name) if row["name"] in wanted and row["unit"]}


def settings_of(name: str, command: str) -> dict[str, Any]:
    """What `--set` of `sim` or `mismatch` takes for the cell called `name`: by setting what `field_rows` says.

    Raises InputError for a name that no cell has, and for a cell without a bench or mismatch metrics.
    """
    from analoom.cells.model.registry import entry
    from analoom.flows.systems.lookup import analysis_of, bench_of, system_of

    system = system_of(entry(name))
    chosen: Any = bench_of(system) if command == "sim" else analysis_of(system)
    rows = {row.pop("name"): row for row in field_rows(chosen.settings.model_json_schema())}
    return {"cell": name, "command": command, "settings": rows}


def _own() -> list[dict[str, Any]]:
    kept = _memory()
    try:
        rows: list[dict[str, Any]] = json.loads(kept.read_text())
    except (OSError, ValueError):
        from analoom.cells.model.registry import entries

        rows = [_row(entry) for entry in entries().values() if entry.ours]
        _keep(kept, rows)
    return rows


def _foreign() -> list[dict[str, Any]]:
    """The cells that are not analoom's. Raises InputError for one that has the name of an own one."""
    if not installed() and REGISTRY not in sys.modules:  # importing it takes longer than all else
        return []
    from analoom.cells.model.registry import find, registered

    import_installed()
    own = [entry for entry in registered().values() if not entry.ours]
    for entry in own:
        find(entry.name)
    return [_row(entry) for entry in own]


def _row(entry: Entry) -> dict[str, Any]:
    about = {"name": entry.name, "system": entry.system, "kind": entry.kind}
    return {**about, "summary": entry.summary, "schema": entry.schema()}


def _memory() -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "analoom"
    return folder / f"listing-{_sources_hash()}.json"


def _sources_hash() -> str:
    told = hashlib.sha256()
    for package in PACKAGES:
        for folder in importlib.import_module(package).__path__:
            for source in sorted(Path(folder).rglob("*.py")):
                state = source.stat()
                told.update(f"{source} {state.st_size} {state.st_mtime_ns}\n".encode())
    return told.hexdigest()[:16]


def _keep(path: Path, rows: list[dict[str, Any]]) -> None:
    """Writes the memory whole; a home that cannot be written to only costs time."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            draft = Path(folder) / path.name
            draft.write_text(json.dumps(rows))
            os.replace(draft, path)
