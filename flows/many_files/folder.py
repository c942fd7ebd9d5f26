"""The folder of a layout file's results: what was checked stands in it, with the layers KLayout shows it by."""

from __future__ import annotations

from pathlib import Path

from analoom.flows.export.looks import write_layer_properties
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import file_folder, write_json
from analoom.pdk.units import to_um

ABOUT = "file.json"
"""Which file, its top cell and size (um): what `analoom report` shows of it."""


def results_folder(source: LayoutSource, file: Path, root: Path | None = None) -> Path:
    """`root/files/<stem>-<tag>/` (root: `out` by default), with `file.json` and `layers.lyp`."""
    return keep_about(source, file, file_folder(file, root))


def keep_about(source: LayoutSource, file: Path, folder: Path) -> Path:
    """`folder`, with `file.json` and `layers.lyp` written into it."""
    box = source.top.bbox()
    sides = {"width_um": to_um(box.width()), "height_um": to_um(box.height())}
    area = {"area_um2": round(sides["width_um"] * sides["height_um"], 6)}
    write_json(folder / ABOUT, {"cell": source.top.name, "file": str(file.resolve()), **sides, **area})
    write_layer_properties(folder)
    return folder
