"""One bit of a stored weight: two static latches as a stage of a shift chain, and the switches the bit drives."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pydantic import Field

from analoom.cells.model.cell import Cell, LengthUm, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.strip.draw import draw_name, draw_strip
from analoom.cells.strip.gates import (
    L_MIN_UM,
    VDD,
    VSS,
    W_MIN_UM,
    GateSize,
    clocked_inverter,
    inverter,
    transmission_gate,
)
from analoom.cells.strip.plan import StripPlan, plan_strip
from analoom.cells.strip.sizes import DIFF_END_NM
from analoom.cells.strip.strip import Gate, Island, Strip, both
from analoom.pdk.units import to_nm, to_um

CLOCKS = ("ck1", "ck1b", "ck2", "ck2b")
"""Two clocks that are never on together, each with its complement."""

INNER = ("m", "mb", "s")
"""Nodes of the latches that are no ports."""

LATCH = GateSize(W_MIN_UM, W_MIN_UM, L_MIN_UM)
"""Every transistor of a latch is of least size: it drives a neighbour and two switches."""


class WeightBitSpec(Spec):
    """Sizes of the switches; the latches are of least size."""

    w: LengthUm = Field(
        W_MIN_UM, ge=W_MIN_UM, le=5.0, description="width of each switch transistor", json_schema_extra={"unit": "um"}
    )
    l: LengthUm = Field(  # noqa: E741
        L_MIN_UM, ge=L_MIN_UM, le=2.0, description="length of the switch transistors", json_schema_extra={"unit": "um"}
    )
    rest: bool = Field(True, description="a second switch joins y to c while the bit is 0; without it y is let go")


@register(WeightBitSpec, system="switch", kind="switch", examples=[{"rest": False, "w": 0.84}])
def weight_bit(spec: WeightBitSpec) -> Cell:
    """A bit of a stored weight: two latches of a shift chain, and switches that join y to a (1) or to c (0)."""
    name, plan = cell_name("weight_bit", spec), weight_bit_plan(spec)
    drawing = Drawing(name)
    pins = draw_strip(drawing, plan)
    for net in INNER:
        draw_name(drawing, plan, net)
    fabric, circuit = plan.fabric, weight_bit_circuit(name, spec)
    width_um, height_um = map(to_um, fabric.pitch_nm)
    notes = {"width_um": width_um, "height_um": height_um, "tracks": len(set(fabric.tracks_nm.values()))}
    return Cell(name, "switch", spec, drawing.cell, circuit, pins, notes=notes, fabric=fabric)


@cache
def weight_bit_plan(spec: WeightBitSpec) -> StripPlan:
    """Where everything lies. The latches are one island, as each node is beside the next in the chain.

    Without the switch to `c` its place stays empty, so that both kinds may stand in one row.
    """
    plan = plan_strip(Strip((latch_island(), _switch_island(spec)), CLOCKS, along=("a", "c", "y"), ends=("d", "q")))
    return plan if spec.rest else _without_rest(plan)


def _without_rest(plan: StripPlan) -> StripPlan:
    """The plan without what lies right of `y`."""
    end = max(contact.x for contact in plan.contacts if contact.net == "y")
    (latches, (n, p)), right = plan.diffusions, end + DIFF_END_NM
    cut = tuple(Box(box.left, box.bottom, right, box.top) for box in (n, p))
    return replace(
        plan,
        diffusions=(latches, (cut[0], cut[1])),
        gates=tuple(pair for pair in plan.gates if pair[0].channel.right < end),
        contacts=tuple(contact for contact in plan.contacts if contact.x <= end),
        columns=tuple(column for column in plan.columns if column.x <= end),
        tracks={net: y for net, y in plan.tracks.items() if net != "c"},
    )


def latch_island() -> Island:
    rail, w_nm, l_nm = (VSS, VDD), to_nm("w", LATCH.wn), to_nm("l", LATCH.l)
    nodes = (_node("d"), _node("m"), None, rail, _node("mb"), _node("s"), None, rail, _node("q"))
    first = (Gate("ck1", "ck1b"), Gate("ck1b", "ck1", crossed=True), both("mb"), both("m"))
    second = (Gate("ck2", "ck2b"), Gate("ck2b", "ck2", crossed=True), both("q"), both("s"))
    return Island(nodes, first + second, w_nm, l_nm)


def _switch_island(spec: WeightBitSpec) -> Island:
    gates = (Gate("q", "s"), Gate("s", "q", crossed=True))
    return Island((_node("a"), _node("y"), _node("c")), gates, to_nm("w", spec.w), to_nm("l", spec.l))


def _node(net: str) -> tuple[str, str]:
    """Both rows on one net."""
    return net, net


def weight_bit_circuit(name: str, spec: WeightBitSpec) -> Circuit:
    """While both clocks are off, `q` holds the bit and `s` its complement; a pulse on ck1, then one on ck2, takes `d`.

    Ports: d, q, the clocks, a, y, c (where there is a switch to it), vdd, vss. `a` is joined to `y` while q is 1, `c`
    while q is 0.
    """
    ports = ("d", "q", *CLOCKS, "a", *(("c",) if spec.rest else ()), "y", VDD, VSS)
    return Circuit(name, ports, devices=(*latches(), *_switches(spec)))


def latches() -> tuple[Mos, ...]:
    return (
        *transmission_gate("t1", "d", "m", ("ck1", "ck1b"), LATCH),
        *inverter("i1", "m", "mb", LATCH),
        *clocked_inverter("h1", "mb", "m", ("ck1b", "ck1"), LATCH),
        *transmission_gate("t2", "mb", "s", ("ck2", "ck2b"), LATCH),
        *inverter("i2", "s", "q", LATCH),
        *clocked_inverter("h2", "q", "s", ("ck2b", "ck2"), LATCH),
    )


def _switches(spec: WeightBitSpec) -> tuple[Mos, ...]:
    size = GateSize(spec.w, spec.w, spec.l)
    rest = transmission_gate("sc", "c", "y", ("s", "q"), size) if spec.rest else ()
    return (*transmission_gate("sa", "a", "y", ("q", "s"), size), *rest)
