"""The devices LVS knows, by model name, with their terminals and what klayout's classes of them compare."""

from __future__ import annotations

from analoom.pdk.devices import (
    BIPOLARS,
    DIFFUSION_RESISTORS,
    DIODES,
    MARKED_MOS,
    MIM_M3,
    MIM_M4,
    MOS,
    RESISTORS,
    THICK_OXIDE,
    VARACTORS,
    WIRE_RESISTORS,
    BipolarDevice,
    CapDevice,
    DiodeDevice,
    MosDevice,
    ResDevice,
    VaractorDevice,
)
from analoom.pdk.layers import Layer

Device = MosDevice | CapDevice | ResDevice | DiodeDevice | VaractorDevice | BipolarDevice

TRANSISTORS: tuple[MosDevice, ...] = (*MOS.values(), *THICK_OXIDE.values(), *MARKED_MOS.values())
RESISTOR_BODIES: tuple[ResDevice, ...] = (
    *RESISTORS.values(),
    *WIRE_RESISTORS.values(),
    *DIFFUSION_RESISTORS.values(),
)
_KNOWN: tuple[Device, ...] = (
    *TRANSISTORS,
    *(MIM_M3, MIM_M4),
    *RESISTOR_BODIES,
    *DIODES.values(),
    *VARACTORS.values(),
    *BIPOLARS.values(),
)

MODELS: dict[str, Device] = {device.model.upper(): device for device in _KNOWN}
"""Devices by model name, as klayout's reader spells them."""

OTHER_NAMES: dict[str, Device] = {
    **{device.name.upper(): device for device in DIODES.values()},
    "MRDN_HV": DIFFUSION_RESISTORS[Layer.NSDM, True],
    "MRDP_HV": DIFFUSION_RESISTORS[Layer.PSDM, True],
}
"""Diodes are written without the library's prefix too; resistors of thick oxide have older names, which stand in
`sky130A_setup.tcl` and in the netlists of sky130_fd_sc_hvl."""

MOS_TERMINALS = ("D", "G", "S", "B")
CAP_TERMINALS = ("A", "B")
RES_TERMINALS = ("A", "B", "W")
DIODE_TERMINALS = ("A", "C")
BIPOLAR_TERMINALS = ("C", "B", "E", "S")

CAP_CLASS_F_PER_UM2 = 1.0
"""klayout always compares a capacitance: given 1 per um2 it is the plate's area once more, never a value in farad."""

OHM_PER_SQUARE = 1.0
"""Resistors are compared by their squares, l/w, and their area: never by a value in ohm."""


def known(model: str) -> Device | None:
    """The device of that model, in any case, None for one that LVS does not know."""
    name = model.upper()
    return MODELS.get(name) or OTHER_NAMES.get(name)


def general_model(device: ResDevice) -> str:
    """The model that takes any width, for one of a single width."""
    if device.w_um is None:
        return device.model
    alike = [d for d in RESISTORS.values() if d.implant is device.implant and d.w_um is None]
    return alike[0].model
