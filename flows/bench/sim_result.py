"""The measurement of a cell in one view, and the difference of two views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .measured import Curve, Metric, Sheet, Table
from .operating_point import DevicePoint


@dataclass(frozen=True)
class SimResult:
    """The measurement of one cell in one view: metrics by name, what they mean, curves, the operating point of every
    transistor, and the files written."""

    cell: str
    view: str
    corner: str
    temp_degc: float
    metrics: Mapping[str, Metric]
    curves: Mapping[str, Curve]
    settings: Mapping[str, Any]
    files: Mapping[str, str]
    seconds: float
    devices: tuple[DevicePoint, ...] = ()
    parasitics: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom sim`."""
        metrics = {name: {"value": float(m.value), "unit": m.unit} for name, m in self.metrics.items()}
        plain: tuple[str, ...] = ("cell", "view", "corner", "temp_degc", "settings", "files", "seconds")
        plain += ("parasitics",) if self.parasitics else ()
        devices = {"devices": [point.to_json() for point in self.devices]} if self.devices else {}
        tables = {"tables": [table.to_json() for table in self.tables]} if self.tables else {}
        meant = {"meanings": dict(self.meanings)} if self.meanings else {}
        notes = {"notes": list(self.notes)} if self.notes else {}
        found = {**{name: getattr(self, name) for name in plain}, "metrics": metrics}
        return {**found, **meant, **devices, **tables, **notes}


def difference(schematic: SimResult, post: SimResult) -> dict[str, dict[str, Any]]:
    """Post-layout minus schematic for every metric both views have, in its unit; `relative` to the schematic's value,
    None where that is nothing."""
    both = [name for name in schematic.metrics if name in post.metrics]
    return {name: _change(schematic.metrics[name], post.metrics[name]) for name in both}


def _change(before: Metric, after: Metric) -> dict[str, Any]:
    change = after.value - before.value
    return {"value": change, "unit": before.unit, "relative": change / abs(before.value) if before.value else None}
