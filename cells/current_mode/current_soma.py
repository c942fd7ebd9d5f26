"""A soma of a network of currents: what comes in is rectified and copied to the gates of a row of synapses."""

from __future__ import annotations

from analoom.cells.model.cell import Cell, draw_pin
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.model.registry import cell_name, register
from analoom.cells.strip.gates import VDD
from analoom.cells.strip.sizes import AXIS_NM
from analoom.pdk.layers import Layer

from .circuits import soma_circuit
from .soma_draw import draw_soma
from .soma_plan import soma_plan
from .spec import CurrentSomaSpec


@register(CurrentSomaSpec, system="current_network", kind="current_soma")
def current_soma(spec: CurrentSomaSpec) -> Cell:
    """Five transistors of four units: the current into `iin` sets the gates `vp` and `vn` of a row of synapses."""
    name, plan = cell_name("current_soma", spec), soma_plan(spec)
    drawing = Drawing(name)
    drawing.box(Layer.PR_BOUNDARY, 0, 0, plan.width, plan.rows.height)
    pins = tuple(draw_pin(drawing, pin) for pin in draw_soma(drawing, plan))
    area_um2 = round(plan.width * plan.rows.height / 1e6, 4)
    notes = {"pitch_area_um2": area_um2, "unit_current_a": spec.unit_current}
    fabric = Fabric((plan.width, plan.rows.height), rails_nm={VDD: plan.rows.vdd_y, "vss": AXIS_NM})
    circuit = soma_circuit(name, spec)
    return Cell(name, "current_soma", spec, drawing.cell, circuit, pins, notes=notes, fabric=fabric)
