"""The mirrors of a cell by their gate net: which transistors they have, and how many units drain into each net."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.pdk.errors import InputError


@dataclass(frozen=True)
class MirrorParts:
    """One unit of a mirror, and the number of units on each drain net; the input's net is the gates' own."""

    gate: str
    unit: Mos
    units: dict[str, int]

    @property
    def reference(self) -> int:
        """Units of the input."""
        return self.units[self.gate]

    @property
    def is_p(self) -> bool:
        """Whether its outputs source."""
        return self.unit.device.is_p

    @property
    def squares(self) -> float:
        """W/L of one unit."""
        return self.unit.w_um / self.unit.l_um


def mirror_parts(cell: Cell, gate: str) -> MirrorParts:
    """The mirror whose gates lie on the net `gate`. Raises InputError where there is none, or no diode."""
    found = [f for f in flat_devices(cell.circuit) if f.nets.get("g") == gate and f.nets["d"] != f.nets["s"]]
    devices = {f.nets["d"]: f.device for f in found if isinstance(f.device, Mos)}
    if gate not in devices:
        raise InputError(f"{cell.name} has no mirror with its input on {gate}", field="name")
    unit = replace(devices[gate], m=1)
    return MirrorParts(gate, unit, {net: device.m for net, device in devices.items()})
