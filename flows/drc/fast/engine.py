"""The fast design rule check: in process, hierarchical, every rule of `pdk/rules`; milliseconds for a cell."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from analoom.flows.drc.report.findings import Findings
from analoom.flows.drc.report.report import EngineReport
from analoom.flows.files.application import NO_WATCH, Watch
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.peak_memory import peak_mb
from analoom.pdk.install import package_version
from analoom.pdk.rules import ORIGINS

from .first_look import LOCAL_CHECKS, Look, first_look
from .layers import CHECKED, DrcLayers
from .other_layers import other_layers
from .rule_table import CHECKS

TOOL = "klayout (Python module)"
RULE_TABLE = "analoom.pdk.rules"


def check_fast(source: LayoutSource, workdir: Path, watch: Watch = NO_WATCH) -> EngineReport:
    """Evaluates every check on `source`; writes `drc_fast.lyrdb` into `workdir`.

    A layout with a layer that only other engines have rules for is never clean: "not run" where nothing else is found.
    """
    start = time.perf_counter()
    layers = DrcLayers(source)
    if all(layers.drawn(layer).is_empty() for layer in CHECKED):
        return _not_run(source)
    findings = Findings(source)
    look = first_look(source, findings)
    for check in CHECKS if look is None else ():
        watch.tell(f"rule {check.rule.id}")
        findings.add(check.rule, check.run(layers))
    path = findings.write(workdir / "drc_fast.lyrdb")
    others = other_layers(source)
    return EngineReport(
        engine="fast",
        state="violations" if findings.counts else "not run" if others.reason else "clean",
        tool=TOOL,
        version=package_version("klayout"),
        deck=RULE_TABLE,
        rules_run=len(CHECKS) if look is None else len(LOCAL_CHECKS),
        violations=findings.counts,
        locations=findings.places,
        texts=findings.texts,
        cells=findings.cells,
        report=path,
        seconds=time.perf_counter() - start,
        peak_mb=peak_mb(),
        reason=others.reason,
        notes=(*source.notes, *others.in_words, *_asked_here_alone(findings.counts), *_stopped(look)),
    )


def _not_run(source: LayoutSource) -> EngineReport:
    reason = f"{source.name} holds no shape on a mask layer"
    return EngineReport("fast", "not run", TOOL, package_version("klayout"), RULE_TABLE, reason=reason)


def _stopped(look: Look | None) -> tuple[str, ...]:
    """A note on what a first look left out."""
    if look is None:
        return ()
    what = f"{look.cell.name}, which stands {look.times} times, breaks widths or spaces"
    return (f"{what}: counted in two places, the rest of the layout and the other rules were not checked",)


def _asked_here_alone(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Notes on what was found by rules that the official engines do not check, or measure otherwise."""
    found = dict.fromkeys(check.rule for check in CHECKS if check.rule.id in counts and not check.rule.deck)
    alone = [rule.id for rule in found if not rule.magic and rule.id not in ORIGINS]
    other = [f"{rule.id} ({rule.magic_nm / 1000:g} um)" for rule in found if rule.magic_nm]
    told = (
        ("asked by SkyWater's manual, by neither the deck nor Magic", alone),
        ("measured by Magic from a derived edge, and not by the deck", other),
    )
    return tuple(f"{what}: {', '.join(rules)}" for what, rules in told if rules)
