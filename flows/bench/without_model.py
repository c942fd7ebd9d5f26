"""Cells whose circuit holds no device, such as metal-finger capacitors: what can and cannot be said of them."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.pdk.errors import InputError

NO_SCHEMATIC = "a circuit without a device: what it measures is in the drawing alone"
NO_MISMATCH = (
    "no device in the circuit: the installed models have mismatch for MIM capacitors and for the foundry's own VPP "
    "cells, not for fingers drawn here"
)


def has_model(cell: Cell) -> bool:
    """Whether the circuit holds a device."""
    return cell.circuit.device_count() > 0


def require_view(cell: Cell, view: str) -> None:
    """Raises InputError for the schematic view of a cell without a device."""
    if view == "schematic" and not has_model(cell):
        raise InputError(f"{cell.name}: {NO_SCHEMATIC}", field="view", remedy="--view post")


def require_mismatch(cell: Cell) -> None:
    """Raises InputError for a cell without a device, whose mismatch is not known."""
    if not has_model(cell):
        raise InputError(f"{cell.name}: mismatch not known, {NO_MISMATCH}", field="name")
