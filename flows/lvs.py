"""Layout versus schematic: in process, hierarchical, pins required to match.

The extracted pins must equal the reference's ports by name, both ways; a label on two wires is an open, two ports on one
wire a short; a gate, plate or well that nothing drives is an error even where both netlists agree.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import klayout.db as kdb

from analoom.cells.cell import Cell
from analoom.pdk.devices import MOS
from analoom.pdk.errors import InputError, NotCleanError

from .layout_source import LayoutSource, of_cell, of_file
from .lvs_compare import FLAT_LIMIT, MOST_DIFFERENCES, Counts, compare, counts, only
from .lvs_extract import SUBSTRATE, Extraction, extract
from .lvs_floating import floating
from .lvs_netlist import circuit_named, read_reference
from .lvs_ports import connect_ports, labels

ENGINES = ("fast",)
N_MODELS = {device.model.upper() for device in MOS.values() if not device.is_p}
_INFO = kdb.LogEntryData.Info
State = Literal["match", "mismatch", "not run"]


@dataclass(frozen=True)
class EngineResult:
    """What one engine found. Counts are of the flattened netlists, parallel devices combined."""

    state: State
    tool: str
    version: str
    layout: Counts
    schematic: Counts
    differences: tuple[str, ...]
    report: Path | None
    seconds: float
    peak_mb: float

    def to_json(self) -> dict[str, Any]:
        sides = {"layout": self.layout, "schematic": self.schematic}
        numbers = {n: {k: getattr(c, n) for k, c in sides.items()} for n in ("devices", "nets", "pins")}
        return {
            "state": self.state,
            "tool": self.tool,
            "version": self.version,
            **numbers,
            "differences": list(self.differences),
            "report": str(self.report) if self.report else None,
            "seconds": round(self.seconds, 3),
            "peak_mb": round(self.peak_mb, 1),
        }


@dataclass(frozen=True)
class LvsReport:
    """The verdict on one cell, by engine."""

    cell: str
    engines: Mapping[str, EngineResult]
    notes: tuple[str, ...] = field(default=())

    @property
    def clean(self) -> bool:
        """True when every engine asked for ran and matched."""
        return bool(self.engines) and all(e.state == "match" for e in self.engines.values())

    def require_clean(self) -> LvsReport:
        """Raises NotCleanError with the first differences and the report's path."""
        for name, engine in self.engines.items():
            if engine.state != "match":
                first = "; ".join(engine.differences[:3])
                raise NotCleanError(f"{self.cell}: LVS ({name}) {engine.state}: {first} (see {engine.report})")
        return self

    def to_json(self) -> dict[str, Any]:
        engines = {name: engine.to_json() for name, engine in self.engines.items()}
        return {"cell": self.cell, "clean": self.clean, "engines": engines, "notes": list(self.notes)}


def lvs_cell(cell: Cell, workdir: Path, engines: Sequence[str] = ("fast",)) -> LvsReport:
    """Compares a cell's layout with its own circuit."""
    return run_lvs(of_cell(cell), cell.spice(), cell.circuit.name, workdir, engines)


def lvs_file(
    path: Path, netlist: Path, top: str | None, workdir: Path, engines: Sequence[str] = ("fast",)
) -> LvsReport:
    """Compares the layout file at `path` with the SPICE file `netlist`. Raises InputError for unusable files."""
    source = of_file(path, top)
    return _run(source, netlist, source.top.name, workdir, engines)


def run_lvs(
    source: LayoutSource, reference: str, top: str, workdir: Path, engines: Sequence[str] = ("fast",)
) -> LvsReport:
    """Compares `source` with the subcircuit `top` of the SPICE text `reference`; files go to `workdir`."""
    workdir.mkdir(parents=True, exist_ok=True)
    written = workdir / f"{source.top.name}.reference.spice"
    written.write_text(reference)
    return _run(source, written, top, workdir, engines)


def _run(source: LayoutSource, reference: Path, top: str, workdir: Path, engines: Sequence[str]) -> LvsReport:
    unknown = sorted(set(engines) - set(ENGINES))
    if unknown or not engines:
        raise InputError(f"LVS engine {', '.join(unknown) or 'none'}: known are {', '.join(ENGINES)}", field="engine")
    workdir.mkdir(parents=True, exist_ok=True)
    return LvsReport(source.name, {"fast": _fast(source, reference, top, workdir)}, source.notes)


