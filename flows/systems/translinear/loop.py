"""The loop of a multiplier by its ports: which transistors it consists of, and what its codes ask for.

Ports: `ib` takes I_a, `ip` and `in` the input currents, `op` and `on` give the output currents, `c0`, `c1`, ... set the
ratio I_b/I_a = 0.5 + 0.5 code.
"""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.pdk.errors import InputError

BIAS, INPUTS, OUTPUTS = "ib", ("ip", "in"), ("op", "on")


def ratio_of(code: int) -> float:
    """I_b/I_a of a code: half a unit always, half a unit a step. Source: JNWSW_CM of JNW_SV_SKY130A (C. Wulff)."""
    return 0.5 + 0.5 * code


def bits_of(cell: Cell) -> int:
    """Number of code pins."""
    return sum(1 for port in cell.circuit.ports if port[0] == "c" and port[1:].isdigit())


def checked_code(cell: Cell, code: int, field: str) -> int:
    """`code` if the cell has it. Raises InputError."""
    most = 2 ** bits_of(cell) - 1
    if not 0 <= code <= most:
        raise InputError(f"{field} = {code}: must be 0 to {most}, the codes of {bits_of(cell)} bits", field=field)
    return code


def input_devices(cell: Cell) -> tuple[FlatDevice, FlatDevice]:
    """The two transistors that turn the input currents into voltages, of `ip` and of `in`. Raises InputError."""

    def of(net: str) -> FlatDevice:
        return _only(cell, [f for f in flat_devices(cell.circuit) if net in _channel(f) and f.nets["g"] != BIAS])

    return of(INPUTS[0]), of(INPUTS[1])


def output_devices(cell: Cell) -> tuple[FlatDevice, FlatDevice]:
    """The two transistors that the input nets drive, of `ip` and of `in`. Raises InputError."""

    def of(net: str) -> FlatDevice:
        driven = [f for f in flat_devices(cell.circuit) if f.nets.get("g") == net]
        return _only(cell, [f for f in driven if _channel(f) & set(OUTPUTS)])

    return of(INPUTS[0]), of(INPUTS[1])


def point_name(flat: FlatDevice) -> str:
    """The device's name in a table of operating points, whatever the view (see `plain`)."""
    return flat.word


def plain(shown: str) -> str:
    """A name of an operating point table as `point_name` writes it."""
    return shown.replace(".", "_")


def squares(flat: FlatDevice) -> float:
    """W/L."""
    device = flat.device
    return device.w_um * device.m / device.l_um


def is_p(flat: FlatDevice) -> bool:
    """Whether a transistor is a p one."""
    return isinstance(flat.device, Mos) and flat.device.device.is_p


def _channel(flat: FlatDevice) -> set[str]:
    """The nets at both ends of the channel; none for a device that is shorted (a dummy) or no transistor."""
    if not isinstance(flat.device, Mos):
        return set()
    ends = {flat.nets["d"], flat.nets["s"]}
    return ends if len(ends) == 2 else set()


def _only(cell: Cell, found: list[FlatDevice]) -> FlatDevice:
    if len(found) != 1:
        raise InputError(f"{cell.name} has {len(found)} loop transistors where one is expected", field="name")
    return found[0]
