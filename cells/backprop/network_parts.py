"""The drawn parts of a network that trains itself: synapse, neuron, error amplifier, back multiplier, bias."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.model.cell import Cell, MatchGroup, Pin, draw_pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.model.registry import cell_name
from analoom.cells.parts.via_stack import cut_box, draw_stack
from analoom.cells.rows.chains import OWN_FRAME, Frame, Rows
from analoom.cells.rows.draw import draw_rows
from analoom.cells.rows.plan import RowsPlan
from analoom.cells.rows.taps import require_taps
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, VIA_END_NM
from analoom.cells.synapse.storage_cap import draw_storage_cap
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import MET3, VIA, VIA2, VIA3

from .drawn import Channels, drawn_cell
from .network_circuits import back_circuit, error_circuit, neuron_circuit, synapse_circuit
from .network_rows import (
    GROUND,
    INPUT,
    LEFT_OF_CAP_NM,
    WEIGHT,
    back_rows,
    error_rows,
    input_x,
    neuron_rows,
    synapse_rows,
    weight_x,
)
from .network_sizes import (
    BackpropBackSpec,
    BackpropErrorSpec,
    BackpropNeuronSpec,
    BackpropSizes,
    BackpropSynapseSpec,
)

LINE_PAST_NM = VIA2.above.around_nm
STACK_NM = 360
"""Width of the met3 below what a capacitor's top plate is joined to."""


def _unmatched(channels: Channels) -> tuple[MatchGroup, ...]:
    """Parts of a network are wired over: what has to match is said of the parts alone."""
    return ()


def draw_synapse(spec: BackpropSynapseSpec) -> Cell:
    """Forward and update cell below the capacitor of the weight, whose top plate is on vss."""
    return synapse_of(cell_name("backprop_synapse", spec), spec, synapse_rows(spec), OWN_FRAME)


def synapse_of(name: str, spec: BackpropSizes, rows: Rows, frame: Frame) -> Cell:
    """A synapse of the given rows: its input on lines of met3 where these reach them."""
    plan, drawing = RowsPlan(rows, frame), Drawing(name)
    require_taps(spec, plan.from_taps_nm)
    found = [*draw_rows(drawing, plan).pins]
    weight = _capacitor(drawing, plan, spec)
    found += [weight] * (WEIGHT not in rows.ports)
    found += _inputs(drawing, plan, spec) if INPUT[0] in rows.reach else ()
    pins = {pin.name: draw_pin(drawing, pin) for pin in found}
    circuit = synapse_circuit(name, spec)
    fabric = Fabric((plan.width, plan.height), rails_nm={VSS: AXIS_NM, VDD: plan.top})
    ordered = tuple(pins[port] for port in circuit.ports)
    return Cell(name, "backprop_synapse", spec, drawing.cell, circuit, ordered, fabric=fabric)


def _capacitor(drawing: Drawing, plan: RowsPlan, spec: BackpropSizes) -> Pin:
    """The weight's capacitor: its bottom plate on the leaving track of `w` by a via beside it, its top plate on the
    source of the update cell's tail; returns the pin of the weight: met3 from that via
    up to the edge, or over the via alone beside what has common tracks."""
    w, h = to_nm("w_cap", spec.w_cap), to_nm("l_cap", spec.l_cap)
    track = plan.leaving_track(WEIGHT)
    assert track is not None, "a weight has a track"
    bottom = (AXIS_NM + plan.top - h) // 2 // CUT_GRID_NM * CUT_GRID_NM
    capm = Box(LEFT_OF_CAP_NM, bottom, LEFT_OF_CAP_NM + w, bottom + h)
    x = weight_x(spec)
    met4 = drawing.add(Layer.MET4, draw_storage_cap(drawing, capm, x, track.y))
    drawing.add(Layer.VIA2, cut_box(VIA2.size, x, track.y))
    _ground(drawing, plan, met4)
    top = track.y + snap_up(VIA2.above.long_nm, 2 * CUT_GRID_NM) // 2 if plan.rows.lines else plan.top + RAIL_NM // 2
    return Pin(WEIGHT, Layer.MET3, drawing.add(Layer.MET3, line_box(x, track.y, top)))


def _ground(drawing: Drawing, plan: RowsPlan, met4: Box) -> None:
    """Joins the met4 over a top plate to vss by a stack above the source of the update cell's tail."""
    row, number = GROUND
    band = plan.bands[row]
    x, middle_y = next((t.x, (t.bottom + t.top) // 2) for t in band.terminals if t.net == VSS)
    y, half = band.tracks_y[number], VIA.below.short_nm // 2
    drawing.box(Layer.MET1, x - half, middle_y, x - half + VIA.below.short_nm, y + VIA_END_NM)
    drawing.add(VIA.cut, cut_box(VIA.size, x, y))
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET4, ends="h")
    middle = cut_box(VIA3.size, x, y).center()
    high = snap_up(MET3.area_nm2 / STACK_NM, 2 * CUT_GRID_NM)
    drawing.add(Layer.MET3, Box(-STACK_NM // 2, -high // 2, STACK_NM // 2, high // 2).moved(middle.x, middle.y))
    side = VIA3.above.short_nm // 2
    drawing.add(Layer.MET4, Box(middle.x - side, middle.y - side, met4.left + 2 * side, middle.y + side))
    low, high = min(middle.y - side, met4.bottom), max(middle.y + side, met4.top)
    drawing.add(Layer.MET4, Box(met4.left, low, met4.left + 2 * side, high))


def _inputs(drawing: Drawing, plan: RowsPlan, spec: BackpropSizes) -> Iterator[Pin]:
    """The lines of the input, from edge to edge, each on its track."""
    for net, x in zip(INPUT, input_x(spec), strict=True):
        track = next(t for t in plan.tracks if t.net == net)
        drawing.add(Layer.VIA2, cut_box(VIA2.size, x, track.y))
        line = line_box(x, AXIS_NM - RAIL_NM // 2, plan.top + RAIL_NM // 2)
        yield Pin(net, Layer.MET3, drawing.add(Layer.MET3, line))


def line_box(x: int, bottom: int, top: int) -> Box:
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
