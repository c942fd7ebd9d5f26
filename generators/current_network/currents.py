"""The wires of the currents on met4: into the somas from the left edge or from the columns of the layer before.

An output leaves its column on the row of the soma that it goes to, so the crossings lie on a diagonal and no channel is
needed; outputs beyond the rows of their layer go on above it. Biases come down from the upper edge.
"""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.generators.memory.lanes import line_box
from analoom.pdk.layers import Layer

from .floor import NetworkFloor


def draw_currents(drawing: Drawing, floor: NetworkFloor) -> None:
    """Wires of all inputs, outputs and biases."""
    for row in range(floor.spec.dims[0]):
        drawing.add(Layer.MET4, _level(floor, row, floor.left, 0))
    for k, layer in enumerate(floor.layers):
        _bias(drawing, floor, k)
        for col in range(layer.spec.cols):
            _output(drawing, floor, k, col)


def current_pins(floor: NetworkFloor) -> Iterator[Pin]:
    """Inputs at the left edge, outputs at the right one, biases at the upper one."""
    for row in range(floor.spec.dims[0]):
        yield Pin(f"in{row}", Layer.MET4, _level(floor, row, floor.left, floor.left + LINE_NM))
    for k in range(len(floor.layers)):
        yield Pin(f"bias{k}", Layer.MET3, line_box(floor.bias_x(k), floor.top - LINE_NM, floor.top))
    for col in range(floor.spec.dims[-1]):
        yield Pin(f"out{col}", Layer.MET4, _level(floor, col, floor.right - LINE_NM, floor.right))


def _level(floor: NetworkFloor, row: int, left: int, right: int) -> Box:
    """Met4 on the level of a row's input."""
    box = floor.layers[0].input_box(row)
    return Box(left, box.bottom, right, box.top)


def _output(drawing: Drawing, floor: NetworkFloor, k: int, col: int) -> None:
    """From a column to the soma of the next layer, or to the edge."""
    layer, is_last = floor.layers[k], k == len(floor.layers) - 1
    x, y = floor.layer_x[k] + layer.output_x(col), floor.layers[0].input_y(col)
    if y > layer.top:
        drawing.add(Layer.MET3, line_box(x, layer.top, y + LINE_NM // 2))
    draw_stack(drawing, x, y, Layer.MET3, Layer.MET4)
    drawing.add(Layer.MET4, _level(floor, col, x - LINE_NM // 2, floor.right if is_last else floor.layer_x[k + 1]))


def _bias(drawing: Drawing, floor: NetworkFloor, k: int) -> None:
    """From the upper edge down to the last soma of a layer."""
    x, row = floor.bias_x(k), floor.layers[k].spec.rows - 1
    y = floor.layers[0].input_y(row)
    drawing.add(Layer.MET3, line_box(x, y - LINE_NM // 2, floor.top))
    draw_stack(drawing, x, y, Layer.MET3, Layer.MET4)
    drawing.add(Layer.MET4, _level(floor, row, x - LINE_NM // 2, floor.layer_x[k]))
