"""The testbench of a switch: what it conducts when closed, what it lets through when open, and what opening it injects.

Resistances are those of small differences (10 mV) at every level from rail to rail. A switch that a stored bit closes
is also written: a 0, a 1 and a 0 again, each with one pulse on either clock.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.simulator.ngspice import circuit

from .paths import CLOCKED, GROUND, LATCHED, SUPPLY, Path, paths_of
from .write import write_metrics

DIFFERENCE_V = 0.01
LEVELS = 91
ACCURATE = ".option method=gear reltol=1e-5 chgtol=1e-18 abstol=1e-15 vntol=1e-7"
LEAK_GMIN_S = 1e-20
"""Lower than usual: at 1e-12 S the simulator's own conductances would pass more than an open switch does."""
EDGE_S, STILL_S = 1e-10, 5e-9


class Settings(Spec):
    """How a switch is measured."""

    vdd: float = Field(1.8, ge=1.0, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    level: float | None = Field(
        None,
        ge=0,
        le=1.95,
        description="level that is sampled where the injection is measured (default half the supply)",
        json_schema_extra={"unit": "V"},
    )
    c_load: float = Field(20e-15, ge=1e-15, le=1e-9, description="load of an output", json_schema_extra={"unit": "F"})


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`r_on_max` and `r_on_min` over the levels from rail to rail, `i_off` the current that an open path passes with
    its ends at opposite rails, the larger of both ways; of the path that a 1 closes, and of the other with `_rest`.

    `injection` (clocked switches) is the step of the load as the switch opens; `write_delay`, `write_energy` (stored
    bits) see `write_metrics`.
    """
    metrics: dict[str, Metric] = {}
    curves: dict[str, Curve] = {}
    paths = paths_of(dut.ports)
    for end, path in zip(("", "_rest"), paths, strict=False):
        level, ohm = _resistance(dut, settings, path)
        metrics |= {
            f"r_on_max{end}": Metric(float(ohm.max()), "ohm"),
            f"r_on_min{end}": Metric(float(ohm.min()), "ohm"),
        }
        metrics[f"i_off{end}"] = Metric(_leak(dut, settings, path), "A")
        curves[f"r_on{end}"] = Curve(level, ohm, "level (V)", "resistance (ohm)")
    if set(dut.ports) >= CLOCKED:
        metrics["injection"] = Metric(_injection(dut, settings, paths[0]), "V")
    if set(dut.ports) >= LATCHED:
        metrics |= write_metrics(dut, settings.vdd, settings.c_load)
    return Measured(metrics, curves)


def _sources(dut: Dut, settings: Settings, levels: Mapping[str, float], left: tuple[str, ...]) -> list[str]:
    """A source on every pin but an output `q` and those `left`: supplies, and `levels` in shares of vdd."""
    given = {SUPPLY: 1.0, GROUND: 0.0, **levels}
    held = [p for p in dut.ports if p not in ("q", *left)]
    return [f"v_{p} {p} 0 {settings.vdd * given.get(p, 0.5)!r}" for p in held]


def _resistance(dut: Dut, settings: Settings, path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Levels (V) and the closed path's resistance there (ohm), (LEVELS,) each."""
    lines = _sources(dut, settings, path.closed, (path.far,))
    lines.append(f"v_small {path.near} {path.far} {DIFFERENCE_V!r}")
    step = settings.vdd / (LEVELS - 1)
    with circuit(dut.deck(*lines)) as loaded:
        found = loaded.run(f"dc v_{path.near} 0 {settings.vdd + step / 2!r} {step!r}")
    return found["v-sweep"], DIFFERENCE_V / np.abs(found["v_small#branch"])


def _leak(dut: Dut, settings: Settings, path: Path) -> float:
    """The larger of both ways, A: what an open path lets through from the rail at one end to the other's."""
    return max(_leak_at(dut, settings, path, ends) for ends in ((0.0, 1.0), (1.0, 0.0)))


def _leak_at(dut: Dut, settings: Settings, path: Path, ends: tuple[float, float]) -> float:
    """The current into the far end, A, less what flows there with both ends at its rail: junctions, not the path."""
    near, far = ends
    currents = []
    for other in (near, far):
        levels = {**path.open, path.near: other, path.far: far}
        lines = [*_sources(dut, settings, levels, ()), f".option gmin={LEAK_GMIN_S!r} abstol=1e-18"]
        with circuit(dut.deck(*lines)) as loaded:
            currents.append(loaded.op()[f"v_{path.far}#branch"])
    return abs(currents[0] - currents[1])


def _injection(dut: Dut, settings: Settings, path: Path) -> float:
    """Step of the load (V) from before the switch opens to when all is still."""
    level = settings.vdd / 2 if settings.level is None else settings.level
    opens = STILL_S
    lines = _sources(dut, settings, path.closed, (path.near, path.far, *path.closed))
    lines += [f"v_{path.near} {path.near} 0 {level!r}", f"c_load {path.far} 0 {settings.c_load!r}"]
    for pin, share in path.closed.items():
        before, after = settings.vdd * share, settings.vdd * path.open[pin]
        lines.append(f"v_{pin} {pin} 0 pwl(0 {before!r} {opens!r} {before!r} {opens + EDGE_S!r} {after!r})")
    with circuit(dut.deck(*lines, ACCURATE)) as loaded:
        found = loaded.run(f"tran 1e-11 {2 * STILL_S!r} 0 5e-11")
    before, after = np.interp([opens, 2 * STILL_S], found["time"], found[path.far])
    return float(after - before)
