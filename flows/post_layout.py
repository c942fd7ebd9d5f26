"""Post-layout: a cell's parasitics at a corner, and its simulation with them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench import wiring
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.mapped_weights import WeightScale
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.pex.parasitics.record import Parasitics
from analoom.flows.systems.lookup import system_of
from analoom.pdk.corners import corner as corner_named

from .simulate import is_large, simulate

BY_LADDERS = {"mode": "r", "notes": ["resistances of the lines by tile classes, on the array solver"]}
"""What is told of an array beyond ngspice."""


def simulate_view(
    cell: Cell,
    view: View,
    folder: Path,
    corner: str = "tt",
    temp_degc: float = 27.0,
    weights: NDArray[np.float64] | None = None,
    settings: Mapping[str, Any] | None = None,
    worth: WeightScale | None = None,
) -> SimResult:
    """Simulates one view of `cell`; the post-layout view gets the parasitics extracted at the corner's wires."""
    parasitics = with_wires(cell, folder, corner) if view == "post" and not is_large(cell) else None
    found = simulate(cell, view, corner, temp_degc, parasitics, weights, folder, settings, worth)
    return replace(found, parasitics=BY_LADDERS) if view == "post" and parasitics is None else found


def with_wires(cell: Cell, folder: Path, corner: str, capacitances: Parasitics | None = None) -> Parasitics:
    """What the post-layout view is simulated with, at the wires of a corner bundle (see `bench.wiring.with_wires`);
    `capacitances`: those of `lumped`, if at hand."""
    return wiring.with_wires(cell, system_of(cell).wiring, corner_named(corner).wires, folder, capacitances)


def lumped(cell: Cell, folder: Path, corner: str) -> Parasitics:
    """The cell's capacitances with the wires of a corner bundle."""
    return wiring.lumped(cell, corner_named(corner).wires, folder)


def without_resistances(cell: Cell) -> str | None:
    """Why the resistances of a cell are left out of its simulation; None when they are not."""
    return wiring.without_resistances(cell, system_of(cell).wiring)


_RENAMED = "simulated is now analoom.flows.post_layout.simulate_view; the old name works until analoom 0.3"


def __getattr__(name: str) -> Any:
    """The name that `simulate_view` had until 0.2."""
    if name == "simulated":
        warnings.warn(_RENAMED, DeprecationWarning, stacklevel=2)
        return simulate_view
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
