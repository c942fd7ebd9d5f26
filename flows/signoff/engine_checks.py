"""The engines of DRC and LVS as checks of a sign-off, each of which runs by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analoom.flows.drc.check import ENGINES as DRC_ENGINES
from analoom.flows.drc.check import run_drc
from analoom.flows.drc.report.report import EngineReport as DrcEngine
from analoom.flows.files.application import Watch
from analoom.flows.files.outputs import write_json
from analoom.flows.lvs.check import ENGINES as LVS_ENGINES
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.report import EngineReport as LvsEngine

from .outcome import MOST_NAMED, Outcome, State
from .subject import Subject

Run = Callable[[Subject, Path, Watch], Outcome]
STATES: dict[str, State] = {"clean": "passed", "match": "passed", "violations": "failed", "mismatch": "failed"}


def engine_checks() -> dict[str, Run]:
    """Every engine of DRC and of LVS, by check."""
    drc = {f"drc_{name}": _drc(name) for name in DRC_ENGINES}
    return {**drc, **{f"lvs_{name}": _lvs(name) for name in LVS_ENGINES}}


def _drc(engine: str) -> Run:
    def run(subject: Subject, folder: Path, watch: Watch) -> Outcome:
        report = run_drc(subject.source, (engine,), folder, watch).engines[engine]
        write_json(folder / "report.json", report.to_json())
        deck = " ".join([Path(report.deck.split()[0]).name, *report.deck.split()[1:]]) if report.deck else None
        return _outcome(report, _drc_words(report), report.rules_run, deck)

    return run


def _lvs(engine: str) -> Run:
    def run(subject: Subject, folder: Path, watch: Watch) -> Outcome:
        if subject.reference is None:
            return Outcome("not run", "no netlist to compare with (--netlist REF.spice)")
        done = run_lvs(subject.source, subject.reference, subject.circuit, folder, (engine,), watch, subject.exact)
        report = done.engines[engine]
        write_json(folder / "report.json", report.to_json())
        return _outcome(report, _lvs_words(report), report.layout.devices + report.layout.nets, None)

    return run


def _outcome(report: DrcEngine | LvsEngine, words: str, rules: int, deck: str | None) -> Outcome:
    state = STATES.get(report.state, "not run")
    applies = report.applies if isinstance(report, DrcEngine) else True
    return Outcome(state, words, rules, Path(report.tool).name, report.version, deck, applies)


def _drc_words(report: DrcEngine) -> str:
    if report.state == "not run":
        return report.reason or "no reason given"
    if report.clean:
        return f"{report.rules_run} rules, no violation"
    first = [f"{rule} x{count}" for rule, count in list(report.violations.items())[:MOST_NAMED]]
    more = f" and {len(report.violations) - MOST_NAMED} more rules" if len(report.violations) > MOST_NAMED else ""
    return f"{sum(report.violations.values())} violations of {report.rules_run} rules: {', '.join(first)}{more}"


def _lvs_words(report: LvsEngine) -> str:
    if report.state == "not run":
        return report.reason or "no reason given"
    by = f"; extraction: {report.extraction}" if report.extraction else ""
    if report.clean:
        return f"{report.layout.devices} devices, {report.layout.nets} nets, {report.layout.pins} pins match{by}"
    return "; ".join(report.differences[:MOST_NAMED]) + by
