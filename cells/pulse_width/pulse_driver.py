"""What stands beside a row of weights: it drives both lines of the pulse, one low and one up to the level `vcas`.

Two inverters make the pulse and its complement; a transmission gate with an inverter whose supply is `vcas` makes each
line, as a p transistor alone is hardly on at that level.
"""

from __future__ import annotations

from functools import cache

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Drawing
from analoom.cells.strip.draw import draw_name, draw_strip
from analoom.cells.strip.gates import L_MIN_UM, NFET, PFET, VDD, VSS, W_MIN_UM, GateSize, inverter, transmission_gate
from analoom.cells.strip.plan import StripPlan, plan_strip, room_nm
from analoom.cells.strip.strip import Gate, Island, Strip, both
from analoom.pdk.units import to_nm

NAME = "pulse_driver"
PORTS = ("in", "p", "pb", "vcas", VDD, VSS)
INNER = ("low", "high")
"""The complement of the pulse, and the pulse."""
TRACKS = ("high", "in", "pb", "p", "low", "vcas")
"""Tracks from the lowest up: both lines of the pulse at about the height at which weights have them."""
W_UM = 2.0
"""Width of the transistors on the lines: a row of 64 weights settles within a fraction of the shortest pulse."""


@cache
def pulse_driver(height: int) -> Cell:
    """The cell whose rails are `height` nm apart, drawn once a process.

    While `in` is high `p` is at `vcas` and `pb` at vss, else the other way round.
    """
    plan, circuit = pulse_driver_plan(height), pulse_driver_circuit(height)
    drawing = Drawing(circuit.name)
    pins = draw_strip(drawing, plan)
    for net in INNER:
        draw_name(drawing, plan, net)
    return Cell(circuit.name, "macro", Spec(), drawing.cell, circuit, pins, fabric=plan.fabric)


@cache
def pulse_driver_plan(height: int) -> StripPlan:
    """Where everything lies: both inverters, then the lines mirrored about `vcas`."""
    small, wide, l_nm = to_nm("w", W_MIN_UM), to_nm("w", W_UM), to_nm("l", L_MIN_UM)
    logic = Island((("low", "low"), (VSS, VDD), ("high", "high")), (both("in"), both("low")), small, l_nm)
    regions = ((VSS, "vcas"), ("pb", "pb"), ("vcas", "vcas"), ("p", "p"), (VSS, "vcas"))
    gates = (both("high"), Gate("low", "high", crossed=True), Gate("high", "low"), both("low"))
    lines = Island(regions, gates, wide, l_nm)
    return plan_strip(Strip((logic, lines), along=("in", "p", "pb", "vcas"), order=TRACKS, room_nm=room_nm(height)))


def pulse_driver_circuit(height: int) -> Circuit:
    """Its transistors."""
    small, wide = GateSize(W_MIN_UM, W_MIN_UM, L_MIN_UM), GateSize(W_UM, W_UM, L_MIN_UM)
    logic = (*inverter("first", "in", "low", small), *inverter("second", "low", "high", small))
    lines = (*_line("p", ("high", "low"), wide), *_line("pb", ("low", "high"), wide))
    return Circuit(f"{NAME}_{height}", PORTS, (*logic, *lines))


def _line(net: str, gates: tuple[str, str], size: GateSize) -> tuple[Mos, ...]:
    """Joined to `vcas` while `gates` are (high, low), else to vss."""
    high = Mos(f"{net}_high", PFET, W_UM, L_MIN_UM, {"d": net, "g": gates[1], "s": "vcas", "b": VDD})
    low = Mos(f"{net}_low", NFET, W_UM, L_MIN_UM, {"d": net, "g": gates[1], "s": VSS, "b": VSS})
    return (*transmission_gate(f"{net}_tg", "vcas", net, gates, size), high, low)
