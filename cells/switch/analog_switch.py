"""An analog switch: a transmission gate of two fingers, and on one side a dummy of half its size."""

from __future__ import annotations

from functools import cache
from typing import Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Cell, LengthUm, Spec
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.strip.draw import draw_strip
from analoom.cells.strip.gates import L_MIN_UM, VDD, VSS, W_MIN_UM, GateSize, transmission_gate
from analoom.cells.strip.plan import StripPlan, plan_strip
from analoom.cells.strip.strip import Gate, Island, Strip
from analoom.pdk import rules
from analoom.pdk.errors import SpecError
from analoom.pdk.units import GRID_NM, to_nm, to_um

FINGERS = 2
"""Fingers of each transistor; a dummy has one: half the gate area, both sides on the node it relieves."""


TRACKS = ("a", "en", "b", "enb", None)
"""Tracks from the lowest up: `b` in the middle between the two clocks, which then couple to it alike."""


class AnalogSwitchSpec(Spec):
    """Sizes of the switch; n and p transistors are alike."""

    w: LengthUm = Field(
        1.0,
        ge=FINGERS * W_MIN_UM,
        le=20.0,
        description="width of each transistor, both fingers",
        json_schema_extra={"unit": "um"},
    )
    l: LengthUm = Field(L_MIN_UM, ge=L_MIN_UM, le=2.0, description="gate length", json_schema_extra={"unit": "um"})  # noqa: E741
    dummy: bool = Field(True, description="a half-size dummy on `b` that takes up the charge the switch lets go")

    room: LengthUm = Field(
        FINGERS * W_MIN_UM,
        ge=FINGERS * W_MIN_UM,
        le=20.0,
        description="width of the widest switch beside it: its rails stand as far apart as that one's",
        json_schema_extra={"unit": "um"},
    )

    @model_validator(mode="after")
    def _fingers_fit(self) -> Self:
        finger_nm("w", self.w)
        finger_nm("room", self.room)
        return self


def finger_nm(field: str, w_um: float) -> int:
    """Width of one finger of a switch `w_um` wide, nm. Raises SpecError for `field` where it is off the grid."""
    w_nm = to_nm(field, w_um)
    if w_nm % (FINGERS * GRID_NM):
        bound = f"a multiple of {to_um(FINGERS * GRID_NM):g} um, as it has {FINGERS} fingers"
        step_nm = FINGERS * GRID_NM
        raise SpecError(field, w_um, bound, rules.GRID.id, fix=to_um(max(round(w_nm / step_nm), 1) * step_nm))
    return w_nm // FINGERS


@register(
    AnalogSwitchSpec, system="switch", kind="switch", examples=[{"w": 4.0, "l": 0.18, "dummy": False}, {"room": 3.0}]
)
def analog_switch(spec: AnalogSwitchSpec) -> Cell:
    """A transmission gate of two fingers with a half-size dummy on `b`, which takes up the charge let go."""
    name, plan = cell_name("analog_switch", spec), analog_switch_plan(spec)
    drawing = Drawing(name)
    pins = draw_strip(drawing, plan)
    circuit = analog_switch_circuit(name, spec)
    return Cell(name, "switch", spec, drawing.cell, circuit, pins, fabric=plan.fabric)


@cache
def analog_switch_plan(spec: AnalogSwitchSpec) -> StripPlan:
    """Where everything lies: `b` outside, so that the dummy beside it is one finger more."""
    gates = (Gate("en", "enb"), Gate("en", "enb"), *((Gate("enb", "en", crossed=True),) if spec.dummy else ()))
    regions = tuple((net, net) for net in ("b", "a", "b", "b")[: len(gates) + 1])
    island = Island(regions, gates, finger_nm("w", spec.w), to_nm("l", spec.l))
    room_nm = finger_nm("room", spec.room)
    return plan_strip(Strip((island,), along=("a", "b", "en", "enb"), order=TRACKS, room_nm=room_nm))


def analog_switch_circuit(name: str, spec: AnalogSwitchSpec) -> Circuit:
    """Joins `a` and `b` while `en` is high and `enb` low.

    A dummy on `b` is driven the other way round: as the switch lets half its channel charge go to `b`, the dummy, half
    as large with both sides on `b`, takes that much up.
    """
    size, half = GateSize(spec.w, spec.w, spec.l, FINGERS), GateSize(spec.w / FINGERS, spec.w / FINGERS, spec.l)
    devices = transmission_gate("sw", "a", "b", ("en", "enb"), size)
    dummy = transmission_gate("dum", "b", "b", ("enb", "en"), half) if spec.dummy else ()
    return Circuit(name, ("a", "b", "en", "enb", VDD, VSS), devices=(*devices, *dummy))
