"""Post-layout: a cell's parasitics at a corner, its simulation with them, and the difference from the schematic's."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.cells.model.cell import Cell, Kind
from analoom.flows.files.layout_source import of_cell
from analoom.flows.files.outputs import make_folder
from analoom.flows.pex.crossbar.tile_classes import is_crossbar
from analoom.flows.pex.extract import extract
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.pex.symmetry import FarthestOhm
from analoom.pdk.corners import corner as corner_named

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analoom.flows.bench.device_under_test import View
    from analoom.flows.pex.parasitics.record import Parasitics

    from .simulate import SimResult

UP_TO_HZ = 1e10
"""Nodes that are fast at this frequency are eliminated: DC resistances and first moments stay, metrics to 1e-4."""

BY_LADDERS = {"mode": "r", "notes": ["resistances of the lines by tile classes, on the array solver"]}
"""What is told of an array beyond ngspice."""

OPTIONS = RcOptions(up_to_hz=UP_TO_HZ)

THINNED = RcOptions(min_c_f=1e-18, min_r_ohm=20.0, up_to_hz=1e8)
"""For multipliers, whose many currents are of nA and bandwidths of MHz: 5,000 resistors become 100, and the gain of
JNW_SV moves by 1.4e-5."""

MOST_DEVICES = 1024
"""Cells of more devices, if they are no array, are simulated with capacitances alone."""

MOST_IN_TRANSIENT = 48
"""Arrays of more devices are written with capacitances alone: a transient of 64 synapses takes 20 s with both, of 256
more than five minutes."""


def simulated(
    cell: Cell,
    view: View,
    folder: Path,
    corner: str = "tt",
    temp_degc: float = 27.0,
    weights: NDArray[np.float64] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> SimResult:
    """Simulates one view of `cell`; the post-layout view gets the parasitics extracted at the corner's wires."""
    from .simulate import is_large, simulate

    parasitics = extracted(cell, folder, corner) if view == "post" and not is_large(cell) else None
    found = simulate(cell, view, corner, temp_degc, parasitics, weights, folder, settings)
    return replace(found, parasitics=BY_LADDERS) if view == "post" and parasitics is None else found


def extracted(cell: Cell, folder: Path, corner: str, known: Parasitics | None = None) -> Parasitics:
    """What the post-layout view is simulated with, at the wires of a corner bundle; `known`: `lumped`, if at hand.

    Resistances and capacitances, reduced so that DC resistances and first moments stay; files go to
    `folder/distributed`. An array of more than MOST_IN_TRANSIENT devices is read through its resistances, found by tile
    classes, and written with its capacitances: the notes give the time constant that this leaves out. A cell of
    more than MOST_DEVICES devices that is no array has capacitances only, and says so.
    """
    wires = corner_named(corner).wires
    reason = why_not(cell)
    if reason is not None:
        found = known or lumped(cell, folder, corner)
        return replace(found, notes=(*found.notes, reason))
    if by_parts(cell):
        return _array(cell, wires, known or lumped(cell, folder, corner))
    if cell.kind is Kind.MULTIPLIER:
        return _direct(cell, wires, folder, known or lumped(cell, folder, corner))
    return extract(of_cell(cell), "rc", wires, make_folder(folder / "distributed"), OPTIONS)


def lumped(cell: Cell, folder: Path, corner: str) -> Parasitics:
    """The cell's capacitances with the wires of a corner bundle."""
    return extract(of_cell(cell), mode="c", corner=corner_named(corner).wires, workdir=folder)


def why_not(cell: Cell) -> str | None:
    """Why the resistances of a cell are left out; None when they are not."""
    if cell.kind is Kind.MAC:
        return "wires without resistance: in a small array it is hundredths of what the switches have that they lead to"
    array = cell.kind is Kind.ARRAY and is_crossbar(cell)
    if array or cell.circuit.device_count() <= MOST_DEVICES:
        return None
    return f"more than {MOST_DEVICES} devices: resistances are extracted by analoom pex --mode rc"


def by_parts(cell: Cell) -> bool:
    """Whether an array is read through resistances and written with capacitances, each on its own."""
    return is_crossbar(cell) and cell.circuit.device_count() > MOST_IN_TRANSIENT


def _direct(cell: Cell, wires: str, folder: Path, capacitances: Parasitics) -> Parasitics:
    """Resistances for direct currents, capacitances for what moves: noise and AC of nA between resistors of tens of
    ohm need an operating point of nanovolts, which ngspice does not give."""
    found = extract(of_cell(cell), "rc", wires, make_folder(folder / "distributed"), THINNED)
    note = (
        "direct currents flow through the resistances from "
        f"{THINNED.min_r_ohm:g} ohm up; AC and noise see the capacitances with the resistances shorted"
    )
    return replace(found, transient=capacitances, notes=(*found.notes, note))


def _array(cell: Cell, wires: str, capacitances: Parasitics) -> Parasitics:
    from analoom.flows.pex.crossbar.rc_tiles import rc_by_tiles

    started = time.perf_counter()
    rc = rc_by_tiles(cell, wires, OPTIONS)
    farthest_ohm = FarthestOhm(rc)
    tau_s = max(
        ohm * capacitances.nets[net].total_f
        for net in cell.circuit.ports
        if net != capacitances.ground and (ohm := farthest_ohm(net)) is not None
    )
    notes = (
        f"by tile classes, {rc.reduction.words()}",
        "direct currents flow through the resistances; transients see the capacitances with the resistances shorted, "
        f"which leaves out time constants up to {tau_s:.2g} s",
    )
    return replace(
        capacitances,
        mode="rc",
        rc=rc,
        transient=capacitances,
        resistors=len(rc.graph.resistors()),
        seconds=capacitances.seconds + time.perf_counter() - started,
        notes=(*capacitances.notes, *notes),
    )


def difference(schematic: SimResult, post: SimResult) -> dict[str, dict[str, Any]]:
    """Post-layout minus schematic for every metric both views have; `relative` to the schematic's value."""
    from . import simulate

    before = {name: metric.value for name, metric in schematic.metrics.items()}
    return {
        name: {"value": m.value, "unit": m.unit, "relative": m.value / abs(before[name]) if before[name] else None}
        for name, m in simulate.difference(schematic, post).items()
    }
