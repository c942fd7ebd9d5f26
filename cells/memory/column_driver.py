"""What stands below a column of latches: a stage of the shift register, and the transistors on both bit lines.

While `we` is high the stage pulls bl low for a 0, blb for a 1; while `pcb` is low both are pulled up to vdd.
"""

from __future__ import annotations

from functools import cache

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Drawing
from analoom.cells.strip.draw import draw_name, draw_strip
from analoom.cells.strip.gates import L_MIN_UM, NFET, PFET, VDD, VSS
from analoom.cells.strip.plan import StripPlan, plan_strip
from analoom.cells.strip.strip import Gate, Island, Strip
from analoom.cells.switch.weight_bit import CLOCKS, INNER, WeightBitSpec, latch_island, latches
from analoom.pdk.units import to_nm

NAME = "column_driver"
CONTROLS = (*CLOCKS, "we", "pcb")
"""Lines that all stages share: the clocks of the register, write enable, and precharge (on while low)."""
BITS = ("bl", "blb")
W_UM = 1.2
"""Width of the transistors on the bit lines: two in series outdo the one of a latch that holds against them."""
ORDER = ("d", "ck1", "ck2", "we", "s", "ck1b", "ck2b", "pcb", *BITS)
"""Tracks from the lowest up; the nodes of the latches that are free share those of `d` and `s`."""


@cache
def column_driver() -> Cell:
    """The cell, drawn once a process: its tracks of controls meet those of its neighbours, as do `q` and `d`."""
    plan, drawing = column_driver_plan(), Drawing(NAME)
    pins = draw_strip(drawing, plan)
    for net in INNER:
        draw_name(drawing, plan, net)
    circuit = Circuit(NAME, ("d", "q", *CONTROLS, *BITS, VDD, VSS), devices=(*latches(), *_pulls()))
    return Cell(NAME, "macro", WeightBitSpec(), drawing.cell, circuit, pins, fabric=plan.fabric)


@cache
def column_driver_plan() -> StripPlan:
    """Where everything lies: on each bit line two n and two p transistors in series, back to back at the supplies."""
    regions = (("bl", "bl"), None, (VSS, VDD), None, ("blb", "blb"))
    gates = (Gate("s", "pcb"), Gate("we", "pcb"), Gate("we", "pcb"), Gate("q", "pcb"))
    island = Island(regions, gates, to_nm("w", W_UM), to_nm("l", L_MIN_UM))
    return plan_strip(Strip((latch_island(), island), CONTROLS, along=BITS, ends=("d", "q"), order=ORDER))


def _pulls() -> tuple[Mos, ...]:
    """The transistors on both bit lines; `low` and `high` are the nets between two in series."""
    found = []
    for bit, data in zip(BITS, ("s", "q"), strict=True):
        low, high = f"{bit}_low", f"{bit}_high"
        found += [
            _mos(f"{bit}_nd", "n", (bit, data, low)),
            _mos(f"{bit}_ne", "n", (low, "we", VSS)),
            _mos(f"{bit}_p1", "p", (bit, "pcb", high)),
            _mos(f"{bit}_p2", "p", (high, "pcb", VDD)),
        ]
    return tuple(found)


def _mos(name: str, polarity: str, nets: tuple[str, str, str]) -> Mos:
    device, body = (NFET, VSS) if polarity == "n" else (PFET, VDD)
    return Mos(name, device, W_UM, L_MIN_UM, dict(zip(device.terminals, (*nets, body), strict=True)))
