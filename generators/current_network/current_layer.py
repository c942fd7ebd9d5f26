"""A layer of a network of currents: a soma at the end of each row of synapses, whose columns sum currents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.cells.current_mode.circuits import bit_lines
from analoom.cells.current_mode.current_soma import current_soma
from analoom.cells.current_mode.current_synapse import current_synapse
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.via_stack import draw_via_arrays
from analoom.cells.strip.draw import SUPPLY_USE
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import RAIL_NM
from analoom.generators.array.block_tree import block
from analoom.generators.memory.lanes import line_box
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2

from .circuits import layer_ports, soma_nets
from .layer_floor import LayerFloor
from .spec import CurrentLayerSpec


@register(CurrentLayerSpec, system="current_network", kind="current_layer", examples=[{"rows": 2, "cols": 1}])
def current_layer(spec: CurrentLayerSpec) -> Cell:
    """Rows of inputs with their somas, columns of outputs: each current in, by its weights, to currents out."""
    floor, name = LayerFloor(spec), cell_name("current_layer", spec)
    drawing, instances = Drawing(name), tuple(_instances(floor))
    circuit = Circuit(name, layer_ports(spec.rows, spec.cols), instances=tuple(i.place(drawing) for i in instances))
    for row in range(spec.rows):
        drawing.add(Layer.MET2, floor.word_box(row, 0, floor.soma.width))
    for net in (VSS, VDD):
        _supply(drawing, floor, net)
    for pin in _column_pins(floor):
        drawing.add(pin.layer, pin.box)
    pins = tuple(draw_pin(drawing, pin) for pin in _pins(floor))
    notes = _notes(floor, drawing.cell.bbox())
    return Cell(name, "current_layer", spec, drawing.cell, circuit, pins, instances, notes=notes)


def _instances(floor: LayerFloor) -> Iterator[Instance]:
    """A soma a row, and the synapses as one tree of blocks."""
    spec = floor.spec
    for row in range(spec.rows):
        trans = kdb.Trans(0, row * floor.pitch)
        yield Instance(f"soma{row}", current_soma(spec.soma), trans, soma_nets(row))
    array = block(current_synapse(spec.synapse), spec.rows, spec.cols)
    nets = {port: VDD if port.startswith(VDD) else port for port in array.circuit.ports}
    yield Instance("synapses", array, kdb.Trans(floor.soma.width, 0), nets)


def _supply(drawing: Drawing, floor: LayerFloor, net: str) -> None:
    """A lane, and every rail of its supply out to it."""
    lane = drawing.add(Layer.MET3, floor.lane(net, floor.bottom, floor.top))
    for y in floor.rail_y(net):
        bottom, top = y - RAIL_NM // 2, y + RAIL_NM // 2
        drawing.box(Layer.MET2, floor.right, bottom, lane.right, top)
        draw_via_arrays(drawing, Box(lane.left, bottom, lane.right, top), Layer.MET2, Layer.MET3)


def _pins(floor: LayerFloor) -> Iterator[Pin]:
    """Currents and word lines at the left, currents out at the top, bit lines and supplies at the bottom."""
    for row in range(floor.spec.rows):
        box = floor.input_box(row)
        yield Pin(f"iin{row}", Layer.MET4, Box(0, box.bottom, LINE_NM, box.top))
        yield Pin(f"wl{row}", Layer.MET2, floor.word_box(row, 0, VIA2.below.long_nm))
    yield from _column_pins(floor)
    for net in (VDD, VSS):
        yield Pin(net, Layer.MET3, floor.lane(net, floor.bottom, floor.bottom + LINE_NM), SUPPLY_USE[net])


def _column_pins(floor: LayerFloor) -> Iterator[Pin]:
    """Ends of the lines of met3, from the synapses to the edge."""
    for col in range(floor.spec.cols):
        yield Pin(f"iout{col}", Layer.MET3, line_box(floor.output_x(col), floor.height, floor.top))
    for col, bit, which, x in floor.bit_x():
        yield Pin(f"{bit_lines(bit)[which]}{col}", Layer.MET3, line_box(x, floor.bottom, 0))


def _notes(floor: LayerFloor, whole: Box) -> dict[str, Any]:
    """What a synapse and a soma take up, in um2, with their share of the rim for the whole."""
    spec = floor.spec
    return {
        "synapses": spec.rows * spec.cols,
        "synapse_area_um2": round(floor.synapse.width * floor.pitch / 1e6, 4),
        "soma_area_um2": round(floor.soma.width * floor.pitch / 1e6, 4),
        "area_per_synapse_um2": round(whole.area() / 1e6 / (spec.rows * spec.cols), 4),
        "unit_current_a": spec.unit_current,
    }
