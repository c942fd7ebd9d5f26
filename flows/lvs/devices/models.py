"""The devices LVS knows, by model name, with their terminals and what klayout's classes of them compare."""

from __future__ import annotations

from analoom.pdk.devices import MIM_M3, MIM_M4, MOS, RESISTORS, THICK_OXIDE, CapDevice, MosDevice, ResDevice

Device = MosDevice | CapDevice | ResDevice

_KNOWN: tuple[Device, ...] = (*MOS.values(), *THICK_OXIDE.values(), MIM_M3, MIM_M4, *RESISTORS.values())

MODELS: dict[str, Device] = {device.model.upper(): device for device in _KNOWN}
"""Devices by model name, as klayout's reader spells them."""

MOS_TERMINALS = ("D", "G", "S", "B")
CAP_TERMINALS = ("A", "B")
RES_TERMINALS = ("A", "B", "W")

CAP_CLASS_F_PER_UM2 = 1.0
"""klayout always compares a capacitance: given 1 per um2 it is the plate's area once more, never a value in farad."""

OHM_PER_SQUARE = 1.0
"""Resistors are compared by their squares, l/w, and their area: never by a value in ohm."""


def general_model(device: ResDevice) -> str:
    """The model that takes any width, for one of a single width."""
    alike = [d for d in RESISTORS.values() if d.implant is device.implant and d.w_um is None]
    return alike[0].model
