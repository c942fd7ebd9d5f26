"""The checks of the shuttle's precheck, made on a project's folder, and those that it does not make: LVS, antennas.

    from analoom.flows.handover.tinytapeout import check_tile

    checks = check_tile(Path("my_project"))

They hold for what TinyTapeout/tt-support-tools asked at the commit that `analoom.pdk.shuttle.tiny_tapeout` names; the
shuttle's own run decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.report.report import EngineReport
from analoom.flows.files.run_folder import draft_folder
from analoom.flows.handover.record import Check, failed, not_run, passed
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.reference.includes import Reference
from analoom.pdk.errors import InputError

from . import check_files, check_layout
from .folder import ProjectFolder, project_folder

Finder = Callable[[ProjectFolder], Iterable[str]]
FINDERS: Mapping[str, tuple[Finder, str]] = {
    "top_cell": (check_layout.top, "one top cell of the module's name, a boundary, no met5"),
    "pins_lef": (check_files.lef_pins, "51 pins at the template's places, straps of the supplies, none that meet"),
    "pins_gds": (check_layout.port_shapes, "every port of the LEF drawn in the top cell itself"),
    "boundary": (check_layout.boundary, "no shape outside the boundary"),
    "supplies": (check_files.supplies, "supplies in module and LEF with their use"),
    "layers": (check_layout.layers, "no layer that the shuttle does not know"),
    "cell_names": (check_layout.cell_names, "no # or / in a cell's name"),
    "urpm_nwell": (check_layout.urpm_to_nwell, "n-wells 0.7 um from urpm"),
    "analog_pins": (check_layout.analog_pins, "analog pins wired as info.yaml says"),
    "module": (check_files.module, "the module's name and ports, read by a reader of ours, not by yosys"),
    "info_yaml": (check_files.info, "version, fields and pinout"),
    "page": (check_files.page, "docs/info.md without the template's sentences"),
}
"""By name: what finds faults in a project, and what was looked at where there are none."""
IN_PROCESS, ALL = ("fast", "antenna"), ("fast", "klayout", "magic", "pins", "zero_area", "antenna")
COMPARED, COMPARED_ALL = ("fast",), ("fast", "netgen")
MOST_TOLD = 5


def check_tile(
    folder: Path, signoff: str = "all", workdir: Path | None = None, step: Callable[[str], None] = lambda name: None
) -> dict[str, Check]:
    """The checks by name. `signoff`: "fast" leaves out those of other applications; reports land in `workdir`.

    Raises InputError for a folder without a project that can be read.
    """
    project = project_folder(folder)
    found = {name: finding(project, name) for name in FINDERS}
    if workdir is not None:
        return found | dict(_by_engines(project, signoff == "all", workdir, step))
    with draft_folder(Path(folder), ".checking-") as place:
        return found | dict(_by_engines(project, signoff == "all", place, step))


def finding(project: ProjectFolder, name: str) -> Check:
    """What one of FINDERS says of a project."""
    finder, looked_at = FINDERS[name]
    try:
        told = list(islice(finder(project), MOST_TOLD + 1))
    except InputError as error:  # a file that is not there, or that the shuttle would misread
        return failed(error.message)
    return (
        failed("; ".join(told[:MOST_TOLD]) + ("; and more" if len(told) > MOST_TOLD else ""))
        if told
        else passed(looked_at)
    )


def _by_engines(
    project: ProjectFolder, everything: bool, workdir: Path, step: Callable[[str], None]
) -> Iterator[tuple[str, Check]]:
    engines, compared = (ALL, COMPARED_ALL) if everything else (IN_PROCESS, COMPARED)
    try:
        source = project.source
    except InputError as error:  # several top cells, or a file that is no layout
        names = (*(f"drc_{name}" for name in engines), *(f"lvs_{name}" for name in compared))
        yield from ((name, not_run(error.message)) for name in names)
        return
    for name in engines:
        step(f"drc by {name}")
        yield f"drc_{name}", _drc(run_drc(source, (name,), workdir).engines[name])
    yield from _lvs(project, compared, workdir, step)


def _drc(report: EngineReport) -> Check:
    if report.state == "not run":
        return not_run(report.reason or "no reason told")
    told = ", ".join(f"{rule} x{count}" for rule, count in islice(report.violations.items(), MOST_TOLD))
    by = f"{report.rules_run} rules by {Path(report.tool).name} {report.version}"
    return passed(by) if report.clean else failed(f"{told}; {by}")


def _lvs(
    project: ProjectFolder, engines: Sequence[str], workdir: Path, step: Callable[[str], None]
) -> Iterator[tuple[str, Check]]:
    if not project.netlist.is_file():
        yield from ((f"lvs_{name}", not_run(f"no spice/{project.top}.spice to compare with")) for name in engines)
        return
    for name in engines:
        step(f"lvs by {name}")
        netlist = Reference((project.netlist,))
        report = run_lvs(project.source, netlist, project.top, workdir, (name,)).engines[name]
        if report.state == "not run":
            yield f"lvs_{name}", not_run(report.reason or "no reason told")
            continue
        by = f"{report.layout.devices} devices, {report.layout.nets} nets by {Path(report.tool).name} {report.version}"
        more = f", extracted by {report.extraction}" if report.extraction else ""
        same = report.state == "match"
        yield f"lvs_{name}", passed(by + more) if same else failed("; ".join(report.differences[:MOST_TOLD]))
