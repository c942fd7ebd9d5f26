"""A synapse as training sees it: two transistors that drive one column from a row and from its negative.

The weight moves both gates: together where one node drives an n and a p transistor, against each other where two
2T1C cells make a pair, one on each row line.
"""

from __future__ import annotations

from dataclasses import dataclass

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.systems.crossbar.solver.cells import ReadDevice, read_devices
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

REST_V = VDD_V / 2
"""Where rows and columns rest."""

MIDDLE_V = 1.5
"""Gates of a pair of n transistors with a weight of zero: they pass 1 uS at 1.47 V and cannot go beyond the supply."""


@dataclass(frozen=True)
class Pair:
    """`first` hangs on the row that moves with the signal, `second` on the one against it, V to ground. A gate is at
    `gates_v` plus its sign times the weight; the weight lies within `weights_v`. `tied`: one gate drives both."""

    name: str
    first: ReadDevice
    second: ReadDevice
    gates_v: tuple[float, float]
    signs: tuple[float, float]
    weights_v: tuple[float, float]

    @property
    def devices(self) -> tuple[ReadDevice, ReadDevice]:
        return self.first, self.second

    @property
    def tied(self) -> bool:
        return self.signs[0] == self.signs[1]

    @property
    def middle_v(self) -> float:
        """The weight half way."""
        return sum(self.weights_v) / 2


def pair_of(synapse: Cell) -> Pair:
    """The pair that a synapse is, or two of it make. Raises InputError for one that is read otherwise."""
    reading = synapse.require_reading()
    devices = read_devices(synapse, reading)
    signs = [reading.inputs[device.line].sign for device in devices]
    if sorted(signs) == [-1.0, 1.0]:
        first, second = (devices[signs.index(sign)] for sign in (1.0, -1.0))
        return Pair(synapse.name, first, second, (0.0, 0.0), (1.0, 1.0), reading.weights_v)
    if signs == [1.0] and _on_ground(devices[0]):
        reach = VDD_V - MIDDLE_V
        return Pair(synapse.name, devices[0], devices[0], (MIDDLE_V, MIDDLE_V), (-1.0, 1.0), (-reach, reach))
    said = f"{synapse.name} is neither an n and a p transistor with one gate nor one n transistor"
    raise InputError(said, field="synapse", remedy="train synapse_cs or synapse_2t1c")


def _on_ground(read: ReadDevice) -> bool:
    device: Mos = read.device
    return not device.device.is_p and read.bulk_v == 0.0
