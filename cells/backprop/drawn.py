"""A cell of rows of transistors: drawn from its chains, beside the circuit that it is compared with."""

from __future__ import annotations

from collections.abc import Callable

from analoom.cells.model.cell import Cell, MatchGroup, Spec, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.rows.chains import OWN_FRAME, Frame, Rows
from analoom.cells.rows.draw import draw_rows
from analoom.cells.rows.plan import RowsPlan
from analoom.cells.rows.taps import require_taps
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM

Channels = tuple[tuple[tuple[Box, ...], ...], ...]
"""By row and chain each gate's channel, nm."""


def drawn_cell(
    spec: Spec,
    name: str,
    kind: str,
    circuit: Circuit,
    rows: Rows,
    groups: Callable[[Channels], tuple[MatchGroup, ...]],
    frame: Frame = OWN_FRAME,
) -> Cell:
    """Draws the rows and puts the views together. Raises SpecError for rows too high for their taps."""
    drawing, plan = Drawing(name), RowsPlan(rows, frame)
    require_taps(spec, plan.from_taps_nm, "outputs")
    drawn = draw_rows(drawing, plan)
    pins = {pin.name: draw_pin(drawing, pin) for pin in drawn.pins}
    rails = {VSS: AXIS_NM} | ({VDD: plan.top} if rows.p else {})
    fabric = Fabric((plan.width, plan.height), rails_nm=rails)
    ordered = tuple(pins[port] for port in circuit.ports)
    return Cell(name, kind, spec, drawing.cell, circuit, ordered, match_groups=groups(drawn.channels), fabric=fabric)
