"""Design rule check of a cell or a file by the engines asked for.

drc_cell(build("mosfet"), Path("out/mosfet")).summary()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.flows.drc.fast.engine import check_fast
from analoom.flows.drc.report.report import DrcReport, EngineReport
from analoom.flows.drc.signoff.antenna import check_antenna
from analoom.flows.drc.signoff.klayout_deck import check_klayout
from analoom.flows.drc.signoff.magic import check_magic
from analoom.flows.drc.signoff.precheck import check_density, check_pins, check_zero_area
from analoom.flows.files.application import NO_WATCH, Watch
from analoom.flows.files.engines import engines_asked
from analoom.flows.files.layout_source import LayoutSource, of_cell
from analoom.flows.files.progress import tracked
from analoom.pdk.install import check_pdk_root

ENGINES: Mapping[str, Callable[[LayoutSource, Path, Watch], EngineReport]] = {
    "fast": check_fast,
    "klayout": check_klayout,
    "magic": check_magic,
    "pins": check_pins,
    "zero_area": check_zero_area,
    "density": check_density,
    "antenna": check_antenna,
}


def run_drc(
    source: LayoutSource,
    engines: Sequence[str] = ("fast",),
    workdir: Path = Path("out"),
    watch: Watch = NO_WATCH,
) -> DrcReport:
    """Checks `source` with each engine ("all" for every one); reports land in `workdir`.

    Other applications get the time limit of `watch`; one that needs more is "not run". So is one that finds nothing in
    a layout with cells missing.

    Raises InputError for an engine that is not known, ToolError for a PDK_ROOT that holds no PDK.
    """
    names = engine_names(engines)
    check_pdk_root()
    workdir.mkdir(parents=True, exist_ok=True)
    by_all = frozenset(ENGINES) - frozenset(engines) if "all" in engines else frozenset()
    reports: dict[str, EngineReport] = {}
    for name in tracked(names):
        watch.tell(name)
        reports[name] = _of_whole(ENGINES[name](source, workdir, watch), source)
    return DrcReport(source.name, reports, by_all)


def _of_whole(report: EngineReport, source: LayoutSource) -> EngineReport:
    """The report as it is; of a layout with cells missing it is no verdict, and says which."""
    if source.incomplete is None:
        return report
    reason = "; ".join(filter(None, (source.incomplete, report.reason)))
    return replace(report, state="not run" if report.clean else report.state, reason=reason)


def drc_cell(cell: Cell, workdir: Path, engines: Sequence[str] = ("fast",), watch: Watch = NO_WATCH) -> DrcReport:
    """Checks a cell drawn here."""
    return run_drc(of_cell(cell), engines, workdir, watch)


def engine_names(engines: Sequence[str]) -> tuple[str, ...]:
    """The engines to run, each once, "all" spelt out. Raises InputError for an unknown or missing name."""
    return engines_asked("DRC", engines, ENGINES)
