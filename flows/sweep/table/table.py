"""The table of a sweep: one row a finished point, as CSV, and as Parquet with its provenance."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from analoom.flows.files.extras import PARQUET
from analoom.flows.files.outputs import whole_file
from analoom.flows.sweep.plan.points import Point
from analoom.flows.sweep.workers.process import Result

Row = dict[str, Any]
TEXT = ("key",)
"""Columns that are text though they may look like numbers."""


def rows_of(points: Sequence[Point], results: Mapping[str, Result]) -> list[Row]:
    """The finished points in the order of the grid: index, key, varied fields, measured values."""
    done = [p for p in points if "values" in results.get(p.key, {})]
    return [{"index": p.index, "key": p.key, **p.shown, **results[p.key]["values"]} for p in done]


def sound(row: Row) -> bool:
    """Whether every check that was asked for ran on the point and found nothing."""
    checks = [state for name, state in row.items() if name.startswith(("drc.", "lvs."))]
    return all(state in ("clean", "match") for state in checks)


def units_of(results: Mapping[str, Result]) -> dict[str, str]:
    """The units of the measured columns."""
    return {name: unit for result in results.values() for name, unit in result.get("units", {}).items()}


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Every column that any row has, in order of appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def write_parquet(rows: Sequence[Row], path: Path, units: Mapping[str, str], provenance: Mapping[str, Any]) -> Path:
    """Writes the table; provenance and units lie in its metadata under `analoom`. Raises ToolError without pyarrow."""
    PARQUET.require()
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: [_plain(row.get(name)) for row in rows] for name in columns_of(rows)}
    about = json.dumps({"provenance": dict(provenance), "units": dict(units)})
    table = pa.table(columns).replace_schema_metadata({"analoom": about})
    with whole_file(path) as draft:
        pq.write_table(table, draft)
    return path


def read_parquet(path: Path) -> tuple[list[Row], dict[str, Any]]:
    """The rows, each with the columns it has, and the metadata with `provenance` and `units`.

    Raises ToolError without pyarrow.
    """
    PARQUET.require()
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    rows = [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]
    return rows, json.loads(table.schema.metadata[b"analoom"])


def csv_text(rows: Sequence[Row]) -> str:
    """The table as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns_of(rows), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return stream.getvalue()


def read_csv(path: Path) -> list[Row]:
    """The rows of a sweep's `table.csv` as `read_parquet` gives them: numbers as numbers, no column without a value."""
    with path.open(newline="") as stream:
        told = list(csv.DictReader(stream))
    numbers = {name: _numbers([row[name] for row in told]) for name in (told[0] if told else ()) if name not in TEXT}
    return [{n: (numbers.get(n) or str)(text) for n, text in row.items() if text} for row in told]


def _numbers(texts: Sequence[str]) -> Callable[[str], Any] | None:
    """How a column is read: None when a value is text. Lists are JSON text and stay so."""
    for read in (int, float, _BOOLEANS.__getitem__):
        with suppress(ValueError, KeyError):
            return read if [read(text) for text in texts if text] else None
    return None


_BOOLEANS = {"True": True, "False": False}


def _plain(value: Any) -> Any:
    """Lists and mappings as JSON text, so that a column has one type."""
    return json.dumps(value) if isinstance(value, list | tuple | dict) else value
