"""A cell for xschem: schematic and symbol of it and of every circuit below, which netlist back to the layout."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.port_names import ports_of
from analoom.flows.files.layout_source import of_cell
from analoom.flows.files.outputs import write_whole
from analoom.flows.handover.record import Check, Receiver, Written, failed, not_run, passed
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.errors import AnaloomError, ToolError

from .by_xschem import find_xschem, netlist_by_xschem
from .drawing import schematic_text, symbol_text
from .read_back import netlist_of
from .stand_ins import library_folder, write_stand_ins

START_UP = """# Start-up file of xschem for this folder: the library of sky130 as open_pdks has it, then what is here.
source $env(PDK_ROOT)/sky130A/libs.tech/xschem/xschemrc
append XSCHEM_LIBRARY_PATH :[file dirname [file normalize [info script]]]
"""


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the schematics; they are read back twice, by a reader of our own and by xschem."""
    circuits = [*cell.circuit.children(), cell.circuit]
    supplies = [port.name for port in ports_of(cell) if port.is_supply]
    step("drawing schematics")
    texts = {f"{c.name}.sch": schematic_text(c) for c in circuits}
    texts |= {f"{c.name}.sym": symbol_text(c, supplies if c is cell.circuit else ()) for c in circuits}
    files = {name.replace(".", "_"): write_whole(folder / name, text) for name, text in texts.items()}
    files["start_up"] = write_whole(folder / "xschemrc", START_UP)
    return Written(files, checks_of(cell, folder, step))


def checks_of(cell: Cell, folder: Path, step: Callable[[str], None]) -> dict[str, Check]:
    """The netlists that the schematics in `folder` make, compared with the layout."""
    with tempfile.TemporaryDirectory() as place:
        stand_ins = write_stand_ins([*cell.circuit.children(), cell.circuit], Path(place) / "symbols")
        step("reading back")
        own = _matches(
            cell, lambda: netlist_of(folder, cell.circuit.name, stand_ins), Path(place), "read back by analoom"
        )
        return {"read_back": own, "netlist": _by_xschem(cell, folder, stand_ins, Path(place), step)}


def _by_xschem(cell: Cell, folder: Path, stand_ins: Path, work: Path, step: Callable[[str], None]) -> Check:
    try:
        tool = find_xschem()
    except ToolError as error:
        return not_run(error.advice())
    step(f"xschem {tool.version}")
    library = library_folder()
    by = f"xschem {tool.version} with {'the symbols of PDK_ROOT' if library else 'stand-ins for the symbols of sky130'}"
    return _matches(cell, lambda: netlist_by_xschem(tool, folder, cell.circuit.name, library or stand_ins), work, by)


def _matches(cell: Cell, netlist: Callable[[], str], work: Path, by: str) -> Check:
    """Whether a netlist is that of the layout, in the fast LVS."""
    try:
        report = run_lvs(of_cell(cell), netlist(), cell.circuit.name, work)
    except AnaloomError as error:
        return failed(f"{by}: {error}")
    engine = report.engines["fast"]
    found = f"{by}: {engine.schematic.devices} devices, {engine.schematic.nets} nets"
    if report.clean:
        return passed(f"{found}, as in the layout")
    return failed(f"{found}; not the layout: {'; '.join(engine.differences[:3])}")


RECEIVER = Receiver(
    "xschem", "schematic and symbol, hierarchical, with the devices of the xschem_sky130 library", write
)
