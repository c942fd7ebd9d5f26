"""What a testbench brings home: metrics with units, and curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .operating_point import DevicePoint
    from .picture import Picture


@dataclass(frozen=True)
class Metric:
    """One measured number and its unit (SI)."""

    value: float
    unit: str


@dataclass(frozen=True)
class Curve:
    """A measured curve for plots and files: x and y, (points,) float64, and their labels with units."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    x_label: str
    y_label: str


@dataclass(frozen=True)
class TapMap:
    """A quantity over an array: `values` (rows, cols), row 0 at the bottom of the layout; what it is, and its unit."""

    values: NDArray[np.float64]
    label: str
    unit: str


@dataclass(frozen=True)
class Sheet:
    """Columns of numbers for a file: `heads` with units, `columns` each (lines,)."""

    heads: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]

    def csv(self) -> str:
        """As CSV text."""
        rows = [",".join(f"{value:.9g}" for value in row) for row in zip(*self.columns, strict=True)]
        return "\n".join([",".join(f'"{h}"' for h in self.heads), *rows, ""])


@dataclass(frozen=True)
class Table:
    """A table of words for the report: `rows` under `heads`, and a note."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str

    def to_json(self) -> dict[str, Any]:
        """As it stands in the report's JSON."""
        return {
            "title": self.title,
            "heads": list(self.heads),
            "rows": [list(row) for row in self.rows],
            "note": self.note,
        }


@dataclass(frozen=True)
class Measured:
    """What a testbench brings home; `devices` is the operating point of every transistor, `notes` what is left out.

    Where there are `pictures` they stand in the report for the curves.
    """

    metrics: Mapping[str, Metric]
    curves: Mapping[str, Curve] = field(default_factory=dict)
    maps: Mapping[str, TapMap] = field(default_factory=dict)
    devices: tuple[DevicePoint, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
