"""The shuttle's smaller checks by the KLayout application: pin and label shapes, shapes without area, metal density."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analoom.flows.drc.report.report import EngineReport, verdict
from analoom.flows.files.application import NO_WATCH, ToolRun, Watch, run_tool
from analoom.flows.files.application_folder import keep_log, scratch
from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.applications import FoundTool
from analoom.pdk.install import deck, find_tool
from analoom.pdk.layers import Layer

from .klayout_deck import findings, last_line, load_report


@dataclass(frozen=True)
class Script:
    """A check of the precheck. `proof` matches what its log says once for each rule it ran (or how many it ran)."""

    engine: str
    file: str
    proof: str
    counted: bool = False
    error_codes: bool = False


SCRIPTS: Mapping[str, Script] = {
    s.engine: s
    for s in (
        Script(
            "pins",
            "pin_label_purposes_overlapping_drawing.rb.drc",
            r"total error\(s\).* (\d+) checks, cell",
            counted=True,
            error_codes=True,
        ),
        Script("zero_area", "zeroarea.rb.drc", r"^\d+ zero-area shapes$", error_codes=True),
        Script("density", "met_min_ca_density.lydrc", r"^(?:li1|m\d)_ca_density is [\d.]+$"),
    )
}
"""Source of each file: the package of the shuttle's precheck. `error_codes`: an exit code from 2 on means findings."""
DENSITY_RULES = 6


def check_pins(source: LayoutSource, workdir: Path, watch: Watch = NO_WATCH) -> EngineReport:
    """Pin and label shapes lie on the drawing shapes of their layer."""
    return _check(SCRIPTS["pins"], source, workdir, watch)


def check_zero_area(source: LayoutSource, workdir: Path, watch: Watch = NO_WATCH) -> EngineReport:
    """No shape of any layer is without area."""
    return _check(SCRIPTS["zero_area"], source, workdir, watch)


def check_density(source: LayoutSource, workdir: Path, watch: Watch = NO_WATCH) -> EngineReport:
    """Enough clear area on each metal within the chip's boundary; does not apply to a cell without one of its own."""
    if source.top.shapes(source.index(Layer.PR_BOUNDARY)).is_empty():
        reason = "density is measured in a 235/4 boundary, and the top cell draws none"
        return EngineReport("density", "not run", "klayout", reason=reason, applies=False)
    return _check(SCRIPTS["density"], source, workdir, watch)


def _check(script: Script, source: LayoutSource, workdir: Path, watch: Watch) -> EngineReport:
    return verdict(script.engine, "klayout", lambda: _checked(script, source, workdir, watch))


def _checked(script: Script, source: LayoutSource, workdir: Path, watch: Watch) -> EngineReport:
    tool, path, stem = find_tool("klayout"), deck(script.file), f"drc_{script.engine}"
    with scratch(workdir, stem) as folder:
        top = source.write_safe(folder / f"{stem}.gds")
        run = run_tool(_command(tool, path, top, stem), folder, watch)
        keep_log(folder, stem, run)
        database = load_report(folder / f"{stem}.lyrdb")
    report = workdir / f"{stem}.lyrdb"
    rules = _rules_run(script, run)
    reason = _why_not(script, run, rules, database is not None)
    counts, places = ({}, {}) if reason or database is None else findings(database)
    return EngineReport(
        engine=script.engine,
        state="not run" if reason else "violations" if counts else "clean",
        tool=str(tool.path),
        version=tool.version,
        deck=str(path),
        rules_run=0 if reason else rules,
        violations=counts,
        locations=places,
        report=report if database is not None else None,
        seconds=run.seconds,
        peak_mb=run.peak_mb,
        reason=reason,
        notes=source.notes,
    )


def _command(tool: FoundTool, path: Path, top: str, stem: str) -> list[str]:
    settings = {
        **dict.fromkeys(("top_cell", "topcell", "top_cell_name"), top),
        "input": f"{stem}.gds",
        "report": f"{stem}.lyrdb",
        "threads": "1",
    }
    return [str(tool.path), "-b", "-r", str(path), *(w for k, v in settings.items() for w in ("-rd", f"{k}={v}"))]


def _rules_run(script: Script, run: ToolRun) -> int:
    proofs = [m for line in run.stdout.splitlines() if (m := re.search(script.proof, line.strip()))]
    return int(proofs[0].group(1)) if proofs and script.counted else len(proofs)


def _why_not(script: Script, run: ToolRun, rules: int, written: bool) -> str | None:
    """Why this run is no verdict, None when it is one."""
    failed = run.returncode not in ((0, *range(2, 128)) if script.error_codes else (0,))
    if failed or not written:
        return f"klayout ended with {run.returncode} and {'a' if written else 'no'} report: {last_line(run)}"
    wanted = DENSITY_RULES if script.engine == "density" else 1
    if rules < wanted:
        return f"the log of {script.file} shows {rules} of at least {wanted} checks"
    error = next((line for line in run.stderr.splitlines() if line.startswith("ERROR")), None)
    return f"klayout says: {error}" if error else None


CHECKS: Mapping[str, Callable[[LayoutSource, Path, Watch], EngineReport]] = {
    "pins": check_pins,
    "zero_area": check_zero_area,
    "density": check_density,
}
