"""Which transistors of a drawn network are its somas' and synapses', and under which names: by the nets they are on.

The drawn array is a tree of blocks, so a synapse's path says nothing of its row. The line of gates and the column that
it reaches do, and give it the name that it has in the circuit written as a plain double loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analoom.cells.current_mode.circuits import BITS, bit_node
from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices

Path = tuple[str, ...]
STORED = frozenset(bit_node(bit) for bit in BITS)
"""Last names of the nets that latches hold."""
_GATED, _OUT = "p0_0", "switch0"
"""The transistors of a synapse whose gate is on its row's line, and whose source is on its column."""


@dataclass(frozen=True)
class DrawnDevices:
    """`names`: (layer, soma or synapse) by path; `flat`: their transistors, in the order of the drawn circuit."""

    names: dict[Path, tuple[str, str]]
    flat: tuple[FlatDevice, ...]

    @classmethod
    def of(cls, cell: Cell) -> DrawnDevices:
        """Of a network; latches and drivers are left out."""
        every = list(flat_devices(cell.circuit))
        rows = {d.path: d.nets["g"].rpartition("vp")[2] for d in every if d.device.name == _GATED}
        columns = {d.path: _number(d.nets["s"]) for d in every if d.device.name == _OUT}
        names = {path: (path[0], f"w{row}_{columns[path]}") for path, row in rows.items()}
        names |= {(layer, part): (layer, part) for layer, part in _somas(every)}
        return cls(names, tuple(d for d in every if d.path in names))

    @property
    def nets(self) -> set[str]:
        """The nets that move: all that they are on but stored bits."""
        return {net for d in self.flat for net in d.nets.values() if not is_stored(net)}

    def word(self, flat: FlatDevice) -> str:
        """The name of a transistor in the plain circuit, as one word."""
        return "_".join([*self.names[flat.path], flat.device.name])


def is_stored(net: str) -> bool:
    """Whether a net, by its dotted path, is a bit that a latch holds."""
    *path, last = net.split(".")
    return bool(path) and last in STORED


def _somas(every: list[FlatDevice]) -> Iterator[tuple[str, str]]:
    for path in dict.fromkeys(d.path for d in every):
        if len(path) == 2 and path[-1].startswith("soma"):
            yield path[0], path[1]


def _number(net: str) -> str:
    """Of an output, or of an input of the next layer: `out3`, `x1_3`."""
    return net.rpartition("_")[2].removeprefix("out")
