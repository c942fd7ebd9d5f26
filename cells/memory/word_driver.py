"""What stands beside a row of latches: a gate that knows the row's address, and an inverter on its word line.

Each input is a line of the address or its complement, whichever is high for the row. With both low no row is chosen.
"""

from __future__ import annotations

from functools import cache

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Drawing
from analoom.cells.strip.draw import draw_name, draw_strip
from analoom.cells.strip.gates import L_MIN_UM, NFET, PFET, VDD, VSS, W_MIN_UM, GateSize, inverter
from analoom.cells.strip.plan import StripPlan, plan_strip, room_nm
from analoom.cells.strip.sizes import VIA_END_NM, VIA_PAD_NM
from analoom.cells.strip.strip import Island, Strip, both
from analoom.pdk.layers import Layer
from analoom.pdk.units import to_nm

OUTPUT, NOT_CHOSEN = "wl", "y"
OWN_TRACKS = 2
"""Tracks besides those of the inputs: of the output and of the gate between. With fewer there is no order."""


def inputs_of(count: int) -> tuple[str, ...]:
    """Pins of a driver with `count` inputs."""
    return tuple(f"in{k}" for k in range(count))


@cache
def word_driver(count: int, height: int) -> Cell:
    """The driver with `count` inputs whose rails are `height` nm apart, drawn once a process."""
    name, plan = f"word_driver_{count}_{height}", word_driver_plan(count, height)
    drawing = Drawing(name)
    pins = draw_strip(drawing, plan)
    draw_name(drawing, plan, NOT_CHOSEN)
    _enlarge_inner(drawing, plan)
    size = GateSize(W_MIN_UM, W_MIN_UM, L_MIN_UM)
    devices = (*inverter("drive", NOT_CHOSEN, OUTPUT, size), *_nand(inputs_of(count)))
    circuit = Circuit(name, (*inputs_of(count), OUTPUT, VDD, VSS), devices=devices)
    return Cell(name, "macro", Spec(), drawing.cell, circuit, pins, fabric=plan.fabric)


@cache
def word_driver_plan(count: int, height: int) -> StripPlan:
    """Where everything lies. Raises ValueError where the tracks need more than `height`."""
    inputs, last = inputs_of(count), count - 1
    regions = [(OUTPUT, OUTPUT), (VSS, VDD)]
    for k in range(count):
        regions.append((NOT_CHOSEN if k == last else f"x{k}", VDD if k % 2 else NOT_CHOSEN))
    gates = (both(NOT_CHOSEN), *(both(net) for net in inputs))
    order = (None,) * (count + OWN_TRACKS)
    island = Island(tuple(regions), gates, to_nm("w", W_MIN_UM), to_nm("l", L_MIN_UM))
    strip = Strip((island,), across=inputs, ends=("", OUTPUT), order=order, room_nm=room_nm(height))
    plan = plan_strip(strip)
    if plan.height != height:
        raise ValueError(f"a word driver of {count} inputs is {plan.height} nm high, not {height}")
    return plan


def _enlarge_inner(drawing: Drawing, plan: StripPlan) -> None:
    """Met1 over the contacts between transistors in series, which go nowhere: as large as the least piece of met1."""
    for column in plan.columns:
        if column.net not in plan.tracks:
            y = (column.bottom + column.top) // 2
            x0, y0 = column.x - VIA_PAD_NM // 2, y - VIA_END_NM
            drawing.box(Layer.MET1, x0, y0, x0 + VIA_PAD_NM, y0 + 2 * VIA_END_NM)


def _nand(inputs: tuple[str, ...]) -> tuple[Mos, ...]:
    """`y` is low while all inputs are high."""
    nets = [VSS, *(f"x{k}" for k in range(len(inputs) - 1)), NOT_CHOSEN]
    found = []
    for k, net in enumerate(inputs):
        n = {"d": nets[k + 1], "g": net, "s": nets[k], "b": VSS}
        p = {"d": NOT_CHOSEN, "g": net, "s": VDD, "b": VDD}
        found += [Mos(f"n{k}", NFET, W_MIN_UM, L_MIN_UM, n), Mos(f"p{k}", PFET, W_MIN_UM, L_MIN_UM, p)]
    return tuple(found)
