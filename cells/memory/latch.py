"""The addressed latch: two inverters that hold each other, and two n transistors that join them to the bit lines."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from analoom.cells.model.cell import Cell, LengthUm, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.strip.gates import L_MIN_UM, NFET, VDD, VSS, W_MIN_UM, GateSize, inverter
from analoom.pdk.units import to_nm, to_um

from .draw import draw_latch, latch_fabric
from .plan import LatchPlan

PORTS = ("wl", "bl", "blb", "q", "qb", VDD, VSS)


class LatchSpec(Spec):
    """Sizes of the latch: its transistors are all alike, which holds a bit that is read and lets one be written."""

    w: LengthUm = Field(
        W_MIN_UM, ge=W_MIN_UM, le=2.0, description="width of every transistor", json_schema_extra={"unit": "um"}
    )


@register(LatchSpec, system="memory", kind="latch", examples=[{"w": 1.0}])
def latch(spec: LatchSpec) -> Cell:
    """An addressed bit of six transistors: written and read through bl and blb while wl is high, held on q and qb."""
    name, plan = cell_name("latch", spec), latch_plan(spec)
    drawing = Drawing(name)
    pins = draw_latch(drawing, plan)
    circuit = Circuit(name, PORTS, devices=latch_devices(spec))
    width_um, height_um = to_um(plan.width), to_um(plan.height)
    notes = {"width_um": width_um, "height_um": height_um, "pitch_area_um2": round(width_um * height_um, 4)}
    return Cell(name, "latch", spec, drawing.cell, circuit, pins, notes=notes, fabric=latch_fabric(plan))


@cache
def latch_plan(spec: LatchSpec) -> LatchPlan:
    """Where everything lies."""
    return LatchPlan(to_nm("w", spec.w))


def latch_devices(spec: LatchSpec) -> tuple[Mos, ...]:
    """Inverters of q and of qb, and the word transistors."""
    size = GateSize(spec.w, spec.w, L_MIN_UM)
    word = tuple(
        Mos(f"w_{node}", NFET, spec.w, L_MIN_UM, {"d": bit, "g": "wl", "s": node, "b": VSS})
        for bit, node in (("bl", "q"), ("blb", "qb"))
    )
    return (*inverter("i_q", "qb", "q", size), *inverter("i_qb", "q", "qb", size), *word)
