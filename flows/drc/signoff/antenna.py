"""Antenna check: how much metal collects charge for a gate while it is etched, by the ratios of Magic's tech file.

Level by level up the stack, each conductor and cut with what connects it so far ("model partial"). A net that reaches
diffusion or a tap may have more: a fixed ratio and so much for each um2 of it.
"""

from __future__ import annotations

import re
import time
from functools import partial
from pathlib import Path

from analoom.flows.drc.report.findings import Findings
from analoom.flows.drc.report.report import EngineReport
from analoom.flows.files.application import NO_WATCH, Watch
from analoom.flows.files.layout_source import LayoutSource, dissolve
from analoom.flows.files.peak_memory import peak_mb
from analoom.pdk.antenna import AntennaLimit
from analoom.pdk.errors import ToolError
from analoom.pdk.install import magic_tech, package_version

from .antenna_levels import LEVELS, Wiring
from .antenna_worst import NetRatio, WorstNets, broken_by, rule

TOOL = "klayout (Python module)"


def ratios(tech: str) -> list[AntennaLimit]:
    """The antenna ratios of a Magic tech file, from the bottom up. Raises ToolError when a level lacks one."""
    found: dict[str, AntennaLimit] = {}
    lines = re.findall(r"^\s*antenna\s+(\S+)\s+(sidewall|surface)\s+(\S+)\s+(\S+)(?:[ \t]+(\S+))?", tech, re.MULTILINE)
    for names, kind, largest, diode, per_um2 in lines:
        for name in set(names.split(",")) & LEVELS.keys():
            thick = _thickness_um(tech, name) if kind == "sidewall" else 0.0
            fixed = None if diode == "none" else float(diode)
            found[name] = AntennaLimit(LEVELS[name], float(largest), thick, fixed, float(per_um2 or 0))
    missing = [name for name in LEVELS if name not in found]
    if missing:
        raise ToolError(f"the tech file has no antenna ratio for {', '.join(missing)}", field="antenna")
    return [found[name] for name in LEVELS]


def check_antenna(source: LayoutSource, workdir: Path, watch: Watch = NO_WATCH) -> EngineReport:
    """Checks every gate of `source` level by level; writes `drc_antenna.lyrdb` into `workdir`."""
    start = time.perf_counter()
    try:
        tech = magic_tech()
        limits = ratios(tech.read_text(errors="replace"))
        if not _holds_gate(source):
            return _not_run(f"{source.name} holds no gate, so no antenna rule speaks about it", applies=False)
        findings, worst = _findings(source, limits, watch)
    except ToolError as error:
        return _not_run(error.message)
    return EngineReport(
        engine="antenna",
        state="violations" if findings.counts else "clean",
        tool=TOOL,
        version=package_version("klayout"),
        deck=f"antenna ratios of {tech}",
        rules_run=len(limits),
        violations=findings.counts,
        locations=findings.places,
        texts=findings.texts,
        cells=findings.cells,
        report=findings.write(workdir / "drc_antenna.lyrdb"),
        seconds=time.perf_counter() - start,
        peak_mb=peak_mb(),
        notes=source.notes,
        nets=tuple(net.to_json() for net in worst),
    )


def _not_run(reason: str, *, applies: bool = True) -> EngineReport:
    return EngineReport("antenna", "not run", TOOL, package_version("klayout"), reason=reason, applies=applies)


def _holds_gate(source: LayoutSource) -> bool:
    wiring = Wiring(source)
    return not wiring.gate.is_empty()


def _findings(source: LayoutSource, limits: list[AntennaLimit], watch: Watch) -> tuple[Findings, list[NetRatio]]:
    """The nets that break a limit, and those that come nearest to one or lie farthest past it.

    Cells that tear nets apart are dissolved, and the work begins again.
    """
    findings, wiring, worst = Findings(source), Wiring(source), WorstNets()
    for limit in limits:
        watch.tell(f"antenna ratio of {limit.layer.name.lower()}")
        nets = wiring.up_to(limit.layer)
        if nets.torn:
            return _findings(dissolve(source, nets.torn), limits, watch)
        for net in nets.where(partial(broken_by, limit)):
            findings.take(rule(limit), net.cell, net.times, net.sums.polygons, net.metal())
        worst.look(limit, nets)
    return findings, worst.named(wiring.net_at)


def _thickness_um(tech: str, name: str) -> float:
    """The thickness on the tech file's height line of a layer. Raises ToolError when there is none."""
    match = re.search(rf"^\s*height\s+(?:all)?{name}\s+\S+\s+([\d.]+)", tech, re.MULTILINE)
    if match is None:
        raise ToolError(f"the tech file has no height of {name}", field="antenna")
    return float(match.group(1))
