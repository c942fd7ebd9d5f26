"""Pulses in to pulses out, by arithmetic on tables: any number of dies, vectors, rows and columns.

Weights are codes (rows, cols) from -7 to 7 and need not be those of a tile that can be drawn: of the spec the unit, the
times, the capacitor and the read-out are taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.pwm_tile.operation.program import USUAL, TileSettings, levels_of
from analoom.flows.systems.pwm_tile.operation.weights import Ints, checked_codes
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import InputError

from .cell_table import LOWEST_V, CellTable, Place, cell_table
from .columns import Columns
from .ground import Ground
from .readout_sampling import Reader
from .readout_table import readout_table

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solver:
    """The solver of a tile in its settings, a corner and a temperature; with a `ground`, on that."""

    spec: PwmTileSpec
    settings: TileSettings = USUAL
    corner: str = "tt"
    temp_degc: float = 27.0
    ground: Ground | None = None

    @cached_property
    def columns(self) -> Columns:
        """Its tables, sampled in a few seconds and kept."""
        reader = Reader(self.spec, self.settings, self.corner, self.temp_degc)
        return Columns(self.cell, readout_table(reader))

    @cached_property
    def cell(self) -> CellTable:
        """The table of its weights."""
        levels = levels_of(self.settings)
        return cell_table(Place(self.spec.cell, levels, self.spec.lsb, self.corner, self.temp_degc))

    def voltages(self, codes: Ints, pulses: Array, die: Die) -> tuple[Array, Array]:
        """Both sides of every column at the end of the pulses, (n, cols) V each. Raises InputError where one falls
        further than its weights can take it."""
        sides = tuple(
            self.columns.voltage(self._charge(codes, pulses, sign, die), *self._load(codes, sign, die))
            for sign in (1, -1)
        )
        if min(float(v.min()) for v in sides) <= LOWEST_V:
            said = f"a column falls below {LOWEST_V:g} V, where the weights leave saturation"
            raise InputError(said, field="pulses", remedy="a larger c_int, or shorter pulses")
        return sides[0], sides[1]

    def pulses(self, codes: Ints, pulses: Array, die: Die) -> Array:
        """Pulses out (n, cols) s."""
        positive, negative = self.voltages(codes, pulses, die)
        f, own = self._load(codes, -1, die)
        return self.columns.pulses(positive + die.offset_v, negative, f, own, np.asarray(die.ramp))

    def _charge(self, codes: Ints, pulses: Array, sign: int, die: Die) -> Array:
        """Charge (n, cols) C that the weights of a sign ask for, less what each pulse falls short by."""
        mine = np.where(codes * sign > 0, np.abs(codes), 0)
        risen = self.ground.factor(codes, self.cell) if self.ground else 1.0
        currents = self.cell.current_a[mine] * die.weights * risen
        lost = self.cell.lost_c[mine] + np.where(mine > 0, die.lost_c, 0.0)
        return np.asarray(pulses @ currents - (pulses > 0).astype(float) @ lost)

    def _load(self, codes: Ints, sign: int, die: Die) -> tuple[Array, Array]:
        """Capacitance (cols,) F of a side but for the weights whose sign it is, and their number (cols,)."""
        own = np.sum((codes < 0) == (sign < 0), axis=0)
        side = 0 if sign > 0 else 1
        plain = self.columns.readout.column_f[side] + (len(codes) - own) * float(self.cell.off_f.mean())
        return plain + self.spec.drawn_c_int_f * die.caps[side], own.astype(float)


@dataclass(frozen=True)
class Die:
    """One die's deviations; the default is none. `weights` (rows, cols) currents by nominal ones, `lost_c` (rows, cols)
    C, `ramp` (cols,) by the nominal one, `offset_v` (cols,) V, `caps` (2, cols) deviations of both capacitors."""

    weights: Array | float = 1.0
    lost_c: Array | float = 0.0
    ramp: Array | float = 1.0
    offset_v: Array | float = 0.0
    caps: Array | tuple[float, float] = (0.0, 0.0)


NOMINAL = Die()


class DrawnDies(Protocol):
    """Dies to go through."""

    @property
    def count(self) -> int: ...

    def die(self, k: int, codes: Ints) -> Die: ...


def forward(
    spec: PwmTileSpec,
    weights: Ints,
    pulses: Array,
    dies: DrawnDies | None = None,
    settings: TileSettings = USUAL,
    ground: Ground | None = None,
) -> Array:
    """Pulses out (n, cols) s of `pulses` (n, rows) s through `weights` (rows, cols); with `dies` (dies, n, cols); on a
    `ground` of as many rows and columns (`tile_ground`) that takes something off the weights' currents.

    Raises InputError for weights and pulses out of range, and for columns that fall too far.
    """
    solver = Solver(spec, settings, ground=ground)
    codes = checked_codes(spec.model_copy(update=dict(zip(("rows", "cols"), np.shape(weights), strict=True))), weights)
    given = checked_pulses(spec, pulses, len(codes))
    if dies is None:
        return solver.pulses(codes, given, NOMINAL)
    return np.array([solver.pulses(codes, given, dies.die(k, codes)) for k in range(dies.count)])


def checked_pulses(spec: PwmTileSpec, pulses: Array, rows: int) -> Array:
    """`pulses` (n, rows) s. Raises InputError for another shape, and for pulses beyond the longest of the spec."""
    given = np.asarray(pulses, dtype=float)
    if given.ndim != 2 or given.shape[1] != rows:
        raise InputError(f"pulses of shape {given.shape}: must be (n, {rows}), a pulse a row", field="pulses")
    if not ((given >= 0) & (given <= spec.longest_s * (1 + 1e-9))).all():
        longest = f"{spec.longest_s:.4g} s, 2**pulse_bits - 1 steps of lsb"
        worst = float(given.max()) if np.isfinite(given).all() else float("nan")
        raise InputError(f"a pulse of {worst:.4g} s: must be 0 to {longest}", field="pulses", remedy="more pulse_bits")
    return given
