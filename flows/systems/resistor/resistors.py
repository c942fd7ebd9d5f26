"""What a cell of resistors holds: their pins, their numbers of units and the ratios that these make."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Res
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.binned_resistor import binned_resistor
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

Array = NDArray[np.float64]
BODY = "b"


@dataclass(frozen=True)
class Resistors:
    """`p[k]` and `n[k]` are the pins of resistor k; `share[k]` what it is of a unit, the ratios' own (resistors,)."""

    p: tuple[str, ...]
    n: tuple[str, ...]
    share: Array

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every two resistors."""
        return list(combinations(range(len(self.p)), 2))

    def ratio_errors(self, ohm: Array) -> Array:
        """Relative errors of the ratios of every two of `ohm` (..., resistors): (..., pairs)."""
        units = ohm / self.share
        first, second = (np.array(side, dtype=np.int64) for side in zip(*self.pairs, strict=True))
        return np.asarray(units[..., second] / units[..., first] - 1)


def resistors_of(cell: Cell) -> Resistors:
    """The resistors of a cell. Raises InputError for pins that are none of resistors."""
    numbers = sorted(int(port[1:]) for port in cell.circuit.ports if port[0] == "p" and port[1:].isdigit())
    p, n = (tuple(f"{end}{k}" for k in numbers) for end in "pn")
    if not numbers or not {*n, BODY} <= set(cell.circuit.ports):
        has = ", ".join(cell.circuit.ports)
        raise InputError(f"a cell of resistors needs the pins p1, n1, p2, n2, ... and b, not {has}", field="name")
    counts = np.array(getattr(cell.spec, "ratios", (1,) * len(numbers)), dtype=np.float64)
    in_parallel = getattr(cell.spec, "connect", "series") == "parallel"
    return Resistors(p, n, 1 / counts if in_parallel else counts)


def units_of(cell: Cell) -> list[FlatDevice]:
    """The units that are no dummies. Raises InputError for a cell without any."""
    found = [flat for flat in flat_devices(cell.circuit) if isinstance(flat.device, Res) and not _is_idle(flat)]
    if not found:
        raise InputError(f"{cell.name} holds no resistor", field="name")
    return found


def unit_of(cell: Cell) -> Res:
    """The device that all units are copies of. Raises InputError for units of several sizes."""
    devices = [flat.device for flat in units_of(cell)]
    sizes = {(d.device.name, d.w_um, d.l_um) for d in devices}
    if len(sizes) > 1 or not isinstance(devices[0], Res):
        raise InputError(f"{cell.name} holds units of {len(sizes)} sizes; ratios are of equal units", field="name")
    return devices[0]


def model_of(unit: Res, model: str) -> str:
    """The subcircuit of a unit in a family of models: those of the binned family are of a width."""
    if model == DEFAULT_MODEL:
        return unit.device.model
    return binned_resistor(unit.device, unit.w_um, unit.l_um).model


def nets_in_copy(flat: FlatDevice, tag: str) -> list[str]:
    """The nets of a unit in a copy of the cell: those of its pins and inside with a tag, the body at 0."""
    nets = (flat.nets[terminal] for terminal in flat.device.device.terminals)
    return ["0" if net == BODY else f"{net.replace('.', '_')}_{tag}" for net in nets]


def _is_idle(flat: FlatDevice) -> bool:
    return len(set(flat.nets.values())) == 1
