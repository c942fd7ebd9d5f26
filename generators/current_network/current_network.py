"""A network of currents: layer after layer, with the drivers that write all their weights through one register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.cells.current_mode.circuits import BITS
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.via_stack import draw_via_arrays
from analoom.cells.strip.draw import SUPPLY_USE
from analoom.cells.strip.sizes import RAIL_NM
from analoom.pdk.layers import Layer

from .circuits import layer_nets, network_ports
from .columns import column_drivers, column_pins, draw_columns
from .current_layer import current_layer
from .currents import current_pins, draw_currents
from .floor import SUPPLIES, NetworkFloor
from .spec import CurrentNetworkSpec
from .words import address_pins, draw_words, word_drivers


@register(CurrentNetworkSpec, system="current_network", kind="current_network", examples=[{"dims": [1, 1]}])
def current_network(spec: CurrentNetworkSpec) -> Cell:
    """Currents in, currents out: layers of weights from -7 to 7, written by address and held beside their units.

    An output is the sum of its synapses' currents, out of the pin where it is positive; whoever reads it holds the pin
    near the gate voltage of a soma, and the largest is the answer.
    """
    floor, name = NetworkFloor(spec), cell_name("current_network", spec)
    drawing, instances = Drawing(name), tuple(_instances(floor))
    circuit = Circuit(name, network_ports(spec), instances=tuple(i.place(drawing) for i in instances))
    draw_columns(drawing, floor)
    draw_words(drawing, floor)
    draw_currents(drawing, floor)
    for net in SUPPLIES:
        _supply(drawing, floor, net)
    pins = tuple(draw_pin(drawing, pin) for pin in _pins(floor))
    areas = _areas(floor, drawing.cell.bbox().area() / 1e6)
    notes = _notes(spec, areas)
    return Cell(name, "current_network", spec, drawing.cell, circuit, pins, instances, notes=notes, areas_um2=areas)


def _instances(floor: NetworkFloor) -> Iterator[Instance]:
    spec = floor.spec
    for k, (x, layer) in enumerate(zip(floor.layer_x, spec.layers, strict=True)):
        yield Instance(f"layer{k}", current_layer(layer), kdb.Trans(x, 0), layer_nets(spec, k))
    yield from column_drivers(floor)
    yield from word_drivers(floor)


def _supply(drawing: Drawing, floor: NetworkFloor, net: str) -> None:
    """The lane at the left edge, the layers' lanes on down, and the rails of all drivers to them."""
    lane = drawing.add(Layer.MET3, floor.supply_lane(net))
    others = [drawing.add(Layer.MET3, floor.layer_lane(k, net)) for k in range(len(floor.layers))]
    for y in floor.fold_rail_y(net):
        _rail(drawing, lane, 0, y)
        for other in others:
            _join(drawing, other, y)
    for row in range(floor.spec.rows):
        _rail(drawing, lane, floor.words_left, floor.word_rail_y(net, row))


def _rail(drawing: Drawing, lane: Box, right: int, y: int) -> None:
    drawing.box(Layer.MET1, lane.left, y - RAIL_NM // 2, right, y + RAIL_NM // 2)
    _join(drawing, lane, y)


def _join(drawing: Drawing, lane: Box, y: int) -> None:
    draw_via_arrays(drawing, Box(lane.left, y - RAIL_NM // 2, lane.right, y + RAIL_NM // 2), Layer.MET1, Layer.MET3)


def _pins(floor: NetworkFloor) -> Iterator[Pin]:
    yield from current_pins(floor)
    yield from address_pins(floor)
    yield from column_pins(floor)
    for net in SUPPLIES:
        lane = floor.supply_lane(net)
        yield Pin(net, Layer.MET3, Box(lane.left, lane.bottom, lane.right, lane.bottom + LINE_NM), SUPPLY_USE[net])


def _areas(floor: NetworkFloor, whole_um2: float) -> dict[str, float]:
    """Area by part at its pitch; the rest, lanes, rims and what the layers leave free, is wiring."""
    layers, folds = floor.layers, len(BITS) * floor.driver.height
    parts = {
        "synapses": sum(a.spec.rows * a.spec.cols * a.synapse.width * a.pitch for a in layers) / 1e6,
        "somas": sum(a.spec.rows * a.soma.width * a.pitch for a in layers) / 1e6,
        "column drivers": sum(a.spec.cols for a in layers) * floor.driver.width * folds / 1e6,
        "word drivers": floor.spec.rows * floor.word_plan.width * floor.word_plan.height / 1e6,
    }
    parts["wiring"] = whole_um2 - sum(parts.values())
    return {part: round(area, 3) for part, area in parts.items()}


def _notes(spec: CurrentNetworkSpec, areas_um2: dict[str, float]) -> dict[str, Any]:
    """How many weights there are, and what each takes up with its share of all, in um2."""
    weights = sum(layer.rows * layer.cols for layer in spec.layers)
    return {
        "weights": weights,
        "area_per_weight_um2": round(sum(areas_um2.values()) / weights, 4),
        "areas_um2": areas_um2,
        "unit_current_a": spec.unit_current,
    }
