"""Post-layout: a cell's parasitics at a corner, its simulation with them, and the difference from the schematic's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.cells.cell import Cell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .dut import View
    from .pex import Parasitics
    from .simulate import SimResult


def simulated(
    cell: Cell,
    view: View,
    folder: Path,
    corner: str = "tt",
    temp_degc: float = 27.0,
    weights: NDArray[np.float64] | None = None,
) -> SimResult:
    """Simulates one view of `cell`; the post-layout view gets the parasitics extracted at the corner's wires."""
    from .simulate import is_large, simulate

    parasitics = extracted(cell, folder, corner) if view == "post" and not is_large(cell) else None
    return simulate(cell, view, corner, temp_degc, parasitics, weights, folder)


def extracted(cell: Cell, folder: Path, corner: str) -> Parasitics:
    """The cell's capacitances with the wires of a corner bundle."""
    from analoom.pdk.corners import corner as corner_named

    from .layout_source import of_cell
    from .pex import extract

    return extract(of_cell(cell), mode="c", corner=corner_named(corner).wires, workdir=folder)


def difference(schematic: SimResult, post: SimResult) -> dict[str, dict[str, Any]]:
    """Post-layout minus schematic for every metric both views have; `relative` to the schematic's value."""
    from . import simulate

    before = {name: metric.value for name, metric in schematic.metrics.items()}
    return {
        name: {"value": m.value, "unit": m.unit, "relative": m.value / abs(before[name]) if before[name] else None}
        for name, m in simulate.difference(schematic, post).items()
    }
