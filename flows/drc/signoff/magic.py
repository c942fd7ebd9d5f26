"""Design rule check by Magic with drc(full). No extraction: older versions misread the tech's extract section."""

from __future__ import annotations

import re
from pathlib import Path

from analoom.flows.drc.report.report import EngineReport, verdict
from analoom.flows.files.application import NO_WATCH, ToolRun, Watch, run_tool
from analoom.flows.files.application_folder import keep_log, scratch
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.magic_log import unread
from analoom.pdk.applications import FoundTool, version_key
from analoom.pdk.install import find_tool, magic_tech

from .magic_output import FINISHED, MagicFindings, parse, rule_statements
from .magic_slivers import without_slivers

RESULT = "drc_magic.txt"
STEPS = r"^(Reading .*|DRC style is now .*)$"
RULE_GROUPS = ("nwell", "diff/tap", "poly", "licon", "li", "met1", "met2", "met3", "met4", "met5", "via", "capm", "LU")
"""Rules of these names every tech file of the process has in drc(full); one without has been cut."""
MARGIN_UM = 5
"""How far the checked box reaches past the cell: without it Magic misses width errors at the border."""

SCRIPT = """\
crashbackups stop
drc off
gds read drc_magic.gds
load {{{top}}}
select top cell
expand
box grow c {margin}um
drc euclidean on
drc style drc(full)
drc on
drc check
drc catchup
set result [open drc_magic.txt w]
puts $result "scale [cif scale out]"
foreach {{why boxes}} [drc listall why] {{
    puts $result "why $why"
    foreach box $boxes {{ puts $result "box $box" }}
}}
puts $result "{finished}"
close $result
quit -noprompt
"""


def check_magic(source: LayoutSource, workdir: Path, watch: Watch = NO_WATCH) -> EngineReport:
    """Runs drc(full) on `source`; writes `drc_magic.*` into `workdir`. A missing tool is "not run"."""
    return verdict("magic", "magic", lambda: _checked(source, workdir, watch))


def _checked(source: LayoutSource, workdir: Path, watch: Watch) -> EngineReport:
    tool, tech = find_tool("magic"), magic_tech()
    with scratch(workdir, "drc_magic") as folder:
        top = source.write_safe(folder / "drc_magic.gds")
        (folder / "drc_magic.tcl").write_text(SCRIPT.format(top=top, margin=MARGIN_UM, finished=FINISHED))
        used, notes = usable_tech(tech, tool, folder)
        run = run_tool(_command(tool, used), folder, watch, steps=STEPS)
        keep_log(folder, "drc_magic", run)
        result = folder / RESULT
        found = parse(result.read_text()) if result.is_file() else None
    if found is not None and notes:
        found, dropped = without_slivers(found, source)
        notes = (*notes, *(f"Magic {tool.version} rounds contacts, not counted: {one}" for one in dropped))
    return _report(tool, tech, run, found, (*source.notes, *notes), workdir / RESULT)


def _report(
    tool: FoundTool, tech: Path, run: ToolRun, found: MagicFindings | None, notes: tuple[str, ...], result: Path
) -> EngineReport:
    rules = rule_statements(tech.read_text(errors="replace"))
    reason = _why_not(run, found) or _cut(rules)
    verdict = None if reason else found
    return EngineReport(
        engine="magic",
        state="not run" if verdict is None else "violations" if verdict.counts else "clean",
        tool=str(tool.path),
        version=tool.version,
        deck=f"{tech} drc(full)",
        rules_run=0 if verdict is None else len(rules),
        violations={} if verdict is None else verdict.counts,
        locations={} if verdict is None else verdict.places,
        report=result if result.is_file() else None,
        seconds=run.seconds,
        peak_mb=run.peak_mb,
        reason=reason,
        notes=notes,
    )


def _command(tool: FoundTool, tech: Path) -> list[str]:
    return [str(tool.path), "-dnull", "-noconsole", "-rcfile", "/dev/null", "-T", str(tech.resolve()), "drc_magic.tcl"]


def usable_tech(tech: Path, tool: FoundTool, workdir: Path) -> tuple[Path, tuple[str, ...]]:
    """The tech file itself, or a private copy without its `requires` line when Magic is older than that line."""
    text = tech.read_text(errors="replace")
    wanted = re.search(r"^\s*requires\s+magic-(\S+)\s*$", text, re.MULTILINE)
    if wanted is None or version_key(tool.version) >= version_key(wanted.group(1)):
        return tech, ()
    copy = workdir / "drc_magic.tech"
    copy.write_text(text.replace(wanted.group(0), "", 1))
    note = f"Magic {tool.version} is older than the tech file's requires line ({wanted.group(1)}): "
    return copy, (note + "checked with a private copy without that line; not good for extraction",)


def _why_not(run: ToolRun, found: MagicFindings | None) -> str | None:
    """Why this run is no verdict, None when it is one."""
    log = run.stdout + run.stderr
    if run.returncode != 0:
        return f"magic ended with {run.returncode}"
    broken = re.search(r"line \d+: section (?!extract\b)(\w+):\s*(.*)", log)
    if broken:
        return f"magic cannot read the tech's {broken.group(1)} section: {broken.group(2)}"
    if "drc(full)" not in log:
        return "magic does not know drc(full)"
    if "DRC style is now" not in log or found is None or not found.finished:
        return "magic did not finish its list of errors"
    missed = unread(log)
    return f"magic says: {missed}" if missed else None


def _cut(rules: list[str]) -> str | None:
    """Which groups of rules the tech file lacks, None when it has them all."""
    missing = [group for group in RULE_GROUPS if not any(f"({group}." in rule for rule in rules)]
    return f"the tech file has no rules in drc(full) for {', '.join(missing)}" if missing else None
