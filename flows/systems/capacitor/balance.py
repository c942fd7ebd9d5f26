"""Routing balance of a capacitor array: stubs drawn until each weight's wires couple to `top` in proportion to it.

The MIM device itself is no part of an extraction, so what couples a bottom net to `top` there is wiring alone. Its
excess over a common scale times the weight is brought below a thousandth of a unit by extraction, longer stubs,
extraction again: a search for each weight by what its stubs have told so far, as they lie over plates of its own only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model import registry
from analoom.cells.model.cell import Cell
from analoom.flows.bench.without_model import has_model
from analoom.flows.systems.capacitor.wire_error import wires_to_top_f
from analoom.pdk.errors import InputError
from analoom.pdk.units import GRID_NM, to_um

from .converter_errors import ConverterErrors, converter_errors
from .mismatch import CapacitorStatistics

TOLERANCE = 1e-3
"""Largest imbalance asked for, in units."""
AIM, ENOUGH = 0.4, 0.9
"""Shares of the tolerance: the scale leaves light weights the first, the search stops below the second."""
MOST_ROUNDS = 8
STUB_F_PER_UM = {"cap_mim_m3_1": 130e-18, "cap_mim_m3_2": 100e-18, "stacked": 400e-18, "mom": 200e-18}
"""First guess of what a stub couples to its own bottom plate, by kind of unit; every extraction corrects it."""
TOLD_UM = 0.03
"""A response is learnt from stubs longer than this."""
EXTRACTION_ERROR = 0.1
"""The extraction error that the stated bound assumes."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Balance:
    """Couplings (F) of each weight's wires to `top` before and after, with the stubs (um) that made the difference.

    `unit_f` is a unit's nominal capacitance, `scale_f` the wiring a unit of weight ends up with.
    """

    cell: Cell
    weights: tuple[int, ...]
    unit_f: float
    scale_f: float
    before_f: Floats
    after_f: Floats
    rounds: int

    @property
    def excess_before(self) -> Floats:
        """What each weight had too much (too little: negative), in units, at the best common scale."""
        return _excess(self.before_f, self.weights, _best_scale(self.before_f, self.weights)) / self.unit_f

    @property
    def excess_after(self) -> Floats:
        return _excess(self.after_f, self.weights, self.scale_f) / self.unit_f

    @property
    def bound(self) -> Floats:
        """Largest imbalance in units if the extraction is wrong by 10 %: of what is left and what stubs levelled."""
        levelled = np.abs(_excess(self.before_f, self.weights, self.scale_f)) / self.unit_f
        return np.abs(self.excess_after) * (1 + EXTRACTION_ERROR) + levelled * EXTRACTION_ERROR

    @property
    def balanced(self) -> bool:
        return bool(np.abs(self.excess_after).max() <= TOLERANCE)

    def to_json(self) -> dict[str, Any]:
        """Per weight: coupling before and after (F), imbalance before and after and its bound (units), stub (um)."""
        columns = {
            "weight": self.weights,
            "before_f": self.before_f.tolist(),
            "after_f": self.after_f.tolist(),
            "imbalance_before": self.excess_before.tolist(),
            "imbalance_after": self.excess_after.tolist(),
            "bound_at_10_percent": self.bound.tolist(),
            "stub_um": self.cell.spec.stubs or (0.0,) * len(self.weights),  # type: ignore[attr-defined]
        }
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        scalars = {"unit_f": self.unit_f, "wiring_per_unit_f": self.scale_f, "rounds": self.rounds}
        out = {"cell": self.cell.name, "balanced": self.balanced, "tolerance": TOLERANCE, **scalars, "weights": rows}
        converter = self.converter()
        return out if converter is None else {**out, "converter": converter.to_json()}

    def converter(self) -> ConverterErrors | None:
        """INL and DNL by source, of the routing before and after; None where the weights make no converter, and for
        units whose mismatch is not known."""
        if not has_model(self.cell):
            return None
        return converter_errors(self.cell, {"before": self.before_f, "after": self.after_f})


def balance(cell: Cell, workdir: Path) -> Balance:
    """Draws stubs into a capacitor array until its wiring is balanced or nothing improves; the best one found.

    Of metal-finger units the couplings hold the capacitors themselves. Raises InputError for a cell that is no array,
    and for one out of balance whose units are too small for stubs.
    """
    weights = getattr(cell.spec, "weights", None)
    if weights is None:
        raise InputError(f"{cell.name}: only a cap_array can be balanced", field="name")
    workdir.mkdir(parents=True, exist_ok=True)
    found = _Search(cell, np.array(weights, dtype=float), workdir).run()
    if not found.balanced and not _stub_room_um(cell):
        said = f"{cell.name}: out of balance by {abs(found.excess_after).max():.2g} units, and its units are too small"
        raise InputError(f"{said} for stubs", field="unit.w", remedy="larger units")
    return found


