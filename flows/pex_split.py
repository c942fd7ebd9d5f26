"""What of the step from schematic to layout the capacitances make, what the resistances, and what both together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analoom.cells.cell import Cell, Kind

from .flat_devices import flat_devices

if TYPE_CHECKING:
    from .pex import Parasitics
    from .simulate import SimResult

MOST_DEVICES = 128
"""Cells of more devices are not split: resistances of 512 devices take 20 s to extract and minutes to simulate."""

MOST_IN_ARRAY = 48
"""The same for an array, whose writing is a transient with all of its couplings: 4 s for 16 synapses."""

UP_TO_HZ = 1e10
"""Nodes that are fast at this frequency are eliminated: DC resistances and first moments stay, metrics to 1e-4."""


def why_not(cell: Cell) -> str | None:
    """Why the network of resistances of a cell is left out; None when it is not."""
    most = MOST_IN_ARRAY if cell.kind is Kind.ARRAY else MOST_DEVICES
    for count, _ in enumerate(flat_devices(cell.circuit), 1):
        if count > most:
            return f"more than {most} devices: resistances are extracted by analoom pex --mode rc"
    return None


def distributed(cell: Cell, wires: str, folder: Path) -> Parasitics:
    """The RC network of a cell at a wire corner, reduced up to UP_TO_HZ; its files go to `folder`."""
    from .layout_source import of_cell
    from .pex import extract
    from .pex_rc_extract import RcOptions

    return extract(of_cell(cell), "rc", wires, folder, RcOptions(up_to_hz=UP_TO_HZ))


def split(cell: Cell, schematic: SimResult, lumped: SimResult, network: Parasitics) -> dict[str, Any]:
    """Differences from the schematic by metric: {value, unit, c, r, both}, the last three what each adds.

    `lumped` is the post-layout view with capacitances; `network` the distributed parasitics for the two other views.
    """
    from .simulate import simulate

    settings = _settings(schematic)
    found = {
        mode: simulate(
            cell, "post", schematic.corner, schematic.temp_degc, replace(network, mode=mode), None, None, settings
        )
        for mode in ("r", "rc")
    }
    views = {"c": lumped, "r": found["r"], "both": found["rc"]}
    metrics = {
        name: {
            "value": metric.value,
            "unit": metric.unit,
            **{k: v.metrics[name].value - metric.value for k, v in views.items()},
        }
        for name, metric in schematic.metrics.items()
        if all(name in view.metrics for view in views.values())
    }
    return {
        "metrics": metrics,
        "resistors": network.resistors,
        "capacitors": network.capacitors,
        "notes": list(network.notes),
    }


def _settings(schematic: SimResult) -> dict[str, Any]:
    """Those of the schematic's run; an array is not solved a second time, as its network is complete."""
    given = dict(schematic.settings)
    return {**given, "ir_drop": False} if "ir_drop" in given else given
