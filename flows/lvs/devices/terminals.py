"""What a device's terminals do to their nets: which drive, which need a driver, which are a well or the substrate."""

from __future__ import annotations

from typing import Literal

import klayout.db as kdb

Role = Literal["drives", "gate", "top plate", "bottom plate", "body", "junction"]
"""A junction neither drives its net nor needs that something does: a diode's end in a wire."""

_MOS: dict[str, Role] = {"S": "drives", "D": "drives", "G": "gate", "B": "body"}
_RESISTOR: dict[str, Role] = {"A": "drives", "B": "drives", "W": "body"}
_PLATES: dict[str, Role] = {"A": "top plate", "B": "bottom plate"}
_VARACTOR: dict[str, Role] = {"A": "gate", "B": "body", "W": "body"}
_NPN: dict[str, Role] = {"C": "body", "B": "body", "E": "drives", "S": "body"}


def role(device: kdb.Device, terminal: str) -> Role:
    """What `terminal` of `device` is to its net."""
    kind = device.device_class()
    if isinstance(kind, kdb.DeviceClassMOS4Transistor):
        return _MOS[terminal]
    if isinstance(kind, kdb.DeviceClassResistor):
        return _RESISTOR[terminal]
    if isinstance(kind, kdb.DeviceClassCapacitorWithBulk):
        return _VARACTOR[terminal]
    if isinstance(kind, kdb.DeviceClassCapacitor):
        return _PLATES[terminal]
    if isinstance(kind, kdb.DeviceClassDiode):
        return "body" if (terminal == "C") == ("PD2NW" in kind.name.upper()) else "junction"
    return _NPN[terminal]
