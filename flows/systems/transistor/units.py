"""The sides of a transistor cell and their units: what its mismatch is a sum of.

Units of a side draw independently; a side of n equal units is sqrt(n) better than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, random_terms

from .settings import TransistorAnalysis
from .transfer import Side
from .transistor_response import Response, response

PAIR_SIDES = (Side("d1", "g1"), Side("d2", "g2"))
DEVICE_SIDES = (Side("d", "g"),)
_I_SQUARE_A = 1e-6

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TransistorUnits:
    """A cell's sides with their units, and the operating point (simulated when asked for)."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: TransistorAnalysis = field(default_factory=TransistorAnalysis)

    @property
    def sides(self) -> Sequence[Side]:
        """A pair's two, a device's one; of a mirror the input and its smallest output, the least certain."""
        if self.cell.kind == "mirror":
            return (Side("in", "in"), Side(f"out{_smallest_output(self.cell)}", "in"))
        return PAIR_SIDES if self.cell.kind == "pair" else DEVICE_SIDES

    @property
    def is_pair(self) -> bool:
        return len(self.sides) == 2

    @property
    def vth_name(self) -> str:
        """`delta_vth` for a pair, `vth` for a single device."""
        return "delta_vth" if self.is_pair else "vth"

    @cached_property
    def response(self) -> Response:
        """What the first unit's current does, at the operating point asked for."""
        chosen = self.settings
        current = chosen.i_square or _I_SQUARE_A
        target = ("gm_id", chosen.gm_id) if chosen.gm_id is not None else ("i_square", current)
        unit = self.unit
        return response(unit, self.unit_sigmas(unit), self.model, chosen.v_ds, target)

    @property
    def unit(self) -> Mos:
        """The first unit of the first side."""
        return _mos(self.units(self.sides[0])[0])

    def unit_sigmas(self, device: Mos) -> dict[str, float]:
        """Sigma of each random parameter of one unit."""
        terms = random_terms(device.device, device.w_um, device.l_um, device.nf, device.m, self.model)
        if self.settings.k_vth is None:
            return terms
        own = self.settings.k_vth / sqrt(device.w_um * device.l_um * device.m)
        return {"delvto" if self.model == DEFAULT_MODEL else "vth0": own}

    @property
    def sigma_vth_v(self) -> float:
        """Threshold sigma of the first unit, V: the drawn shift itself, or what vth0 and oxide make of it."""
        drawn = self.unit_sigmas(self.unit)
        return drawn["delvto"] if "delvto" in drawn else self.response.sigma_vth()

    def units(self, side: Side) -> list[FlatDevice]:
        """The transistors of a side. Raises InputError when it has none."""
        all_mos = [f for f in flat_devices(self.cell.circuit) if isinstance(f.device, Mos)]
        mine = [f for f in all_mos if f.nets["g"] == side.gate and side.drain in (f.nets["d"], f.nets["s"])]
        if not mine:
            raise InputError(
                f"{self.cell.name} has no transistor between pins {side.drain} and {side.gate}", field="name"
            )
        return mine

    def shares(self, side: Side) -> Array:
        """Each unit's share of the side's W/L, (units,)."""
        squares = np.array([_mos(f).w_um * _mos(f).m / _mos(f).l_um for f in self.units(side)])
        return squares / squares.sum()

    def scales(self, side: Side) -> Array:
        """Each unit's sigmas by those of the first unit of all, (units,)."""
        first = next(iter(self.unit_sigmas(self.unit).values()))
        return np.array([next(iter(self.unit_sigmas(_mos(f)).values())) / first for f in self.units(side)])

    def scale(self, side: Side) -> float:
        """Sigma of the side's mean deviation by that of the first unit."""
        return float(np.sqrt(np.sum((self.shares(side) * self.scales(side)) ** 2)))


def _mos(flat: FlatDevice) -> Mos:
    if not isinstance(flat.device, Mos):
        raise InputError(f"{flat.device.name} is no transistor", field="name")
    return flat.device


def _smallest_output(cell: Cell) -> int:
    """Number of the output of the fewest units, from 1."""
    outputs = getattr(cell.spec, "ratios", (1, 1))[1:]
    return 1 + min(range(len(outputs)), key=lambda k: outputs[k])
