"""Antenna check: how much metal collects charge for a gate while it is etched, by the ratios of Magic's tech file.

Level by level up the stack, each conductor and cut with what connects it so far ("model partial"). A net that reaches
diffusion or a tap may have more: a fixed ratio and so much for each um2 of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import klayout.db as kdb

from analoom.pdk.errors import ToolError
from analoom.pdk.install import magic_tech, package_version
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule

from .drc_findings import Findings
from .drc_report import EngineReport
from .layout_source import LayoutSource

LEVELS: Mapping[str, Layer] = {
    "poly": Layer.POLY,
    "allcont": Layer.LICON,
    "li": Layer.LI1,
    "mcon": Layer.MCON,
    "m1": Layer.MET1,
    "v1": Layer.VIA,
    "m2": Layer.MET2,
    "v2": Layer.VIA2,
    "m3": Layer.MET3,
    "v3": Layer.VIA3,
    "m4": Layer.MET4,
    "v4": Layer.VIA4,
    "m5": Layer.MET5,
}
"""The tech file's names from the bottom up."""


MOST_GATES = 20_000
"""Layouts with more gates are left out: nets as long as a large array's take more than ten minutes."""


@dataclass(frozen=True)
class Ratio:
    """The largest area of `layer` (sidewalls when `thickness_um`) over gate area, without and with a diode."""

    layer: Layer
    largest: float
    thickness_um: float = 0.0
    with_diode: float | None = None
    per_um2: float = 0.0

    @property
    def rule(self) -> Rule:
        kind = "sidewall" if self.thickness_um else "area"
        name = self.layer.name.lower()
        return Rule(f"antenna.{name}", f"{name} {kind} at most {self.largest:g} times the gate area it connects to")


def ratios(tech: str) -> list[Ratio]:
    """The antenna ratios of a Magic tech file, from the bottom up. Raises ToolError when a level lacks one."""
    found: dict[str, Ratio] = {}
    lines = re.findall(r"^\s*antenna\s+(\S+)\s+(sidewall|surface)\s+(\S+)\s+(\S+)(?:[ \t]+(\S+))?", tech, re.MULTILINE)
    for names, kind, largest, diode, per_um2 in lines:
        for name in set(names.split(",")) & LEVELS.keys():
            thick = _thickness_um(tech, name) if kind == "sidewall" else 0.0
            fixed = None if diode == "none" else float(diode)
            found[name] = Ratio(LEVELS[name], float(largest), thick, fixed, float(per_um2 or 0))
    missing = [name for name in LEVELS if name not in found]
    if missing:
        raise ToolError(f"the tech file has no antenna ratio for {', '.join(missing)}", field="antenna")
    return [found[name] for name in LEVELS]


def check_antenna(source: LayoutSource, workdir: Path) -> EngineReport:
    """Checks every gate of `source` level by level; writes `drc_antenna.lyrdb` into `workdir`."""
    start, version = time.perf_counter(), package_version("klayout")
    try:
        tech = magic_tech()
        limits = ratios(tech.read_text(errors="replace"))
    except ToolError as error:
        return EngineReport("antenna", "not run", "klayout (Python module)", version, reason=error.message)
    findings, wiring = Findings(source), _Wiring(source)
    if wiring.gate.is_empty():
        reason = f"{source.name} holds no gate"
        return EngineReport("antenna", "not run", "klayout (Python module)", version, reason=reason, applies=False)
    if wiring.gate.count() > MOST_GATES:
        reason = f"{source.name} holds more than {MOST_GATES} gates; antenna ratios are checked up to that many"
        return EngineReport("antenna", "not run", "klayout (Python module)", version, reason=reason)
    for limit in limits:
        findings.add(limit.rule, wiring.too_large(limit))
    return EngineReport(
        engine="antenna",
        state="violations" if findings.counts else "clean",
        tool="klayout (Python module)",
        version=version,
        deck=f"antenna ratios of {tech}",
        rules_run=len(limits),
        violations=findings.counts,
        locations=findings.places,
        report=findings.write(workdir / "drc_antenna.lyrdb"),
        seconds=time.perf_counter() - start,
        notes=source.notes,
    )


class _Wiring:
    """The nets of a layout as they grow, level by level."""

    def __init__(self, source: LayoutSource) -> None:
        self._net = kdb.LayoutToNetlist(kdb.RecursiveShapeIterator(source.layout, source.top, []))
        self._net.threads = 0
        self._layers = {
            layer: self._net.make_polygon_layer(source.index(layer), layer.name.lower())
            for layer in (*LEVELS.values(), Layer.DIFF, Layer.TAP, Layer.CAPM, Layer.CAP2M)
        }
        poly, diff = self._layers[Layer.POLY], self._layers[Layer.DIFF]
        self.gate = self._registered(poly & diff, "gate")
        self._diode = self._registered((diff + self._layers[Layer.TAP]) - poly, "diode")
        for layer in (poly, self.gate, self._diode):
            self._net.connect(layer)
        self._net.connect(poly, self.gate)

    def too_large(self, limit: Ratio) -> tuple[kdb.Region, ...]:
        """Adds the level; what is too large for its gates on it: nets without a diode, and nets with one.

        A diode never lowers the limit, however small it is.
        """
        self._grow(limit.layer)
        bare = self._over(limit, limit.largest, [[self._diode, 0.0]])  # a factor of 0 leaves out nets with a diode
        if limit.with_diode is None:
            return (bare,)
        tied = self._over(limit, limit.with_diode, [[self._diode, limit.per_um2]])
        return bare, (tied & self._over(limit, limit.largest, [])) - bare

    def _over(self, limit: Ratio, ratio: float, diodes: list[list[object]]) -> kdb.Region:
        """The metal of nets with more than `ratio` plus so much for each um2 of diodes, times the gate's area."""
        metal = self._layers[limit.layer]
        area, edge = (0.0, limit.thickness_um) if limit.thickness_um else (1.0, 0.0)
        return self._net.antenna_check(self.gate, 1.0, 0.0, metal, area, edge, ratio, diodes)

    def _grow(self, layer: Layer) -> None:
        """Connects one more level to those below, and finds the nets again."""
        here = self._layers[layer]
        self._net.reset_extracted()
        self._net.connect(here)
        order = list(LEVELS.values())
        if layer is not Layer.POLY:
            below = self._layers[order[order.index(layer) - 1]]
            for lower in [below, self._diode] if layer is Layer.LICON else [self._outside_plates(layer, below)]:
                self._net.connect(lower, here)
        self._net.extract_netlist()

    def _outside_plates(self, cut: Layer, below: kdb.Region) -> kdb.Region:
        """The metal below a cut, without what a MIM plate covers: there the cut ends on the plate."""
        plate = {Layer.VIA3: Layer.CAPM, Layer.VIA4: Layer.CAP2M}.get(cut)
        if plate is None:
            return below
        bare = self._registered(below - self._layers[plate], f"{cut.name.lower()}_landing")
        self._net.connect(bare)
        self._net.connect(below, bare)
        return bare

    def _registered(self, region: kdb.Region, name: str) -> kdb.Region:
        self._net.register(region, name)
        return region


def _thickness_um(tech: str, name: str) -> float:
    """The thickness on the tech file's height line of a layer. Raises ToolError when there is none."""
    match = re.search(rf"^\s*height\s+(?:all)?{name}\s+\S+\s+([\d.]+)", tech, re.MULTILINE)
    if match is None:
        raise ToolError(f"the tech file has no height of {name}", field="antenna")
    return float(match.group(1))
