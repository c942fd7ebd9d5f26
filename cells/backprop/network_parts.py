"""The drawn parts of a network that trains itself: synapse, neuron, error amplifier, back multiplier, bias."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from analoom.cells.model.cell import Cell, MatchGroup, Pin, draw_pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.model.registry import cell_name
from analoom.cells.parts.via_stack import cut_box, draw_stack
from analoom.cells.rows.draw import draw_rows
from analoom.cells.rows.plan import RowsPlan
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TRACK_NM
from analoom.cells.synapse.storage_cap import TAB_VIA_NM, draw_storage_cap
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import MET3, VIA2, VIA3

from .drawn import Channels, drawn_cell
from .network_circuits import back_circuit, bias_circuit, error_circuit, neuron_circuit, synapse_circuit
from .network_rows import (
    INPUT,
    LEFT_OF_CAP_NM,
    WEIGHT,
    back_rows,
    bias_rows,
    error_rows,
    input_x,
    neuron_rows,
    synapse_rows,
)
from .network_sizes import (
    BackpropBackSpec,
    BackpropErrorSpec,
    BackpropNeuronSpec,
    BackpropSizes,
    BackpropSynapseSpec,
)

LINE_PAST_NM = VIA2.above.around_nm
STACK_X_NM, STACK_NM = 255, 360
"""Middle and width of the met3 between the rail of vss and a capacitor's top plate."""


def _unmatched(channels: Channels) -> tuple[MatchGroup, ...]:
    """Parts of a network are wired over: what has to match is said of the parts alone."""
    return ()


def draw_synapse(spec: BackpropSynapseSpec) -> Cell:
    """Forward and update cell below the capacitor of the weight, whose top plate is on the rail of vss."""
    name, rows = cell_name("backprop_synapse", spec), synapse_rows(spec)
    plan, drawing = RowsPlan(rows), Drawing(name)
    drawn = draw_rows(drawing, plan)
    found = [*drawn.pins, _capacitor(drawing, plan, spec), *_inputs(drawing, plan, spec)]
    pins = {pin.name: draw_pin(drawing, pin) for pin in found}
    circuit = synapse_circuit(name, spec)
    fabric = Fabric((plan.width, plan.height), rails_nm={VSS: AXIS_NM, VDD: plan.top})
    ordered = tuple(pins[port] for port in circuit.ports)
    return Cell(name, "backprop_synapse", spec, drawing.cell, circuit, ordered, fabric=fabric)


def _capacitor(drawing: Drawing, plan: RowsPlan, spec: BackpropSizes) -> Pin:
    """The weight's capacitor: its bottom plate on the highest track of `w` by a via beside it, its top plate on the
    rail of vss by a stack at the left edge; returns the pin of the weight, which is met3 up from that via."""
    w, h = to_nm("w_cap", spec.w_cap), to_nm("l_cap", spec.l_cap)
    track = next(t for t in reversed(plan.tracks) if t.net == WEIGHT)
    bottom = (AXIS_NM + plan.top - h) // 2 // CUT_GRID_NM * CUT_GRID_NM
    capm = Box(LEFT_OF_CAP_NM, bottom, LEFT_OF_CAP_NM + w, bottom + h)
    x = snap_up(capm.right + TAB_VIA_NM, CUT_GRID_NM)
    drawing.add(Layer.MET2, track_box(min(track.right, x) - TRACK_NM, max(x, track.left) + TRACK_NM, track.y))
    met4 = drawing.add(Layer.MET4, draw_storage_cap(drawing, capm, x, track.y))
    drawing.add(Layer.VIA2, cut_box(VIA2.size, x, track.y))
    draw_stack(drawing, STACK_X_NM, AXIS_NM, Layer.MET1, Layer.MET4)
    side = VIA3.above.short_nm // 2
    drawing.box(Layer.MET4, STACK_X_NM - side, AXIS_NM - side, met4.left + 2 * side, met4.bottom + 2 * side)
    low = AXIS_NM - snap_up(MET3.area_nm2 / STACK_NM, CUT_GRID_NM) // 2
    drawing.box(Layer.MET3, STACK_X_NM - STACK_NM // 2, low, STACK_X_NM - STACK_NM // 2 + STACK_NM, 2 * AXIS_NM - low)
    return Pin(WEIGHT, Layer.MET3, drawing.add(Layer.MET3, _line(x, track.y, plan.top + RAIL_NM // 2)))


def _inputs(drawing: Drawing, plan: RowsPlan, spec: BackpropSizes) -> Iterator[Pin]:
    """The lines of the input, from edge to edge, each on its track."""
    for net, x in zip(INPUT, input_x(spec), strict=True):
        track = next(t for t in plan.tracks if t.net == net)
        drawing.add(Layer.VIA2, cut_box(VIA2.size, x, track.y))
        line = _line(x, AXIS_NM - RAIL_NM // 2, plan.top + RAIL_NM // 2)
        yield Pin(net, Layer.MET3, drawing.add(Layer.MET3, line))


def _line(x: int, bottom: int, top: int) -> Box:
    """Met3 upright, as wide as its via asks."""
    cut = cut_box(VIA2.size, x, bottom)
    return Box(cut.left - LINE_PAST_NM, bottom, cut.right + LINE_PAST_NM, top)


def draw_neuron(spec: BackpropNeuronSpec) -> Cell:
    """Load, sigmoid, bump and what stops teaching."""
    name = cell_name("backprop_neuron", spec)
    return drawn_cell(spec, name, "backprop_neuron", neuron_circuit(name, spec), neuron_rows(spec), _unmatched)


def draw_error(spec: BackpropErrorSpec) -> Cell:
    """The error amplifier of an output."""
    name = cell_name("backprop_error", spec)
    return drawn_cell(spec, name, "backprop_error", error_circuit(name, spec), error_rows(spec), _unmatched)


def draw_back(spec: BackpropBackSpec) -> Cell:
    """What brings errors back to a hidden neuron."""
    name = cell_name("backprop_back", spec)
    return drawn_cell(spec, name, "backprop_back", back_circuit(name, spec), back_rows(spec), _unmatched)


@cache
def bias(spec: BackpropSizes) -> Cell:
    """The diodes of bias and teach."""
    name = cell_name("backprop_bias", spec)
    return drawn_cell(spec, name, "backprop_bias", bias_circuit(name, spec), bias_rows(spec), _unmatched)
