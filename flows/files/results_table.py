"""Results as arrays with named axes and units, and as files: CSV to read, Parquet with everything in its metadata."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError

from .extras import PARQUET
from .outputs import whole_file, write_whole

Place = str | float
KEY = b"analoom"
"""Under which name a Parquet file's metadata holds axes, units and where the values came from."""


@dataclass(frozen=True)
class Axis:
    """One axis: its name, the values along it in order, and their unit ("" for names)."""

    name: str
    values: tuple[Place, ...]
    unit: str = ""

    @property
    def head(self) -> str:
        """The name with the unit, as a column is headed."""
        return heading(self.name, self.unit)


@dataclass(frozen=True)
class ResultsTable:
    """`values[name]` is float64 of the shape of `axes`, NaN where there is none; `units` by name.

    `about` says what was measured: JSON values only.
    """

    axes: tuple[Axis, ...]
    values: Mapping[str, NDArray[np.float64]]
    units: Mapping[str, str]
    about: Mapping[str, Any] = field(default_factory=dict)

    def at(self, name: str, *place: Place) -> float:
        """One value, `place` in the order of the axes. Raises InputError for a name or place that is not there."""
        if name not in self.values:
            raise InputError(f"no quantity {name!r}; known: {', '.join(self.values)}", field="metric")
        if len(place) != len(self.axes):
            raise InputError(f"{len(place)} places for the axes {', '.join(a.name for a in self.axes)}", field="axes")
        return float(self.values[name][tuple(_index(a, p) for a, p in zip(self.axes, place, strict=True))])

    def places(self) -> Iterator[tuple[Place, ...]]:
        """Every place of the table, the last axis fastest, as numpy's flat order."""
        yield from product(*(axis.values for axis in self.axes))

    def write_csv(self, path: Path) -> Path:
        """One line a place: the place, then every quantity with its unit in the header; empty where there is none."""
        heads = [*(axis.head for axis in self.axes), *(heading(name, self.units[name]) for name in self.values)]
        flat = [values.ravel() for values in self.values.values()]
        rows = [[*map(_word, p), *(_word(v[k]) for v in flat)] for k, p in enumerate(self.places())]
        return write_whole(path, csv_of(heads, rows))

    def write_parquet(self, path: Path) -> Path:
        """The same columns; `about`, the axes in order and the units lie in the metadata."""
        places = list(self.places())
        columns: dict[str, Any] = {a.name: [place[k] for place in places] for k, a in enumerate(self.axes)}
        columns |= {name: values.ravel() for name, values in self.values.items()}
        axes = [{"name": a.name, "values": list(a.values), "unit": a.unit} for a in self.axes]
        units = {**{a.name: a.unit for a in self.axes}, **self.units}
        return write_columns(path, columns, units, {"axes": axes, "about": dict(self.about)})


def read_table(path: Path) -> ResultsTable:
    """A table that `write_parquet` wrote. Raises InputError for any other file, ToolError without pyarrow."""
    PARQUET.require()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"cannot read {path}: {error}", field="table") from None
    told = json.loads((table.schema.metadata or {}).get(KEY, b"{}"))
    if "axes" not in told:
        raise InputError(f"{path} is no table of results", field="table")
    axes = tuple(Axis(a["name"], tuple(a["values"]), a["unit"]) for a in told["axes"])
    names = [name for name in table.column_names if name not in {axis.name for axis in axes}]
    shape = [len(axis.values) for axis in axes]
    values = {name: table[name].to_numpy().reshape(shape) for name in names}
    return ResultsTable(axes, values, {name: told["units"][name] for name in names}, told["about"])


def write_columns(path: Path, columns: Mapping[str, Any], units: Mapping[str, str], told: Mapping[str, Any]) -> Path:
    """Named columns as Parquet: the unit of each in its field, all units and `told` in the file's metadata.

    Raises ToolError without pyarrow.
    """
    PARQUET.require()
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = [pa.array(values) for values in columns.values()]
    fields = [
        pa.field(name, array.type, metadata={"unit": units[name]}) for name, array in zip(columns, arrays, strict=True)
    ]
    about = json.dumps({**told, "units": dict(units)})
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata={KEY: about}))
    with whole_file(path) as draft:
        pq.write_table(table, draft)
    return path


def csv_of(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """CSV text with a header."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return stream.getvalue()


def heading(name: str, unit: str) -> str:
    """`i_on (A)`."""
    return f"{name} ({unit})" if unit else name


def name_and_unit(label: str) -> tuple[str, str]:
    """`"V_gs (V)"` as name and unit."""
    name, _, unit = label.partition(" (")
    return name, unit.removesuffix(")")


def plain(values: NDArray[np.float64]) -> Any:
    """Nested lists for JSON, None where there is no finite number."""
    return [plain(v) for v in values] if values.ndim else (float(values) if math.isfinite(values) else None)


def _index(axis: Axis, place: Place) -> int:
    if place not in axis.values:
        raise InputError(f"{axis.name} = {place}: not one of {', '.join(map(str, axis.values))}", field=axis.name)
    return axis.values.index(place)


def _word(value: Place) -> str:
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else f"{value:.9g}"
