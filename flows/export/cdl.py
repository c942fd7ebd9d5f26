"""The CDL netlist of a cell, for layout-versus-schematic tools: ports with their directions, devices with their sizes.

Devices are X lines of the PDK's subcircuits, as its netgen setup wants them: it matches no M line with an extracted
transistor. `w` and `l` in um, `w` the total of all fingers; what only a simulation uses (junction areas) is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit, Device, Diode, Mos, fold_line, junction_size
from analoom.flows.files.outputs import write_whole

from .port_names import ports_of

LETTERS = {"input": "I", "output": "O", "inout": "B"}
"""Directions in a PININFO line."""


def cdl_text(cell: Cell) -> str:
    """The whole hierarchy of `cell` as CDL, subcircuits before their use. Raises InputError for odd names."""
    ways = {port.name: LETTERS[port.direction] for port in ports_of(cell)}
    below = [_subckt(circuit, {}) for circuit in cell.circuit.children()]
    return "\n".join([f"* {cell.name}", "", *below, _subckt(cell.circuit, ways)])


def write_cdl(cell: Cell, path: Path) -> Path:
    """Writes the CDL of `cell`."""
    return write_whole(path, cdl_text(cell))


def _subckt(circuit: Circuit, ways: Mapping[str, str]) -> str:
    """Ports of circuits below go both ways: what drives them is told where they are used."""
    head, ports = fold_line([".SUBCKT", circuit.name, *circuit.ports]), circuit.ports
    info = [
        f"*.PININFO {' '.join(port + ':' + ways.get(port, 'B') for port in ports[k : k + 8])}"
        for k in range(0, len(ports), 8)
    ]
    body = [_device(device) for device in circuit.devices]
    calls = [instance.spice() for instance in circuit.instances]
    return "\n".join([head, *info, *body, *calls, f".ENDS {circuit.name}", ""])


def _device(device: Device) -> str:
    nets = [device.nets[terminal] for terminal in device.device.terminals]
    if isinstance(device, Diode):
        return fold_line([f"X{device.name}", *nets, device.device.model, junction_size(device), f"m={device.m}"])
    sizes = [f"w={device.w_um:.10g}", f"l={device.l_um:.10g}"]
    fingers = [f"nf={device.nf}"] if isinstance(device, Mos) else []
    return fold_line([f"X{device.name}", *nets, device.device.model, *sizes, *fingers, f"m={device.m}"])
