"""An independent comparer: netgen, with the PDK's setup, of the netlist that Magic extracts and the reference.

Without a Magic that is new enough netgen gets our own extraction, and the report says that it is not independent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import klayout.db as kdb

from analoom.flows.files.application import NO_WATCH, ToolRun, Watch, run_tool
from analoom.flows.files.application_folder import keep_log, scratch
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.lvs.compare.compare import only
from analoom.flows.lvs.compare.counts import Counts, counts
from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.devices.models import MODELS
from analoom.flows.lvs.layout.ports import labels
from analoom.flows.lvs.layout.shells import shells
from analoom.flows.lvs.layout.spice import layout_spice, plain
from analoom.flows.lvs.reference.includes import Netlists
from analoom.flows.lvs.reference.netlist import read_known
from analoom.flows.lvs.reference.ties import BETWEEN, tied_names
from analoom.pdk.applications import FoundTool
from analoom.pdk.errors import ToolError
from analoom.pdk.install import find_tool, netgen_setup

from .fast import inspect_layout
from .magic import drawn_name, extract_by_magic, extracting_magic, port_problems, unloaded
from .netgen_reference import tied_as_one, write_reference
from .report import EngineReport, first_differences

RESULT = re.compile(r"^(?:Final result|Result):\s*(.+?)\s*$", re.MULTILINE)
MATCH = "Circuits match uniquely."
PROPERTY_ERRORS = re.compile(r"^The following cells had property errors:\s*(.*)$", re.MULTILINE)
UNEQUAL = re.compile(r"^ *(\w+) circuit1: (\S+) +circuit2: (\S+) ", re.MULTILINE)
PIN_SECTION = re.compile(r"Subcircuit pins:\n(.*?)(?=\nSubcircuit|\Z)", re.DOTALL)
REFERENCE = "lvs_netgen.reference.spice"
AROUND = "one_instance"
NOT_INDEPENDENT = "analoom, not independent"
"""Who extracted the layout where no Magic is new enough."""

SIZE_TOLERANCE = 1e-6
"""Relative; the PDK's setup says 1 %, which lets a size pass that is wrong in a cell drawn here."""

PDK_SIZES = "source {{{setup}}}\n"

EXACT_SIZES = (
    PDK_SIZES
    + """foreach dev {{{models}}} {{
    foreach {{side known}} [list circuit1 $cells1 circuit2 $cells2] {{
        if {{[lsearch $known $dev] >= 0}} {{
            property "-$side $dev" tolerance {{w {tolerance}}} {{l {tolerance}}}
        }}
    }}
}}
"""
)
"""The PDK's setup, then its tolerances for our devices replaced."""


def check_netgen(
    source: LayoutSource, reference: Netlists, top: str, workdir: Path, watch: Watch = NO_WATCH, exact: bool = True
) -> EngineReport:
    """Compares by netgen; writes `lvs_netgen.*` into `workdir`, and `lvs_magic.spice` where Magic extracts.

    Not `exact`: with the tolerances of the PDK's setup. A missing tool, or a device in the netlist that is not known,
    is "not run".
    """
    read = read_known(reference, top)
    if read.unknown:
        return EngineReport("netgen", "not run", "netgen", reason=read.unknown[0].error.message)
    wanted, notes = read.netlist, read.notes
    try:
        tool, setup = find_tool("netgen"), netgen_setup()
        with scratch(workdir, "lvs_netgen") as folder:
            drawn = _drawn(source, wanted, top, folder, watch)
            (folder / "lvs_netgen.layout.spice").write_text(drawn.text)
            written = write_reference(folder / REFERENCE, reference, wanted, top, drawn.ports)
            tops = _tops(folder, drawn, written, wanted)
            run = _run(tool, _setup(setup, exact), tops, folder, watch)
    except ToolError as error:
        return EngineReport("netgen", "not run", "netgen", reason=error.advice())
    sides = drawn.counts, _counted(wanted, top)
    report = _report(tool, run, drawn.problems, sides, workdir / "lvs_netgen.log", (*source.notes, *notes))
    return replace(report, extraction=drawn.extraction)


@dataclass(frozen=True)
class _Drawn:
    """The layout as SPICE text with its top circuit, what is wrong whatever netgen says, and who extracted it.

    `ports` are those of the top circuit, in upper case.
    """

    text: str
    top: str
    counts: Counts
    problems: list[str]
    extraction: str
    ports: frozenset[str] = frozenset()


