"""Building: a cell drawn and written as GDS, OASIS, SPICE, LEF and a picture, with its spec and provenance."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analoom.cells.cell import Cell
from analoom.pdk.units import to_um

from .lef import write_lef
from .outputs import generator_of, provenance, whole_file, write_json, write_whole
from .picture import close_up, write_picture


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
            "kind": self.cell.kind.value,
            "spec": self.cell.spec.model_dump(mode="json"),
            "files": {name: str(path) for name, path in self.files.items()},
            "width_um": to_um(box.width()),
            "height_um": to_um(box.height()),
            "area_um2": round(self.cell.area_um2, 6),
            "devices": self.cell.circuit.device_count(),
            "pins": list(self.cell.circuit.ports),
            "seconds": round(self.seconds, 3),
        }


def build_files(cell: Cell, folder: Path, seed: int | None = None) -> BuildReport:
    """Writes every view of `cell` into `folder` (which exists). Raises InputError when it cannot be written to."""
    started = time.perf_counter()
    files = {suffix: folder / f"{cell.name}.{suffix}" for suffix in ("gds", "oas", "spice", "png", "lef")}
    for suffix in ("gds", "oas"):
        with whole_file(files[suffix]) as draft:
            cell.write(draft)
    write_whole(files["spice"], cell.spice())
    write_lef(cell, files["lef"])
    write_picture(files["gds"], files["png"])
    if window := close_up(cell.bbox_nm):
        files["detail"] = write_picture(files["gds"], folder / f"{cell.name}_detail.png", window)
    generator = generator_of(cell)
    write_json(folder / "spec.json", {"cell": generator, **cell.spec.model_dump(mode="json")})
    write_json(folder / "provenance.json", provenance(seed))
    return BuildReport(cell, generator, folder, files, time.perf_counter() - started)