def _fast(source: LayoutSource, reference: Path, top: str, workdir: Path) -> EngineResult:
    start = time.perf_counter()
    wanted = read_reference(reference, top)
    ports = tuple(pin.name() for pin in circuit_named(wanted, top).each_pin())
    extraction = extract(source.layout, source.top, _body_joins(wanted, top))
    found = _inspect(extraction, source, ports)
    differences = compare(extraction.lvs, wanted, source.top.name, top)
    if differences and _small(extraction.netlist, source.top.name):
        differences = compare(extraction.lvs, _flattened(extraction, reference, top), source.top.name, top)
    report = workdir / f"{source.top.name}.lvsdb"
    extraction.lvs.write(str(report))
    sides = counts(extraction.netlist, source.top.name), counts(extraction.lvs.reference, top)
    shown = _shortened([*found, *differences])
    seconds = time.perf_counter() - start
    state: State = "mismatch" if shown else "match"
    return EngineResult(state, "klayout", kdb.__version__, *sides, shown, report, seconds, _peak_mb())


def _inspect(extraction: Extraction, source: LayoutSource, ports: tuple[str, ...]) -> list[str]:
    """What is wrong with the layout whatever the comparison says; makes the labelled ports pins of the top circuit."""
    found = labels(source.layout, source.top)
    problems = [f"gate at {_um(p.bbox())} is no known transistor" for p in extraction.strays.each_merged()]
    problems += [_logged(entry) for entry in extraction.lvs.each_log_entry() if entry.severity != _INFO]
    problems += connect_ports(extraction.netlist, source.top.name, found)
    problems += _ports_differ({x.name for x in found if x.is_port}, ports)
    return problems + floating(extraction.netlist)


def _ports_differ(drawn: set[str], ports: tuple[str, ...]) -> list[str]:
    have, want = {name.upper(): name for name in drawn}, {name.upper(): name for name in ports}
    missing = [f"pin {want[k].lower()} of the schematic has no label in the layout" for k in sorted(want.keys() - have)]
    return missing + [f"pin {have[k]} of the layout is no port of the schematic" for k in sorted(have.keys() - want)]


def _body_joins(reference: kdb.Netlist, top: str) -> dict[str, list[set[str]]]:
    """For each circuit below `top` with n-transistor bodies on a port: that port and the substrate.

    In a cell without a tap nothing drawn there connects the two; klayout then insists that a cell above does.
    """
    joins: dict[str, list[set[str]]] = {}
    for circuit in reference.each_circuit():
        bodies = {net.name for device in circuit.each_device() for net in [_n_body(device)] if net is not None}
        ports = {pin.name() for pin in circuit.each_pin()} & bodies
        if ports and circuit.name.upper() != top.upper():
            joins[circuit.name] = [{p, p.lower(), SUBSTRATE} for p in sorted(ports)]
    return joins


def _n_body(device: kdb.Device) -> kdb.Net | None:
    is_n = device.device_class().name.upper() in N_MODELS
    return device.net_for_terminal("B") if is_n else None


def _small(netlist: kdb.Netlist, top: str) -> bool:
    return counts(netlist, top).devices <= FLAT_LIMIT


def _flattened(extraction: Extraction, reference: Path, top: str) -> kdb.Netlist:
    """Flattens the layout's netlist; returns a fresh flat reference."""
    extraction.netlist.flatten()
    wanted = read_reference(reference, top)
    only(wanted, top)
    wanted.flatten()
    return wanted


def _shortened(differences: list[str]) -> tuple[str, ...]:
    unique = list(dict.fromkeys(differences))
    more = len(unique) - MOST_DIFFERENCES
    return (*unique[:MOST_DIFFERENCES], *([f"and {more} more differences"] if more > 0 else []))


def _logged(entry: kdb.LogEntryData) -> str:
    place = f" at {_um(entry.geometry.bbox(), 1)}" if entry.geometry and not entry.geometry.bbox().empty() else ""
    return f"{entry.message}{f' in {entry.cell_name}' if entry.cell_name else ''}{place}"


def _um(box: kdb.Box | kdb.DBox, per_um: int = 1000) -> str:
    return f"({box.center().x / per_um:g}, {box.center().y / per_um:g})"


def _peak_mb() -> float:
    """Largest memory of this process so far; Linux counts in kB, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
