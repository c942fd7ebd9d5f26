"""One bit of a stored weight: two static latches as a stage of a shift chain, and the switches the bit drives."""

from __future__ import annotations

from pydantic import Field

from .cell import Cell, Kind, LengthUm, Spec
from .circuit import Circuit, Mos
from .cmos_gates import VDD, VSS, GateSize, clocked_inverter, inverter, transmission_gate
from .draw import Drawing
from .registry import cell_name

CLOCKS = ("ck1", "ck1b", "ck2", "ck2b")
"""Two clocks that are never on together, each with its complement."""

LATCH = GateSize(wn=0.42, wp=0.42, l=0.15)
"""Every transistor of a latch is of least size: it drives a neighbour and two switches."""


class WeightBitSpec(Spec):
    """Sizes of the switches; the latches are of least size."""

    w: LengthUm = Field(
        0.42, ge=0.42, le=5.0, description="width of each switch transistor", json_schema_extra={"unit": "um"}
    )
    l: LengthUm = Field(
        0.15, ge=0.15, le=2.0, description="length of the switch transistors", json_schema_extra={"unit": "um"}
    )  # noqa: E741
    rest: bool = Field(True, description="a second switch joins y to c while the bit is 0; without it y is let go")


def weight_bit(spec: WeightBitSpec) -> Cell:
    """A bit of a weight: two latches of a shift chain and the switches they drive."""
    name = cell_name("weight_bit", spec)
    drawing = Drawing(name)
    return Cell(name, Kind.SWITCH, spec, drawing.cell, weight_bit_circuit(name, spec), ())


def weight_bit_circuit(name: str, spec: WeightBitSpec) -> Circuit:
    """While both clocks are off, `q` holds the bit and `s` its complement; a pulse on ck1, then one on ck2, takes `d`.

    Ports: d, q, the clocks, a, y, c (where there is a switch to it), vdd, vss. `a` is joined to `y` while q is 1, `c`
    while q is 0.
    """
    ports = ("d", "q", *CLOCKS, "a", *(("c",) if spec.rest else ()), "y", VDD, VSS)
    return Circuit(name, ports, devices=(*_latches(), *_switches(spec)))


def _latches() -> tuple[Mos, ...]:
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
