"""The folder of a layout file's results: what was checked stands in it, with the layers KLayout shows it by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analoom.flows.export.looks import write_layer_properties
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import write_json, write_step
from analoom.pdk.errors import ToolError
from analoom.pdk.units import to_um

ABOUT = "file.json"
"""Which file, its top cell and size (um): what `analoom report` shows of it."""


def keep(
    source: LayoutSource, folder: Path, step: str, report: dict[str, Any], file: Path | None = None
) -> dict[str, Any]:
    """Keeps a step's report in `folder` with `layers.lyp`, and with `file.json` for a layout of `file`. Returns it."""
    if file is not None:
        _write_about(source, file, folder)
    write_layer_properties(folder)
    return write_step(folder, step, report)


def require_verdict(report: dict[str, Any]) -> dict[str, Any]:
    """The report itself, when at least one engine gave a verdict. Raises ToolError with the reasons when none did."""
    engines = report["engines"]
    if all(engine["state"] == "not run" for engine in engines.values()):
        reasons = "; ".join(f"{name}: {engine['reason']}" for name, engine in engines.items())
        none_applies = not any(engine.get("applies", True) for engine in engines.values())
        remedy = "--engine all" if set(engines) == {"fast"} or none_applies else "analoom doctor"
        raise ToolError(f"no engine gave a verdict: {reasons}", field="engine", remedy=remedy)
    return report


def _write_about(source: LayoutSource, file: Path, folder: Path) -> None:
    box = source.top.bbox()
    sides = {"width_um": to_um(box.width()), "height_um": to_um(box.height())}
    area = {"area_um2": round(sides["width_um"] * sides["height_um"], 6)}
    write_json(folder / ABOUT, {"cell": source.top.name, "file": str(file.resolve()), **sides, **area})
