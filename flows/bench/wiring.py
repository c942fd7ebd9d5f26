"""What a drawn cell's wires add to its circuit, as the post-layout view is simulated with."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.flows.files.layout_source import of_cell
from analoom.flows.files.outputs import make_folder
from analoom.flows.pex.crossbar.rc_tiles import rc_by_tiles
from analoom.flows.pex.crossbar.tile_classes import is_crossbar
from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.record import Parasitics
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.pex.symmetry import FarthestOhm

UP_TO_HZ = 1e10
"""Nodes that are fast at this frequency are eliminated: DC resistances and first moments stay, metrics to 1e-4."""

OPTIONS = RcOptions(up_to_hz=UP_TO_HZ)

MOST_DEVICES = 1024
"""Cells of more devices, if they repeat no tile, are simulated with capacitances alone."""

MOST_IN_TRANSIENT = 48
"""Arrays of more devices are written with capacitances alone: a transient of 64 synapses takes 20 s with both, of 256
more than five minutes."""


@dataclass(frozen=True)
class Wiring:
    """How the post-layout view of a kind of cell gets its wires.

    `capacitances_only`: why their resistances are left out, where they are, of cells of more than `resistances_up_to`
    devices. `direct`: the network that direct currents
    see, where AC and noise are to see the capacitances with the resistances shorted. `options`: how the network of
    both is reduced.
    """

    capacitances_only: str | None = None
    resistances_up_to: int = 0
    direct: RcOptions | None = None
    options: RcOptions = OPTIONS


def with_wires(
    cell: Cell, wiring: Wiring, wires: str, folder: Path, capacitances: Parasitics | None = None
) -> Parasitics:
    """What `cell` is simulated with, at the wire corner `wires`; `capacitances`: those of `lumped`, if at hand.

    Resistances and capacitances, reduced so that DC resistances and first moments stay; files go to
    `folder/distributed`. An array of more than MOST_IN_TRANSIENT devices is read through its resistances, found by tile
    classes, and written with its capacitances: the notes give the time constant that this leaves out. A cell of
    more than MOST_DEVICES devices that repeats no tile has capacitances only, and says so.
    """
    reason = without_resistances(cell, wiring)
    if reason is not None:
        found = capacitances or lumped(cell, wires, folder)
        return replace(found, notes=(*found.notes, reason))
    if by_parts(cell):
        return _by_tiles(cell, wires, capacitances or lumped(cell, wires, folder))
    if wiring.direct:
        return _direct(cell, wires, folder, wiring.direct, capacitances or lumped(cell, wires, folder))
    return extract(of_cell(cell), "rc", wires, make_folder(folder / "distributed"), wiring.options)


def lumped(cell: Cell, wires: str, folder: Path) -> Parasitics:
    """The cell's capacitances at the wire corner `wires`."""
    return extract(of_cell(cell), mode="c", corner=wires, workdir=folder)


def without_resistances(cell: Cell, wiring: Wiring) -> str | None:
    """Why the resistances of a cell are left out; None when they are not."""
    devices = cell.circuit.device_count()
    if wiring.capacitances_only is not None:
        return None if devices <= wiring.resistances_up_to else wiring.capacitances_only
    if is_crossbar(cell) or devices <= MOST_DEVICES:
        return None
    return f"more than {MOST_DEVICES} devices: resistances are extracted by analoom pex --mode rc"


def by_parts(cell: Cell) -> bool:
    """Whether an array is read through resistances and written with capacitances, each on its own."""
    return is_crossbar(cell) and cell.circuit.device_count() > MOST_IN_TRANSIENT


def _direct(cell: Cell, wires: str, folder: Path, options: RcOptions, capacitances: Parasitics) -> Parasitics:
    """Resistances for direct currents, capacitances for what moves: noise and AC of nA between resistors of tens of
    ohm need an operating point of nanovolts, which ngspice does not give."""
    found = extract(of_cell(cell), "rc", wires, make_folder(folder / "distributed"), options)
    note = (
        "direct currents flow through the resistances from "
        f"{options.min_r_ohm:g} ohm up; AC and noise see the capacitances with the resistances shorted"
    )
    return replace(found, transient=capacitances, notes=(*found.notes, note))


def _by_tiles(cell: Cell, wires: str, capacitances: Parasitics) -> Parasitics:
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
