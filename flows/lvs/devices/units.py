"""What a combined device is made of: the fingers of a transistor, the bodies of a resistor, on both sides.

Sums of w and l do not tell devices apart that the models do: the width of one finger counts (two of 1 um carry 8 % less
than one of 2 um), high_po bodies have ends (two in series have 12 % more resistance than one as long), and every poly
body is narrower than drawn. So klayout's combined devices carry a number of fingers, and a perimeter or a length, in
parameters that it adds up and that LVS does not compare otherwise. Source: ngspice with the installed models,
`tests/flows/lvs/compare/test_equal.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import klayout.db as kdb

from .circuits import paired_devices
from .models import RESISTOR_BODIES

FINGERS = "AS"
AREAS = ("AS", "AD", "PS", "PD")

HALF_BODY = 0.5

WRONG_SIZE = "wrong size: "
"""Begins a line where fingers count; where the PDK does not compare them it is a note without."""

BODY = "P"
WITHOUT_ENDS = {device.model.upper() for device in RESISTOR_BODIES if device.implant is None}
"""Resistors without contact resistance: two in series are one as long, so lengths are added up, not perimeters."""


def body_um(model: str, w_um: float, l_um: float) -> float:
    """What is added up of each resistor body."""
    return l_um if model.upper() in WITHOUT_ENDS else 2 * (w_um + l_um)


def count_drawn(netlist: kdb.Netlist) -> None:
    """Every extracted transistor is one finger, every resistor one body. To be called once, before any is combined."""
    for device in _counted(netlist):
        if isinstance(device.device_class(), kdb.DeviceClassMOS4Transistor):
            for name in AREAS:
                device.set_parameter(name, 0)
            device.set_parameter(FINGERS, 1)
        elif device.device_class().name.upper() in WITHOUT_ENDS:
            device.set_parameter(BODY, device.parameter("L"))


def finger_differences(xref: kdb.NetlistCrossReference) -> Iterator[str]:
    """One line for each pair of transistors whose numbers of fingers differ, or of resistors whose bodies do."""
    for pair in paired_devices(xref):
        if _differ(pair):
            yield _line(pair, pair.first().circuit().name)


@contextmanager
def counts_left_out(*netlists: kdb.Netlist) -> Iterator[None]:
    """Sets those parameters to 0 for as long as a database is written: they are no area and no perimeter."""
    kept = [(x, name, x.parameter(name)) for netlist in netlists for x in _counted(netlist) for name in [_where(x)]]
    for device, name, _ in kept:
        device.set_parameter(name, 0)
    yield
    for device, name, value in kept:
        device.set_parameter(name, value)


def _counted(netlist: kdb.Netlist) -> Iterator[kdb.Device]:
    for circuit in netlist.each_circuit():
        for device in circuit.each_device():
            if isinstance(device.device_class(), kdb.DeviceClassMOS4Transistor | kdb.DeviceClassResistor):
                yield device


def _where(device: kdb.Device) -> str:
    return FINGERS if isinstance(device.device_class(), kdb.DeviceClassMOS4Transistor) else BODY


def _differ(pair: Any) -> bool:
    if isinstance(pair.first().device_class(), kdb.DeviceClassMOS4Transistor):
        return round(pair.first().parameter(FINGERS)) != round(pair.second().parameter(FINGERS))
    return _has_ends(pair.first()) and abs(_bodies(pair.first()) - _bodies(pair.second())) > HALF_BODY


def _bodies(device: kdb.Device) -> float:
    """How many in series have this perimeter, squares and area; of others another number than one, as a rule."""
    squares, area_um2 = device.parameter("R"), device.parameter("A")
    return (device.parameter(BODY) / 2 - math.sqrt(area_um2 * squares)) / math.sqrt(area_um2 / squares)


def _has_ends(device: kdb.Device) -> bool:
    is_resistor = isinstance(device.device_class(), kdb.DeviceClassResistor)
    return is_resistor and device.device_class().name.upper() not in WITHOUT_ENDS


def _line(pair: Any, circuit: str) -> str:
    drawn, wanted = pair.first(), pair.second()
    at = drawn.trans.disp
    sides = f"{drawn.parameter(_where(drawn)):g} in layout, {wanted.parameter(_where(wanted)):g} in schematic"
    what = "perimeter of all bodies" if _has_ends(drawn) else "fingers"
    name = drawn.device_class().name.lower()
    return f"{WRONG_SIZE}{name} {drawn.expanded_name()} at ({at.x:g}, {at.y:g}) in {circuit}: {what} {sides}"