def _drawn(source: LayoutSource, wanted: kdb.Netlist, top: str, folder: Path, watch: Watch) -> _Drawn:
    magic, order = extracting_magic(), _ports(wanted, top)
    if magic is None or order.keys() - {top.upper()}:  # Magic leaves out cells without a device
        extraction, problems, _ = inspect_layout(source, wanted, top)
        name = source.top.name
        ports = tied_as_one(circuit_named(extraction.netlist, name))
        text = layout_spice(extraction.netlist, order)
        loads = unloaded(circuit_named(extraction.netlist, name), circuit_named(wanted, top))
        problems = [*extraction.unknown, *problems, *loads]
        return _Drawn(text, name, _counted(extraction.netlist, name), problems, NOT_INDEPENDENT, ports)
    netlist, name = extract_by_magic(source, magic, folder, watch)
    missing = [f"{source.incomplete}: nothing in them was compared"] if source.incomplete else []
    problems = [*missing, *port_problems(netlist, name, circuit_named(wanted, top)), *_unlabelled(source, wanted, top)]
    text, ports = layout_spice(netlist, order), tied_as_one(circuit_named(netlist, name))
    return _Drawn(text, name, _counted(netlist, name), problems, f"magic {magic.version}", ports)


def _unlabelled(source: LayoutSource, wanted: kdb.Netlist, top: str) -> Iterator[str]:
    """Tied ports without a label: of those on one wire Magic tells one."""
    drawn = {label.name.upper() for label in labels(source.layout, source.top) if label.is_port}
    for pin in circuit_named(wanted, top).each_pin():
        missing = [name for name in tied_names(pin.name()) if name not in drawn] if BETWEEN in pin.name() else []
        yield from (f"pin {name.lower()} of the schematic has no label in the layout" for name in missing)


def _counted(netlist: kdb.Netlist, top: str) -> Counts:
    only(netlist, top)
    netlist.combine_devices()
    return counts(netlist, top)


def _ports(wanted: kdb.Netlist, top: str) -> dict[str, list[str]]:
    """The ports of circuits without a device, in order."""
    return {c.name.upper(): [pin.name().upper() for pin in c.each_pin()] for c in shells(wanted, top)}


def _tops(folder: Path, drawn: _Drawn, top: str, wanted: kdb.Netlist) -> tuple[str, str]:
    """The circuits netgen compares. It does not check one without a device: such a cell gets a circuit around it."""
    circuit, layout_top = circuit_named(wanted, top), plain(drawn.top)
    if circuit not in shells(wanted, top):
        return layout_top, top
    ports = " ".join(drawn_name(pin.name(), drawn.ports).lower() for pin in circuit.each_pin())
    for side, name in (("layout", layout_top), ("reference", top)):
        file = folder / f"lvs_netgen.{side}.spice"
        file.write_text(f"{file.read_text()}\n.subckt {AROUND} {ports}\nXu {ports} {name}\n.ends\n")
    return AROUND, AROUND


def _setup(of_pdk: Path, exact: bool) -> str:
    models = " ".join(sorted(device.model for device in MODELS.values()))
    return (EXACT_SIZES if exact else PDK_SIZES).format(setup=of_pdk, models=models, tolerance=SIZE_TOLERANCE)


def _run(tool: FoundTool, setup: str, tops: tuple[str, str], folder: Path, watch: Watch) -> ToolRun:
    sides = [f"lvs_netgen.layout.spice {tops[0]}", f"{REFERENCE} {tops[1]}"]
    (folder / "lvs_netgen.setup.tcl").write_text(setup)
    argv = [str(tool.path), "-batch", "lvs", *sides, "lvs_netgen.setup.tcl", "lvs_netgen.txt"]
    run = run_tool(argv, folder, watch)
    keep_log(folder, "lvs_netgen", run)
    return run


def _report(
    tool: FoundTool, run: ToolRun, found: list[str], sides: tuple[Counts, Counts], log: Path, notes: tuple[str, ...]
) -> EngineReport:
    text = run.stdout + run.stderr
    verdict = RESULT.search(text)
    differences = first_differences([*found, *_differences(text, log.with_name("lvs_netgen.txt"))])
    reason = None if run.returncode == 0 and verdict else f"netgen ended with {run.returncode} and no verdict"
    return EngineReport(
        engine="netgen",
        state="not run" if reason else "mismatch" if differences else "match",
        tool=str(tool.path),
        version=tool.version,
        layout=sides[0],
        schematic=sides[1],
        differences=differences,
        report=log,
        seconds=run.seconds,
        peak_mb=run.peak_mb,
        reason=reason,
        notes=notes,
    )


def _differences(text: str, comparison: Path) -> list[str]:
    """What netgen found; none only when the circuits match uniquely, pins included, without a property error."""
    wrong = [f"property errors in {cells}" for cells in PROPERTY_ERRORS.findall(text)]
    wrong += [
        f"{name} {layout} in layout, {schematic} in schematic" for name, layout, schematic in UNEQUAL.findall(text)
    ]
    verdict = RESULT.search(text)
    if verdict and verdict[1] != MATCH:
        wrong.append(f"netgen: {verdict[1]}")
    sections = PIN_SECTION.findall(comparison.read_text()) if comparison.is_file() else []
    pins = [row.split("|") for row in (sections[-1] if sections else "").splitlines() if "**Mismatch**" in row]
    wrong += [f"pin {a.strip()} of the layout meets {b.replace('**Mismatch**', '').strip()}" for a, b, *_ in pins]
    return wrong
