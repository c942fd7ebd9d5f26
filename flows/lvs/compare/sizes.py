"""How exactly sizes are compared: to well under a grid step, or as the PDK's own comparison allows.

Source of the tolerances: `property ... tolerance` lines of `sky130A_setup.tcl`, netgen's setup of the PDK;
`tests/flows/lvs/compare/test_sizes.py` reads the installed file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb

from analoom.pdk.devices import WIRE_RESISTORS

GRID_UM = 1e-4
"""Sizes may differ by rounding only: a fiftieth of the 5 nm grid (um)."""

AREA_TOLERANCE_UM2 = 1e-4
"""A 1 um plate that is one grid step wider differs by 0.005 um2."""

SQUARES_TOLERANCE = 1e-5
"""A resistor of 0.35 um x 1 um that is one grid step longer has 0.014 squares more."""

FINGER_TOLERANCE = 0.5
"""Fingers are counted, in the parameter that `devices.units` says."""

ROUNDING = 1e-7
"""Relative: of sums over many parallel devices."""

SIDE = 0.01
"""Relative: what the PDK allows of a width or a length."""

ESD_WIDTH = 0.07
"""Relative: of an ESD transistor's width, whose gate has a flange."""

JUNCTION = 0.02
"""Relative: of a diode's area and perimeter."""

JUNCTION_ROUNDING = 1e-3
"""Relative: Magic writes a diode's area and perimeter with four digits."""

WIRE = 10.0
"""Relative: of a resistor made of a wire, whose sides the PDK does not compare."""

EMITTER_UM2 = 0.02
"""A bipolar transistor is of one size by its model; an emitter's area tells how many there are in parallel."""

BODY = 2 * SIDE
"""Relative: of a resistor's squares or area when each of its sides may be off by `SIDE`."""

WIRES = {device.model.upper() for device in WIRE_RESISTORS.values()}


@dataclass(frozen=True)
class Deviation:
    """One size that differs between layout and schematic (um, um2), and what the PDK allows of it (relative)."""

    name: str
    drawn: float
    wanted: float
    allowed: float

    @property
    def relative(self) -> float:
        return abs(self.drawn - self.wanted) / max(abs(self.drawn), abs(self.wanted))

    @property
    def within(self) -> bool:
        return self.relative <= self.allowed

    def __str__(self) -> str:
        return f"{self.name} {self.drawn:g} in layout, {self.wanted:g} in schematic"


def deviations(drawn: kdb.Device, wanted: kdb.Device) -> Iterator[Deviation]:
    """Every size of two paired devices that differs by more than rounding."""
    there = dict(_sizes(wanted))
    for name, value in _sizes(drawn):
        if abs(value - there[name]) > GRID_UM + ROUNDING * abs(value):
            yield Deviation(name, value, there[name], _allowed(drawn, name))


def set_exact(netlist: kdb.Netlist) -> None:
    """klayout compares each device to well under a grid step, numbers of fingers and resistor bodies included."""
    for device in _classes(netlist):
        if isinstance(device, kdb.DeviceClassCapacitor):
            kind = kdb.DeviceClassCapacitor
            area = _equal(kind.PARAM_A, AREA_TOLERANCE_UM2) + _equal(kind.PARAM_C, AREA_TOLERANCE_UM2)
            device.equal_parameters = area + _equal(kind.PARAM_P, GRID_UM)
        elif isinstance(device, kdb.DeviceClassResistor):
            res = kdb.DeviceClassResistor
            squares = _equal(res.PARAM_R, SQUARES_TOLERANCE) + _equal(res.PARAM_P, GRID_UM)
            device.equal_parameters = squares + _equal(res.PARAM_A, AREA_TOLERANCE_UM2)
        elif isinstance(device, kdb.DeviceClassMOS4Transistor):
            mos = kdb.DeviceClassMOS4Transistor
            fingers = _equal(mos.PARAM_AS, FINGER_TOLERANCE)
            device.equal_parameters = _equal(mos.PARAM_W, GRID_UM) + _equal(mos.PARAM_L, GRID_UM) + fingers
        else:
            _set_junctions(device, JUNCTION_ROUNDING)


