"""An analog switch: a transmission gate of two fingers, and on one side a dummy of half its size."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from analoom.pdk.units import to_nm

from .cell import Cell, Kind, LengthUm, Spec
from .circuit import Circuit
from .cmos_gates import VDD, VSS, GateSize, transmission_gate
from .cmos_strip import draw_strip
from .draw import Drawing
from .registry import cell_name, register
from .strip_plan import Gate, Island, Strip, StripPlan, plan_strip

FINGERS = 2
"""Fingers of each transistor; a dummy has one: half the gate area, both sides on the node it relieves."""


class AnalogSwitchSpec(Spec):
    """Sizes of the switch; n and p transistors are alike."""

    w: LengthUm = Field(
        1.0, ge=0.84, le=20.0, description="width of each transistor, both fingers", json_schema_extra={"unit": "um"}
    )
    l: LengthUm = Field(0.15, ge=0.15, le=2.0, description="gate length", json_schema_extra={"unit": "um"})  # noqa: E741
    dummy: bool = Field(True, description="a half-size dummy on `b` that takes up the charge the switch lets go")


@register(AnalogSwitchSpec, kind=Kind.SWITCH, examples=[{"w": 4.0, "l": 0.18, "dummy": False}])
def analog_switch(spec: AnalogSwitchSpec) -> Cell:
    """A transmission gate of two fingers with a half-size dummy on `b`, which takes up the charge let go."""
    name, plan = cell_name("analog_switch", spec), analog_switch_plan(spec)
    drawing = Drawing(name)
    pins = draw_strip(drawing, plan)
    return Cell(name, Kind.SWITCH, spec, drawing.cell, analog_switch_circuit(name, spec), pins)


@cache
def analog_switch_plan(spec: AnalogSwitchSpec) -> StripPlan:
    """Where everything lies: `b` outside, so that the dummy beside it is one finger more."""
    finger_nm = to_nm("w", spec.w / FINGERS)
    gates = (Gate("en", "enb"), Gate("en", "enb"), *((Gate("enb", "en", crossed=True),) if spec.dummy else ()))
    regions = tuple((net, net) for net in ("b", "a", "b", "b")[: len(gates) + 1])
    return plan_strip(Strip((Island(regions, gates, finger_nm, to_nm("l", spec.l)),), along=("a", "b", "en", "enb")))


def analog_switch_circuit(name: str, spec: AnalogSwitchSpec) -> Circuit:
    """Joins `a` and `b` while `en` is high and `enb` low.

    A dummy on `b` is driven the other way round: as the switch lets half its channel charge go to `b`, the dummy, half
    as large with both sides on `b`, takes that much up.
    """
    size, half = GateSize(spec.w, spec.w, spec.l, FINGERS), GateSize(spec.w / FINGERS, spec.w / FINGERS, spec.l)
    devices = transmission_gate("sw", "a", "b", ("en", "enb"), size)
    dummy = transmission_gate("dum", "b", "b", ("enb", "en"), half) if spec.dummy else ()
    return Circuit(name, ("a", "b", "en", "enb", VDD, VSS), devices=(*devices, *dummy))
