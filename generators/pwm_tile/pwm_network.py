"""A network of tiles of pulses: tiles side by side, the pulses out of each on straight lanes to the rows of the next.

Below the tiles runs a channel: each pulse out goes down into it, to the right on a lane of its own, and up again
between the tiles, to its row. Supplies and levels that all tiles share are joined there. Everything else, registers,
addresses and what steps in time, is a tile's own: layers are read one after another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET5

from .network_floor import NetworkFloor
from .network_nets import hidden_net, network_ports, tile_nets
from .network_spec import PwmNetworkSpec


@register(PwmNetworkSpec, system="pwm_tile", kind="pwm_network")
def pwm_network(spec: PwmNetworkSpec) -> Cell:
    """Pulses in, pulses out: tiles of weights from -7 to 7, each layer's pulses those into the next one.

    The longest pulse out is the answer. A pulse between layers can be seen at its pin.
    """
    floor, name = NetworkFloor(spec), cell_name("pwm_network", spec)
    drawing, instances = Drawing(name), tuple(_instances(floor))
    circuit = Circuit(name, network_ports(spec), instances=tuple(i.place(drawing) for i in instances))
    for layer in range(len(floor.tiles)):
        for pin in floor.tiles[layer].pins:
            _lead(drawing, floor, layer, pin)
    for net in floor.straps:
        _strap(drawing, floor, net)
    by_name = {pin.name: pin for pin in _pins(floor)}
    pins = tuple(draw_pin(drawing, by_name[port]) for port in network_ports(spec))
    areas = _areas(floor, drawing.cell.bbox().area() / 1e6)
    return Cell(
        name, "pwm_network", spec, drawing.cell, circuit, pins, instances, notes=_notes(spec, areas), areas_um2=areas
    )


def _instances(floor: NetworkFloor) -> Iterator[Instance]:
    for k, tile in enumerate(floor.tiles):
        yield Instance(f"layer{k}", tile, floor.place(k), tile_nets(floor.spec, k))


def _lead(drawing: Drawing, floor: NetworkFloor, layer: int, pin: Pin) -> None:
    """What leads a pin of a tile to the lower edge, or an output on to the next tile.

    Addresses end where their tile does: met3 up to a taller neighbour's edge would be an antenna to their gates.
    """
    box, net = floor.pin_box(layer, pin), tile_nets(floor.spec, layer)[pin.name]
    if floor.is_row(pin):
        if layer > 0:
            _row(drawing, floor, layer, pin)
    elif box.bottom == floor.channel:
        drawing.box(Layer.MET3, box.left, 0, box.right, box.top)
        if net in floor.lanes(layer):
            _out(drawing, floor, layer, net, box)


def _out(drawing: Drawing, floor: NetworkFloor, layer: int, net: str, box: Box) -> None:
    """A pulse out, from below its pin along its lane to the upright between the tiles."""
    x, y, upright = box.center().x, floor.lanes(layer)[net], floor.upright_x(layer + 1, floor.lane_of(net))
    drawing.box(Layer.MET4, x, y - LINE_NM // 2, upright, y + LINE_NM // 2)
    draw_stack(drawing, x, y, Layer.MET3, Layer.MET4)
    draw_stack(drawing, upright, y, Layer.MET3, Layer.MET4)


def _row(drawing: Drawing, floor: NetworkFloor, layer: int, pin: Pin) -> None:
    """A row of a later tile: from its upright, which comes from the channel, or for the bias from the upper edge."""
    box, row = floor.pin_box(layer, pin), floor.row_of(pin)
    x, y = floor.upright_x(layer, row), box.center().y
    draw_stack(drawing, x, y, Layer.MET3, Layer.MET4)
    left = _jump(drawing, floor.jump_x(layer), x, y) if floor.jumps else x
    drawing.box(Layer.MET4, left, y - LINE_NM // 2, box.right, y + LINE_NM // 2)
    bias = row == floor.spec.dims[layer]
    far = floor.top(layer) if bias else floor.lanes(layer - 1)[hidden_net(layer - 1, row)]
    drawing.box(Layer.MET3, x - LINE_NM // 2, min(y, far), x + LINE_NM // 2, max(y, far))


def _jump(drawing: Drawing, right: int, x: int, y: int) -> int:
    """Met5 from an upright to near its tile, over both of its pads, which lie on the grid of cuts. Where it ends."""
    for at in (x, right):
        draw_stack(drawing, at, y, Layer.MET4, Layer.MET5)
    half = MET5.width_nm // 2 + CUT_GRID_NM
    drawing.box(Layer.MET5, x - half, y - half, right + half, y + half)
    return right


def _strap(drawing: Drawing, floor: NetworkFloor, net: str) -> None:
    """A net that all tiles have, joined across the channel."""
    boxes, (bottom, top) = floor.leads(net), floor.straps[net]
    drawing.box(Layer.MET4, boxes[0].left, bottom, boxes[-1].right, top)
    for box in boxes:
        if net in (VDD, VSS):
            draw_via_arrays(drawing, Box(box.left, bottom, box.right, top), Layer.MET3, Layer.MET4)
        else:
            draw_stack(drawing, box.center().x, (bottom + top) // 2, Layer.MET3, Layer.MET4)


def _pins(floor: NetworkFloor) -> Iterator[Pin]:
    """Rows at the left, biases of later layers and addresses at the upper edge of each tile, all else below."""
    for layer, tile in enumerate(floor.tiles):
        nets = tile_nets(floor.spec, layer)
        for pin in tile.pins:
            box = floor.pin_box(layer, pin)
            if floor.is_row(pin):
                if layer == 0:
                    yield replace(pin, name=nets[pin.name], box=box)
                elif floor.row_of(pin) == floor.spec.dims[layer]:
                    x = floor.upright_x(layer, floor.row_of(pin))
                    at = Box(x - LINE_NM // 2, floor.top(layer) - LINE_NM, x + LINE_NM // 2, floor.top(layer))
                    yield Pin(nets[pin.name], Layer.MET3, at, "signal")
            elif box.bottom == floor.channel:
                if layer == 0 or nets[pin.name] not in floor.straps:
                    yield replace(pin, name=nets[pin.name], box=Box(box.left, 0, box.right, LINE_NM))
            else:
                yield replace(pin, name=nets[pin.name], box=box)


def _areas(floor: NetworkFloor, whole_um2: float) -> dict[str, float]:
    """Area by part of all tiles; what lies between them is wiring."""
    found: dict[str, float] = {}
    for tile in floor.tiles:
        for part, area in tile.areas_um2.items():
            found[part] = found.get(part, 0.0) + area
    found["wiring"] += whole_um2 - sum(found.values())
    return {part: round(area, 3) for part, area in found.items()}


def _notes(spec: PwmNetworkSpec, areas_um2: dict[str, float]) -> dict[str, Any]:
    weights = sum(tile.rows * tile.cols for tile in spec.layers)
    return {
        "weights": weights,
        "area_per_weight_um2": round(sum(areas_um2.values()) / weights, 4),
        "areas_um2": areas_um2,
        "unit_current_a": spec.unit_current,
    }
