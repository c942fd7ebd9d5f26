"""The transistors that a synapse's read current flows through, from its column on over the nets inside."""

from __future__ import annotations

from collections.abc import Mapping

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.pdk.errors import InputError


def read_transistors(synapse: Cell) -> list[FlatDevice]:
    """The transistors between the column and the synapse's other lines, in the circuit's order.

    Raises InputError when none has its gate on the stored node, and for a gate or bulk on a net inside, whose voltage
    the read does not say.
    """
    reading = synapse.require_reading()
    transistors = [flat for flat in flat_devices(synapse.circuit) if isinstance(flat.device, Mos)]
    held = {*synapse.circuit.ports, reading.stored}
    found = _reached(transistors, reading.column, held)
    if not any(flat.nets["g"] == reading.stored for flat in found):
        said = f"{synapse.name} has no transistor with its gate on {reading.stored} that leads to {reading.column}"
        raise InputError(said, field="name")
    for flat in found:
        loose = {flat.nets[t] for t in ("g", "b")} - held
        if loose:
            said = f"{synapse.name}: {flat.device.name} reads with gate or bulk on {loose.pop()}, which the cell drives"
            raise InputError(f"{said}; its mismatch is not known", field="name")
    return found


def is_chain(synapse: Cell) -> bool:
    """Whether one transistor alone leads to the column: all others are in series with it, or there are none."""
    column = synapse.require_reading().column
    return sum(column in _ends(flat) for flat in read_transistors(synapse)) == 1


def own_nets(synapse: Cell, flat: FlatDevice, copy: int, more: tuple[str, ...] = ()) -> Mapping[str, str]:
    """Nets by terminal of a copy: its own column, nets inside and `more`, other lines shared by all copies."""
    reading = synapse.require_reading()
    shared = {*synapse.circuit.ports, reading.stored} - {reading.column, *more}
    return {t: n if n in shared else f"{n}_{copy}" for t, n in flat.nets.items()}


def _reached(transistors: list[FlatDevice], column: str, held: set[str]) -> list[FlatDevice]:
    nets, found = {column}, list[FlatDevice]()
    while more := [flat for flat in transistors if flat not in found and _ends(flat) & nets]:
        found += more
        nets |= {net for flat in more for net in _ends(flat)} - held
    return [flat for flat in transistors if flat in found]


def _ends(flat: FlatDevice) -> set[str]:
    return {flat.nets["d"], flat.nets["s"]}
