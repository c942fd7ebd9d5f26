"""A macro for LibreLane and OpenROAD: layout, abstract, stub, Liberty and netlist, from one list of pins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import Field

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.cdl import write_cdl
from analoom.flows.export.lef import write_lef
from analoom.flows.export.port_names import Port, ports_of
from analoom.flows.export.verilog_stub import write_verilog
from analoom.flows.files.layout_source import of_cell, of_file
from analoom.flows.files.outputs import write_json, write_layout, write_whole
from analoom.flows.handover.record import Check, Receiver, Written, checks_of, failed, passed
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.pex.extract import extract
from analoom.flows.signoff.layout_checks import one_top, pin_labels
from analoom.flows.signoff.subject import Subject
from analoom.flows.signoff.view_checks import lef, views
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

from .liberty import liberty_text, pins_of


class LibrelaneSettings(Spec):
    """What the Liberty file says of the supplies."""

    supply_v: float = Field(
        VDD_V,
        ge=0.5,
        le=5.5,
        description="voltage of the power pins in the Liberty file",
        json_schema_extra={"unit": "V"},
    )


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the macro; each view is read back and held against the layout."""
    assert isinstance(settings, LibrelaneSettings)
    ports = ports_of(cell)
    step("extracting")
    total_f = _totals(cell, ports, folder / "spice")
    step("writing")
    files = _views(cell, folder)
    text = liberty_text(cell.name, ports, total_f, cell.area_um2, settings.supply_v)
    files["lib"] = write_whole(folder / "lib" / f"{cell.name}.lib", text)
    files["config"] = write_json(folder / "macro.json", _config(cell, files, folder))
    step("reading back")
    subject = _subject(cell, files)
    found = {
        "one_top": one_top(subject),
        "pin_labels": pin_labels(subject),
        "lef": lef(subject),
        "views": views(subject),
    }
    return Written(files, {**checks_of(found), "liberty": _liberty(files["lib"], ports)})


def _views(cell: Cell, folder: Path) -> dict[str, Path]:
    files = {"gds": write_layout(cell, folder / "gds" / f"{cell.name}.gds")}
    files["lef"] = write_lef(cell, folder / "lef" / f"{cell.name}.lef")
    files["verilog"] = write_verilog(cell, folder / "vh" / f"{cell.name}.v")
    files["spice"] = write_whole(folder / "spice" / f"{cell.name}.spice", cell.spice())
    files["cdl"] = write_cdl(cell, folder / "spice" / f"{cell.name}.cdl")
    return files


def _totals(cell: Cell, ports: tuple[Port, ...], folder: Path) -> Mapping[str, float]:
    """The capacitance (F) of each signal pin's net: to the substrate and to all other nets."""
    found = extract(of_cell(cell), "c", workdir=folder)
    names = {port.name: found.other_names.get(port.name, port.name) for port in ports if not port.is_supply}
    lost = sorted(pin for pin, net in names.items() if net not in found.nets)
    if lost:
        said = f"{cell.name}: the extraction found no wire of pin {lost[0]} ({len(lost)} such pins)"
        raise InputError(said, field="pins", remedy="analoom pex of the cell")
    return {pin: found.nets[net].total_f for pin, net in names.items()}


def _config(cell: Cell, files: Mapping[str, Path], folder: Path) -> dict[str, object]:
    """What a LibreLane configuration in this folder takes; instances are the user's to place.

    Source: librelane/config/variable.py of LibreLane, class Macro.
    """
    at = {name: f"dir::{path.relative_to(folder).as_posix()}" for name, path in files.items()}
    lists = {key: [at[name]] for key, name in (("gds", "gds"), ("lef", "lef"), ("vh", "verilog"), ("spice", "spice"))}
    return {"MACROS": {cell.name: {**lists, "lib": {"*": [at["lib"]]}, "instances": {}}}}


def _subject(cell: Cell, files: Mapping[str, Path]) -> Subject:
    kept = {name: files[name] for name in ("lef", "cdl", "verilog")}
    reference = Reference((files["spice"],))
    return Subject(files["gds"], of_file(files["gds"]), reference, cell.circuit.name, kept, True, cell)


def _liberty(path: Path, ports: tuple[Port, ...]) -> Check:
    """The file lists the pins, and a capacitance of each signal."""
    found = pins_of(path.read_text())
    odd = sorted(set(found) ^ {port.name for port in ports})
    bare = [port.name for port in ports if not port.is_supply and "capacitance" not in found.get(port.name, "")]
    if odd or bare:
        return failed(f"pins that differ or lack a capacitance: {', '.join([*odd, *bare])}")
    return passed(f"{len(found)} pins")


RECEIVER = Receiver(
    "librelane",
    "GDS, LEF, Liberty, netlists and a Verilog stub with power pins, and their lines of a LibreLane configuration",
    write,
    LibrelaneSettings,
)
