"""A macro for LibreLane and OpenROAD: layout, abstract and stub, from one list of pins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.lef import write_lef
from analoom.flows.export.verilog_stub import write_verilog
from analoom.flows.files.outputs import whole_file
from analoom.flows.handover.record import Check, Receiver, Written, failed, passed


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the macro; the layout is read back."""
    step("writing")
    files = {"gds": folder / "gds" / f"{cell.name}.gds"}
    with whole_file(files["gds"]) as draft:
        cell.write(draft)
    files["lef"] = write_lef(cell, folder / "lef" / f"{cell.name}.lef")
    files["verilog"] = write_verilog(cell, folder / "vh" / f"{cell.name}.v")
    return Written(files, {"one_top": _one_top(cell, files["gds"])})


def _one_top(cell: Cell, gds: Path) -> Check:
    layout = kdb.Layout()
    layout.read(str(gds))
    tops = [top.name for top in layout.top_cells()]
    said = f"top cells of the layout: {', '.join(tops)}; {layout.cells()} cells"
    return passed(said) if tops == [cell.name] else failed(said)


RECEIVER = Receiver("librelane", "GDS, LEF and a Verilog stub with power pins, as LibreLane takes macros", write)
