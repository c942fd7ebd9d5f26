"""Design rule check by the KLayout application with the shuttle's own deck, feol, beol and offgrid on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import klayout.rdb as rdb

from analoom.flows.drc.report.findings import PLACES_KEPT
from analoom.flows.drc.report.report import EngineReport, verdict
from analoom.flows.files.application import NO_WATCH, ToolRun, Watch, run_tool
from analoom.flows.files.application_folder import keep_log, scratch
from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.applications import FoundTool
from analoom.pdk.install import deck, deck_release, find_tool

REPORT = "drc_klayout.lyrdb"
STEPS = r"START: (.+?)\"?\s*$"
"""The deck logs the layer it begins with."""
SWITCHES = ("feol", "beol", "offgrid")
"""What the deck checks at all: each is off unless given."""
RULE_GROUPS: Mapping[str, str] = {
    **{
        name: rf"^(MRW?_)?{name}\." for name in ("nwell", "poly", "licon", "li", "mcon", "capm", "via2", "via3", "via4")
    },
    **{f"met{n}": rf"^(MRW?_)?m(et)?{n}\." for n in range(1, 6)},
    "via": r"^(MRW?_)?via1?\.",
    "offgrid": r"_OFFGRID$",
}
"""Categories that every whole deck of the process writes, clean or not; one without has been cut or switched off."""


def check_klayout(source: LayoutSource, workdir: Path, watch: Watch = NO_WATCH) -> EngineReport:
    """Runs the deck on `source`; `drc_klayout.*` land in `workdir`. A missing tool is "not run"."""
    return verdict("klayout", "klayout", lambda: _checked(source, workdir, watch))


def _checked(source: LayoutSource, workdir: Path, watch: Watch) -> EngineReport:
    tool, path = find_tool("klayout"), deck()
    with scratch(workdir, "drc_klayout") as folder:
        top = source.write_safe(folder / "drc_klayout.gds")
        run = run_tool(_command(tool, path, top), folder, watch, steps=STEPS)
        keep_log(folder, "drc_klayout", run)
        database = load_report(folder / REPORT)
        rules = _checks_written(folder / REPORT) if database is not None else 0
    return _report(source, tool, path, run, database, rules, workdir / REPORT)


def _report(
    source: LayoutSource,
    tool: FoundTool,
    path: Path,
    run: ToolRun,
    database: rdb.ReportDatabase | None,
    rules: int,
    report: Path,
) -> EngineReport:
    names = [] if database is None else [_rule_name(category) for category in database.each_category()]
    reason = _why_not(run, names)
    counts, places = ({}, {}) if reason or database is None else findings(database)
    return EngineReport(
        engine="klayout",
        state="not run" if reason else "violations" if counts else "clean",
        tool=str(tool.path),
        version=tool.version,
        deck=f"{path} {deck_release(path)}",
        rules_run=0 if reason else rules,
        violations=counts,
        locations=places,
        texts={} if database is None else {rule: what for rule, what in texts(database).items() if rule in counts},
        report=report if database is not None else None,
        seconds=run.seconds,
        peak_mb=run.peak_mb,
        reason=reason,
        notes=source.notes,
    )


def _command(tool: FoundTool, path: Path, top: str) -> list[str]:
    settings = {
        "input": "drc_klayout.gds",
        "report": REPORT,
        "top_cell": top,
        "topcell": top,
        "thr": "1",
        **dict.fromkeys(SWITCHES, "true"),
    }
    return [str(tool.path), "-b", "-r", str(path), *(w for k, v in settings.items() for w in ("-rd", f"{k}={v}"))]


def load_report(report: Path) -> rdb.ReportDatabase | None:
    """The report the application wrote, None when there is none to read."""
    if not report.is_file():
        return None
    database = rdb.ReportDatabase("")
    try:
        database.load(str(report))
    except RuntimeError:
        return None
    return database


def _checks_written(report: Path) -> int:
    """How many checks the deck wrote a category for (a few share a name)."""
    return len(re.findall(r"<category>\s*<name>", report.read_text(errors="replace")))


def _why_not(run: ToolRun, names: list[str]) -> str | None:
    """Why this run is no verdict, None when it is one."""
    if run.returncode != 0:
        return f"klayout ended with {run.returncode}: {last_line(run)}"
    if not names:
        return f"klayout wrote no report: {last_line(run)}"
    missing = [group for group, wanted in RULE_GROUPS.items() if not any(re.search(wanted, n) for n in names)]
    if missing:
        return f"the report lacks the deck's rule groups {', '.join(missing)}"
    error = next((line for line in run.stderr.splitlines() if line.startswith("ERROR")), None)
    return f"klayout says: {error}" if error else None


def findings(database: rdb.ReportDatabase) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Counts and first places by rule."""
    counts = {_rule_name(c): c.num_items() for c in database.each_category() if c.num_items()}
    return counts, _places(database)


def texts(database: rdb.ReportDatabase) -> dict[str, str]:
    """What each rule asks, in the deck's words."""
    return {_rule_name(category): category.description for category in database.each_category()}


def last_line(run: ToolRun) -> str:
    """What the application said last, or its first error."""
    lines = (run.stderr.strip() or run.stdout.strip() or "no message").splitlines()
    return next((line for line in lines if line.startswith("ERROR")), lines[-1])


def _rule_name(category: rdb.RdbCategory) -> str:
    return category.name().strip("'")


def _places(database: rdb.ReportDatabase) -> dict[str, tuple[str, ...]]:
    """The first places of each rule, as KLayout writes its markers (um)."""
    places: dict[str, tuple[str, ...]] = {}
    for category in database.each_category():
        for item in database.each_item_per_category(category.rdb_id()):
            found = places.get(_rule_name(category), ())
            if len(found) == PLACES_KEPT:
                break
            places[_rule_name(category)] = (*found, " ".join(str(value) for value in item.each_value()))
    return places
