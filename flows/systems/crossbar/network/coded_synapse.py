"""A synapse by its codes: the voltage that stores each, its current with drawn mismatch, and its conductances.

A synapse whose current has one sign holds weights in pairs: of columns 2k and 2k + 1 the first has the positive codes
and the second the negative ones, and their difference counts.

Mismatch is that of `analoom.flows.systems.synapse.response`: simulated at shifts of every random parameter of either
read transistor, whose currents add. Currents and conductances on the lines are those of the array solver's tables.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.systems.crossbar.gain_curve import gain_curve
from analoom.flows.systems.crossbar.solver.cells import cells_at, read_devices
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.flows.systems.synapse.response import synapse_response
from analoom.flows.systems.transistor.transistor_response import REACH
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.corners import corner
from analoom.pdk.errors import SpecError

Array = NDArray[np.float64]
TEMP_DEGC = 27.0
POINTS = 61
"""Stored voltages at which mismatch is simulated, over those of the codes."""
MARGIN_V = 0.01
"""How far lines may stand beyond the driven voltages."""
_FINE_Z = 281


@dataclass(frozen=True, eq=False)
class CodedSynapse:
    """By code from -most on: `stored_v` (codes,) V, `column_a` (codes,) A out of the column at the full input `v_read`.
    `array`: one of it. Of `pairs` all codes below 0 are stored as 0 is, with which the other column holds them.

    `through_a` (k, codes): current from column to row through each read transistor there; `by_row_s`, `by_col_s` (k,
    codes): its slopes. `rest_s` (codes,): the column's conductance with the input at rest.
    """

    array: Cell
    v_read: float
    stored_v: Array
    column_a: Array
    through_a: Array
    by_row_s: Array
    by_col_s: Array
    rest_s: Array
    pairs: bool = False

    @property
    def most(self) -> int:
        """The largest code."""
        return len(self.stored_v) // 2

    @property
    def full_s(self) -> Array:
        """The column's conductance at the full input, (codes,)."""
        return np.asarray(self.by_col_s.sum(axis=0))

    @property
    def full_a(self) -> float:
        """The current of the largest code at the full input, of a column or of a pair's two, A."""
        return float(self.column_a[-1] - (self.column_a[0] if self.pairs else 0.0))

    @property
    def columns(self) -> int:
        """How many columns of the array an output has."""
        return 2 if self.pairs else 1

    def laid(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Codes counted from 0, (..., rows, outputs), as they lie in the array, (..., rows, columns)."""
        if not self.pairs:
            return at
        both = np.stack([at, 2 * self.most - at], axis=-1)
        return both.reshape(*at.shape[:-1], 2 * at.shape[-1])

    def told(self, of_columns: Array) -> Array:
        """What columns (..., columns) give as outputs (..., outputs)."""
        return of_columns[..., 0::2] - of_columns[..., 1::2] if self.pairs else of_columns


@dataclass(frozen=True)
class Deviations:
    """What each random parameter adds to a column current (A), (codes, z) a parameter, over -REACH to REACH sigmas."""

    tables: tuple[NDArray[np.float32], ...]

    def added_a(self, codes: NDArray[np.intp], z: NDArray[np.float32]) -> NDArray[np.float32]:
        """What `z` (parameters, *shape) sigmas add to cells at `codes` (shape) counted from 0, A."""
        place = np.clip((z + np.float32(REACH)) * np.float32((_FINE_Z - 1) / (2 * REACH)), 0, _FINE_Z - 1.001)
        low = place.astype(np.int32)
        share, found = place - low, np.zeros(codes.shape, dtype=np.float32)
        for table, at, part in zip(self.tables, low, share, strict=True):
            found += table[codes, at] * (1 - part) + table[codes, at + 1] * part
        return found


@cache
def coded_synapse(fields: str, full_a: float, most: int) -> CodedSynapse:
    """The synapse of `fields` (`cell` and its own, as JSON), its largest code of `full_a` (A).

    Raises InputError for one that the array solver cannot read, SpecError for a current that it does not reach,
    with both signs if it has them.
    """
    array = build("crossbar", rows=1, cols=1, synapse=json.loads(fields))
    found = gain_curve(array, corner("tt"), TEMP_DEGC, ReadSettings.parse({}))
    if full_a > found.full_s * found.v_read:
        signs = " with both signs" if found.signed else ""
        bound = f"at most {found.full_s * found.v_read:.4g}, the current (A) that the synapse gives{signs}"
        raise SpecError("full_current", full_a, bound, instead="a lower current, or a wider synapse")
    codes = np.arange(-most, most + 1)
    least_s = 0.0 if found.signed else float(found.gain_s.min())
    share = (codes if found.signed else np.maximum(codes, 0)) / most
    return _on_tables(array, found.voltages(least_s + full_a / found.v_read * share), found.v_read, not found.signed)


def _on_tables(array: Cell, stored: Array, v_read: float, pairs: bool) -> CodedSynapse:
    synapse = synapse_of(array)
    reading = synapse.require_reading()
    devices, rest = read_devices(synapse, reading), reading.column_rest_v
    lines = [reading.inputs[read.line] for read in devices]
    ends = [rest, *(line.rest_v + on * line.sign * v_read for line in lines for on in (0, 1))]
    gates, ends_v = (float(stored.min()), float(stored.max())), (min(ends) - MARGIN_V, max(ends) + MARGIN_V)
    cells = cells_at(devices, corner("tt"), TEMP_DEGC, stored, None, gates, ends_v)
    column = np.full(len(stored), rest)

    def at(on: int) -> Array:
        drives = (np.full(len(stored), line.rest_v + on * line.sign * v_read) for line in lines)
        return np.array([cells.current(k, row, column) for k, row in enumerate(drives)])

    read, still = at(1), at(0)
    by = [np.asarray(read[:, n]) for n in range(3)]
    return CodedSynapse(array, v_read, stored, -by[0].sum(axis=0), by[0], by[1], by[2], still[:, 2].sum(axis=0), pairs)


@cache
def deviations(coded: CodedSynapse, family: str) -> Deviations:
    """What mismatch of a `family` of models does to the synapse at each code."""
    stored, reading = coded.stored_v, synapse_of(coded.array).require_reading()
    range_v, order = (float(stored.min()), float(stored.max())), np.argsort(stored)
    found = synapse_response(synapse_of(coded.array), reading, coded.v_read, range_v, family, points=POINTS)
    fine, tables = np.linspace(-REACH, REACH, _FINE_Z), []
    for shifted in found.shifted.values():
        part = RectBivariateSpline(found.weights, found.z, shifted - found.factor[:, None])
        table = np.empty((len(stored), _FINE_Z), dtype=np.float32)
        table[order] = coded.v_read * part(stored[order], fine)
        tables.append(table)
    return Deviations(tuple(tables))
