"""The results that lie in folders below a cell's own: those of other settings (`flows/files/settings_folder.py`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analoom.flows.files.quantity import quantity

KEPT = ("sim_*.json", "read_*.json", "mismatch.json", "pex.json", "corners_*.json", "report.html")
MOST_TOLD = 4
"""Metrics that stand in the list of runs."""


def other_runs(folder: Path) -> list[dict[str, str]]:
    """Each result below `folder`: `run`, the folder's name, `result`, `told`, its first metrics, and `path` from it."""
    found = []
    for below in sorted(path for path in folder.iterdir() if path.is_dir()):
        for path in (path for pattern in KEPT for path in sorted(below.glob(pattern))):
            told = "" if path.suffix == ".html" else ", ".join(_metrics(json.loads(path.read_text())))
            found.append({"run": below.name, "result": path.stem, "told": told, "path": f"{below.name}/{path.name}"})
    return found


def corner_tables(folder: Path) -> dict[str, Path]:
    """By view, the table over corners that was made last, of `folder` or of one below."""
    tables = {}
    for view in ("schematic", "post"):
        name = f"corners_{view}.json"
        if found := [path for path in (folder / name, *folder.glob(f"*/{name}")) if path.is_file()]:
            tables[view] = max(found, key=lambda path: (path.stat().st_mtime_ns, path.parent.name))
    return tables


def _metrics(report: Mapping[str, Any]) -> Iterator[str]:
    for name, metric in list(report.get("metrics", {}).items())[:MOST_TOLD]:
        value = next((metric[key] for key in ("value", "sigma", "nominal") if metric.get(key) is not None), None)
        if value is not None:
            yield f"{name} {quantity(value, metric['unit'])}"
