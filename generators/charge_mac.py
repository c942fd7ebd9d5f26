"""A charge-domain multiply-accumulate array: capacitors that add, switched by weights that are stored beside them."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.analog_switch import AnalogSwitchSpec, analog_switch
from analoom.cells.cell import Cell, Instance, Kind
from analoom.cells.circuit import Circuit
from analoom.cells.cmos_gates import VDD, VSS
from analoom.cells.draw import Drawing
from analoom.cells.registry import cell_name, register
from analoom.cells.weight_bit import CLOCKS, WeightBitSpec, weight_bit

from .block_tree import units_below
from .cap_array import CapArraySpec, cap_array
from .charge_mac_circuit import (
    SUPPLIES,
    SWITCH_CLOCKS,
    bit_nets,
    chain_nets,
    mac_ports,
    row_ports,
    tile_nets,
    tile_ports,
)
from .charge_mac_plan import BitGrid
from .charge_mac_spec import ChargeMacSpec


@register(ChargeMacSpec, kind=Kind.MAC)
def charge_mac(spec: ChargeMacSpec) -> Cell:
    """A charge-domain multiplier: outputs = weights x inputs, by capacitors that share one plate an output."""
    grid, name = _grid(spec), cell_name("charge_mac", spec)
    drawing = Drawing(name)
    ports = mac_ports(spec.inputs, spec.outputs)
    rows = tuple(_row_instance(spec, grid, j) for j in range(spec.outputs))
    circuit = Circuit(name, ports, instances=tuple(row.placed(drawing) for row in rows))
    return Cell(name, Kind.MAC, spec, drawing.cell, circuit, (), rows)


def shift_order(cell: Cell) -> list[tuple[int, int, int]]:
    """(output, input, bit) of every latch in the order of the shift chain, from din to dout."""
    spec = _spec(cell)
    return list(_grid(spec).order(spec.inputs, spec.outputs))


def weight_nodes(cell: Cell) -> Iterator[tuple[int, int, int, str, dict[str, str]]]:
    """(output, input, bit, path of its weight_bit, net of each port of that) of every stored bit."""
    for path, _, nets in units_below(cell, {port: port for port in cell.circuit.ports}):
        row, tile, leaf = [*path.split("."), "", ""][:3]
        if leaf.startswith("bit"):
            yield int(row[3:]), int(tile[1:]), int(leaf[3:]), path, nets


def _spec(cell: Cell) -> ChargeMacSpec:
    if not isinstance(cell.spec, ChargeMacSpec):
        raise TypeError(f"{cell.name} is no charge_mac")
    return cell.spec


def _grid(spec: ChargeMacSpec) -> BitGrid:
    return BitGrid(spec.bits, spec.bits, 1)


def _bit(spec: ChargeMacSpec, bit: int) -> Cell:
    """The cell of a bit: the sign always chooses between two inputs."""
    rest = spec.variant == "complementary" or bit == spec.sign
    return weight_bit_cell(WeightBitSpec(w=spec.w_select, l=spec.l, rest=rest))


_CELLS: dict[str, Cell] = {}


def weight_bit_cell(spec: WeightBitSpec) -> Cell:
    key = cell_name("weight_bit", spec)
    if key not in _CELLS:
        _CELLS[key] = weight_bit(spec)
    return _CELLS[key]


def switch_cell(spec: AnalogSwitchSpec) -> Cell:
    key = cell_name("analog_switch", spec)
    if key not in _CELLS:
        _CELLS[key] = analog_switch(spec)
    return _CELLS[key]


def _tile(spec: ChargeMacSpec, grid: BitGrid, *, start_left: bool) -> Cell:
    name = f"{cell_name('charge_mac', spec)}_tile{'r' if not start_left else ''}"
    if name in _CELLS:
        return _CELLS[name]
    drawing, instances = Drawing(name), list[Instance]()
    for row in range(grid.rows):
        from_left = start_left == (row % 2 == 0)
        for bit, d, q in chain_nets(grid, row, from_left=from_left):
            cell = _bit(spec, bit)
            rest = "c" in cell.circuit.ports
            instances.append(Instance(f"bit{bit}", cell, kdb.Trans(), bit_nets(grid, bit, (d, q), rest=rest)))
    caps = cap_array(CapArraySpec(weights=spec.weights, unit=spec.unit, dummies=False))
    instances.append(Instance("caps", caps, kdb.Trans(), {port: port for port in caps.circuit.ports}))
    circuit = Circuit(name, tile_ports(grid), instances=tuple(i.placed(drawing) for i in instances))
    _CELLS[name] = Cell(name, Kind.MACRO, spec, drawing.cell, circuit, (), tuple(instances))
    return _CELLS[name]


def _row(spec: ChargeMacSpec, grid: BitGrid, *, start_left: bool) -> Cell:
    name = f"{cell_name('charge_mac', spec)}_row{'r' if not start_left else ''}"
    if name in _CELLS:
        return _CELLS[name]
    drawing = Drawing(name)
    tile = _tile(spec, grid, start_left=start_left)
    instances = [
        Instance(f"t{i}", tile, kdb.Trans(), tile_nets(grid, i, spec.inputs, start_left=start_left))
        for i in range(spec.inputs)
    ]
    switch = switch_cell(AnalogSwitchSpec(w=spec.w_switch, l=spec.l, dummy=spec.dummies))
    reset = {"a": "vcm", "b": "top", "en": "rst", "enb": "rstb", VDD: VDD, VSS: VSS}
    sample = {"a": "top", "b": "out", "en": "smp", "enb": "smpb", VDD: VDD, VSS: VSS}
    instances.append(Instance("reset", switch, kdb.Trans(), reset))
    instances.append(Instance("sample", switch, kdb.Trans(), sample))
    circuit = Circuit(name, row_ports(spec.inputs), instances=tuple(i.placed(drawing) for i in instances))
    _CELLS[name] = Cell(name, Kind.MACRO, spec, drawing.cell, circuit, (), tuple(instances))
    return _CELLS[name]


def _row_instance(spec: ChargeMacSpec, grid: BitGrid, j: int) -> Instance:
    row = _row(spec, grid, start_left=grid.from_left(j, 0))
    shared = ("vcm", *SWITCH_CLOCKS, *CLOCKS, *SUPPLIES)
    nets = {port: port for port in row.circuit.ports if port in shared or port.startswith("x")}
    chain = ["din", *(f"c{k}" for k in range(1, spec.outputs)), "dout"]
    nets |= {"out": f"out{j}", "din": chain[j], "dout": chain[j + 1]}
    return Instance(f"row{j}", row, kdb.Trans(), nets)
