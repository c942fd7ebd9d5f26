"""Building: a cell as GDS, OASIS, SPICE, CDL, LEF, Verilog stub, pictures and KLayout's layers, with its spec."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.flows.files.outputs import generator_of, make_folder, provenance, write_json, write_layout, write_whole
from analoom.generators.matching.notes import not_centred
from analoom.pdk.units import to_um

from .cdl import write_cdl
from .lef import write_lef
from .looks import write_layer_properties
from .pattern_picture import has_pattern, write_pattern
from .picture import close_up, write_picture
from .port_names import ports_of
from .verilog_stub import write_verilog

ABSTRACTS: dict[str, Callable[[Cell, Path], Path]] = {"lef": write_lef, "verilog": write_verilog, "cdl": write_cdl}
"""What is written from the pin list; a name that some format cannot hold is refused before any file is written."""

SUFFIXES = {name: name for name in ("gds", "oas", "spice", "png", "lef", "cdl")} | {"verilog": "v"}


@dataclass(frozen=True)
class BuildReport:
    """The files of a built cell by format."""

    cell: Cell
    generator: str
    folder: Path
    files: dict[str, Path]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """What `analoom build --json` prints."""
        box = self.cell.bbox_nm
        return {
            "cell": self.cell.name,
            "generator": self.generator,
            "system": self.cell.system,
            "kind": self.cell.kind,
            "spec": self.cell.spec.model_dump(mode="json"),
            "files": {name: str(path) for name, path in self.files.items()},
            "width_um": to_um(box.width()),
            "height_um": to_um(box.height()),
            "area_um2": round(self.cell.area_um2, 6),
            "devices": self.cell.circuit.device_count(),
            "pins": list(self.cell.circuit.ports),
            "notes": dict(self.cell.notes),
            "warnings": list(not_centred(self.cell)),
            "seconds": round(self.seconds, 3),
        }


def build_files(cell: Cell, folder: Path, seed: int | None = None) -> BuildReport:
    """Writes every view of `cell` into `folder`, made if absent. Raises InputError when it cannot be written to."""
    started, folder = time.perf_counter(), Path(folder)
    ports_of(cell)
    make_folder(folder)
    files = {name: folder / f"{cell.name}.{suffix}" for name, suffix in SUFFIXES.items()}
    for suffix in ("gds", "oas"):
        write_layout(cell, files[suffix])
    write_whole(files["spice"], cell.spice())
    for name, write in ABSTRACTS.items():
        write(cell, files[name])
    write_picture(files["gds"], files["png"])
    if window := close_up(cell.bbox_nm):
        files["detail"] = write_picture(files["gds"], folder / f"{cell.name}_detail.png", window)
    if has_pattern(cell):
        files["pattern"] = write_pattern(cell, folder / "pattern.png")
    files["lyp"] = write_layer_properties(folder)
    generator = generator_of(cell)
    write_json(folder / "spec.json", {"cell": generator, **cell.spec.model_dump(mode="json")})
    write_json(folder / "provenance.json", provenance(seed))
    return BuildReport(cell, generator, folder, files, time.perf_counter() - started)
