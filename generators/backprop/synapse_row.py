"""The synapses of a neuron side by side: what they share runs through from edge to edge, inputs run up and down."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import klayout.db as kdb

from analoom.cells.backprop.backprop_synapse import backprop_synapse
from analoom.cells.backprop.network_rows import INPUT, SHARED, WEIGHT
from analoom.cells.backprop.network_sizes import BackpropSynapseSpec
from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name
from analoom.cells.strip.draw import SUPPLY_USE

from .circuits import SUPPLIES, row_ports, synapse_in_row


@cache
def synapse_row(spec: BackpropSynapseSpec, count: int) -> Cell:
    """`count` synapses; each input comes in from below and from above, a weight leaves above."""
    one = backprop_synapse(spec)
    assert one.fabric is not None, "a synapse has rails"
    pitch, name = one.fabric.pitch_nm[0], f"{cell_name('synapse_row', spec)}_{count}"
    drawing = Drawing(name)
    instances = tuple(Instance(f"s{i}", one, kdb.Trans(i * pitch, 0), synapse_in_row(i)) for i in range(count))
    circuit = Circuit(name, row_ports(count), (), tuple(instance.place(drawing) for instance in instances))
    pins = tuple(draw_pin(drawing, pin) for pin in _pins(one, count, pitch))
    return Cell(name, "synapse_row", spec, drawing.cell, circuit, pins, instances)


def _pins(one: Cell, count: int, pitch: int) -> Iterator[Pin]:
    of = {pin.name: pin for pin in one.pins}
    for i in range(count):
        for net in (*INPUT, WEIGHT):
            yield Pin(f"{net}{i}", of[net].layer, of[net].box.moved(i * pitch, 0))
    for net in (*SHARED, *SUPPLIES):
        box = of[net].box
        whole = Box(box.left, box.bottom, box.right + (count - 1) * pitch, box.top)
        yield Pin(net, of[net].layer, whole, SUPPLY_USE.get(net, "signal"))
