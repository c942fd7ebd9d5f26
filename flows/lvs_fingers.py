"""How many fingers a transistor is made of, on both sides: SKY130 models take the width of one finger, not the total.

While netlists are compared the number rides in the parameter for the source's area, as klayout adds that up when it
combines transistors in parallel; LVS compares no areas of diffusion, and none is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import klayout.db as kdb

FINGERS = "AS"
AREAS = ("AS", "AD", "PS", "PD")
NOT_SAID = -1e12
"""A netlist line without `nf` claims no number of fingers; added up it stays negative."""


def count_drawn_fingers(netlist: kdb.Netlist) -> None:
    """Every extracted transistor is one finger. To be called once, before any is combined."""
    for device in _transistors(netlist):
        for name in AREAS:
            device.set_parameter(name, 0)
        device.set_parameter(FINGERS, 1)


def finger_differences(xref: kdb.NetlistCrossReference) -> Iterator[str]:
    """One line for each pair of transistors whose numbers of fingers differ."""
    for circuits in xref.each_circuit_pair():
        if circuits.first() is None or circuits.second() is None:
            continue
        for pair in xref.each_device_pair(circuits):
            if pair.first() is not None and pair.second() is not None and _differ(pair):
                yield _line(pair, circuits.first().name)


@contextmanager
def fingers_left_out(*netlists: kdb.Netlist) -> Iterator[None]:
    """Sets the parameter to 0 for as long as a database is written."""
    kept = [(device, device.parameter(FINGERS)) for netlist in netlists for device in _transistors(netlist)]
    for device, _ in kept:
        device.set_parameter(FINGERS, 0)
    yield
    for device, fingers in kept:
        device.set_parameter(FINGERS, fingers)


def _transistors(netlist: kdb.Netlist) -> Iterator[kdb.Device]:
    for circuit in netlist.each_circuit():
        for device in circuit.each_device():
            if isinstance(device.device_class(), kdb.DeviceClassMOS4Transistor):
                yield device


def _differ(pair: Any) -> bool:
    if not isinstance(pair.first().device_class(), kdb.DeviceClassMOS4Transistor):
        return False
    wanted = pair.second().parameter(FINGERS)
    return wanted > 0 and round(pair.first().parameter(FINGERS)) != round(wanted)


def _line(pair: Any, circuit: str) -> str:
    drawn, wanted = pair.first(), pair.second()
    at = drawn.trans.disp
    sides = f"{drawn.parameter(FINGERS):g} in layout, {wanted.parameter(FINGERS):g} in schematic"
    name = drawn.device_class().name.lower()
    return f"wrong size: {name} {drawn.expanded_name()} at ({at.x:g}, {at.y:g}) in {circuit}: fingers {sides}"