def _stub_room_um(cell: Cell) -> float:
    """What a unit's stub can grow by."""
    return to_um(cell.grid.stub_room_nm) if cell.grid else 0.0


def unit_f(cell: Cell, couplings_f: Floats) -> float:
    """Capacitance of a unit, F: its model's; without a model the extraction's."""
    weights = cell.spec.weights  # type: ignore[attr-defined]
    if cell.circuit.device_count():
        return float(CapacitorStatistics(cell).nominal[0].sum() / sum(weights))
    return float(couplings_f.sum() / sum(weights))


class _Search:
    """The state of the search: the couplings (F) and each weight's response to its stubs (F/um)."""

    def __init__(self, cell: Cell, weights: Floats, workdir: Path) -> None:
        self.cell, self.weights, self.workdir = cell, weights, workdir
        self.guess_f_um = STUB_F_PER_UM[cell.spec.unit.device]  # type: ignore[attr-defined]
        self.response = np.full(len(weights), self.guess_f_um)
        self.before_f = self._couplings(cell)
        self.unit_f = unit_f(cell, self.before_f)
        self.tolerance_f = TOLERANCE * self.unit_f

    def run(self) -> Balance:
        cell, lengths, rounds = self.cell, np.zeros(len(self.weights)), 0
        before_f = c_f = self.before_f
        best = (cell, c_f)
        while rounds < MOST_ROUNDS and self._worst(best[1]) > ENOUGH * self.tolerance_f:
            cell, moved = self._moved(c_f, lengths)
            if not moved.any():
                break
            new_f, rounds = self._couplings(cell), rounds + 1
            lengths, c_f = lengths + moved, new_f
            told = lengths > TOLD_UM
            learnt = (c_f - before_f)[told] / lengths[told]
            self.response[told] = np.clip(learnt, self.guess_f_um / 2, self.guess_f_um * 2)
            best = min(best, (cell, c_f), key=lambda found: self._worst(found[1]))
        weights = tuple(int(w) for w in self.weights)
        return Balance(best[0], weights, self.unit_f, _level_scale(best[1], self.weights), before_f, best[1], rounds)

    def _couplings(self, cell: Cell) -> Floats:
        return wires_to_top_f(cell, [f"b{k}" for k in range(len(self.weights))], self.workdir)

    def _moved(self, c_f: Floats, lengths: Floats) -> tuple[Cell, Floats]:
        """The array with the next stubs, and by how much (um) they were changed.

        The scale is the smallest that asks no weight to give up more than it has in stubs.
        """
        least_f = c_f - lengths * self.response - AIM * self.tolerance_f
        scale = float((least_f / self.weights).max())
        wanted = lengths + (scale * self.weights - c_f) / self.response
        room = _stub_room_um(self.cell) * self.weights
        step = GRID_NM / 1000
        stubs = np.round(np.floor(np.clip(wanted, 0, room) / step + 0.5) * step, 3)
        fields = self.cell.spec.model_dump(exclude={"stubs"})
        return registry.build("cap_array", {**fields, "stubs": stubs.tolist()}), stubs - lengths

    def _worst(self, c_f: Floats) -> float:
        return float(np.abs(_excess(c_f, self.weights, _level_scale(c_f, self.weights))).max())


def _excess(c_f: Floats, weights: Sequence[int] | Floats, scale_f: float) -> Floats:
    return np.asarray(c_f - scale_f * np.asarray(weights, dtype=float))


def _best_scale(c_f: Floats, weights: Sequence[int] | Floats) -> float:
    return float(np.sum(c_f) / np.sum(weights))


def _level_scale(c_f: Floats, weights: Sequence[int] | Floats) -> float:
    """The scale at which the largest imbalance is smallest: a minimum of a convex function, by golden section."""
    ratio = c_f / np.asarray(weights, dtype=float)
    low, high = float(ratio.min()), float(ratio.max())
    for _ in range(80):
        a, b = low + 0.382 * (high - low), low + 0.618 * (high - low)
        if np.abs(_excess(c_f, weights, a)).max() < np.abs(_excess(c_f, weights, b)).max():
            high = b
        else:
            low = a
    return (low + high) / 2