def set_by_pdk(netlist: kdb.Netlist) -> None:
    """klayout compares as the PDK allows. A resistor may be of several bodies; `deviations` tells its sides apart.

    Plates are known by area and perimeter, either of which may be off by `SIDE`, where netgen allows that of each side.
    """
    for device in _classes(netlist):
        if isinstance(device, kdb.DeviceClassCapacitor):
            kind = kdb.DeviceClassCapacitor
            sizes = _near(kind.PARAM_A, SIDE) + _near(kind.PARAM_C, SIDE) + _near(kind.PARAM_P, SIDE)
        elif isinstance(device, kdb.DeviceClassResistor):
            res = kdb.DeviceClassResistor
            body = WIRE if device.name.upper() in WIRES else BODY
            sizes = _near(res.PARAM_R, body) + _near(res.PARAM_A, body)
        elif isinstance(device, kdb.DeviceClassMOS4Transistor):
            mos = kdb.DeviceClassMOS4Transistor
            sizes = _near(mos.PARAM_W, _width(device.name)) + _near(mos.PARAM_L, SIDE)
        else:
            _set_junctions(device, JUNCTION)
            continue
        device.equal_parameters = sizes


def _set_junctions(device: kdb.DeviceClass, relative: float) -> None:
    """Of a diode and of a bipolar transistor; other classes stay as they are."""
    if isinstance(device, kdb.DeviceClassDiode):
        kind = kdb.DeviceClassDiode
        device.equal_parameters = _near(kind.PARAM_A, relative) + _near(kind.PARAM_P, relative)
    elif isinstance(device, kdb.DeviceClassBJT3Transistor):
        device.equal_parameters = _equal(kdb.DeviceClassBJT3Transistor.PARAM_AE, EMITTER_UM2)


def ignore_sizes(netlist: kdb.Netlist) -> None:
    """klayout pairs devices by what they are and what they are connected to, whatever their sizes."""
    for device in _classes(netlist):
        ignored = [kdb.EqualDeviceParameters.ignore(x.id()) for x in device.parameter_definitions()]
        if ignored:
            device.equal_parameters = sum(ignored[1:], ignored[0])


def _classes(netlist: kdb.Netlist) -> Iterator[kdb.DeviceClass]:
    """A capacitor's terminals are told apart: its plates are."""
    for device in netlist.each_device_class():
        device.strict = isinstance(device, kdb.DeviceClassCapacitor)
        yield device


def _sizes(device: kdb.Device) -> Iterator[tuple[str, float]]:
    """Sizes as they are told: of a combined resistor the sides of one with its squares and its area."""
    kind = device.device_class()
    if isinstance(kind, kdb.DeviceClassResistor):
        squares, area = device.parameter("R"), device.parameter("A")
        yield "w", math.sqrt(area / squares)
        yield "l", math.sqrt(area * squares)
    elif isinstance(kind, kdb.DeviceClassMOS4Transistor):
        yield from ((name.lower(), device.parameter(name)) for name in ("W", "L"))
    elif isinstance(kind, kdb.DeviceClassCapacitor | kdb.DeviceClassDiode):
        yield from ((name.lower(), device.parameter(name)) for name in ("A", "P"))
    elif isinstance(kind, kdb.DeviceClassBJT3Transistor):
        yield "ae", device.parameter("AE")


def _allowed(device: kdb.Device, name: str) -> float:
    kind = device.device_class()
    if isinstance(kind, kdb.DeviceClassDiode):
        return JUNCTION
    if kind.name.upper() in WIRES:
        return WIRE
    return _width(kind.name) if name == "w" else SIDE


def _width(model: str) -> float:
    return ESD_WIDTH if "__ESD_" in model.upper() else SIDE


def _equal(parameter: int, absolute: float) -> kdb.EqualDeviceParameters:
    return kdb.EqualDeviceParameters(parameter, absolute, ROUNDING)


def _near(parameter: int, relative: float) -> kdb.EqualDeviceParameters:
    return kdb.EqualDeviceParameters(parameter, 0.0, relative)
