"""What extraction finds that the wires of drawn capacitor arrays add, beside what the model of the search says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analoom.cells.model import registry
from analoom.flows.statistics.drawn_placement import drawn_placement
from analoom.flows.systems.capacitor.wire_error import wires_to_top_f
from analoom.generators.cap_array.spec import TOPS
from analoom.generators.matching.wire_model import WireModel


@dataclass(frozen=True)
class ArrayWires:
    """Of one array, (weights,) each: its units, their wires to `top` by extraction in F, and by field of a WireModel
    how many times they meet it."""

    units: np.ndarray
    wires_f: np.ndarray
    met: dict[str, np.ndarray]

    def errors(self, model: WireModel) -> np.ndarray:
        """(weights,): the model less the extraction, per unit, in shares of what the wires add to a unit within."""
        shares = self.units + sum(getattr(model, name) * times for name, times in self.met.items())
        within_f = np.sum(self.wires_f / self.units) / np.sum(shares / self.units)
        return (shares - self.wires_f / within_f) / self.units


def array_wires(fields: dict, workdir: Path) -> ArrayWires:
    cell = registry.build("cap_array", fields)
    placement, units = drawn_placement(cell), np.array(cell.spec.weights)
    owner = np.array(placement.owner)
    by_site = TOPS[cell.spec.unit.device].met(placement)
    met = {name: np.array([times[owner == k].sum() for k in range(len(units))]) for name, times in by_site.items()}
    return ArrayWires(units, wires_to_top_f(cell, [f"b{k}" for k in range(len(units))], workdir), met)
