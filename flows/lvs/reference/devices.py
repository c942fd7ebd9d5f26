"""The devices of a netlist's lines, made in klayout's classes: terminals in the order of the models, sizes in um."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import klayout.db as kdb

from analoom.flows.lvs.devices.models import (
    BIPOLAR_TERMINALS,
    CAP_CLASS_F_PER_UM2,
    CAP_TERMINALS,
    DIODE_TERMINALS,
    MOS_TERMINALS,
    OHM_PER_SQUARE,
    RES_TERMINALS,
    Device,
    general_model,
)
from analoom.flows.lvs.devices.units import BODY, FINGERS, body_um
from analoom.pdk.devices import BipolarDevice, CapDevice, DiodeDevice, MosDevice, ResDevice, VaractorDevice


@dataclass(frozen=True)
class Sizes:
    """What a line says of its device: sides of all fingers in um, or a junction's area and perimeter; numbers."""

    w_um: float = 0.0
    l_um: float = 0.0
    copies: float = 1.0
    fingers: float = 1.0
    area_um2: float = 0.0
    perimeter_um: float = 0.0


def add_device(circuit: kdb.Circuit, device: Device, name: str, nets: Sequence[kdb.Net], sizes: Sizes) -> None:
    """Adds a device called `name`, its terminals on `nets`."""
    make = _MAKERS[type(device)]
    model, kind, terminals, parameters = make(device, sizes)
    made = circuit.create_device(_device_class(circuit.netlist(), model, kind), name)
    for terminal, net in zip(terminals, nets, strict=False):
        made.connect_terminal(terminal, net)
    for key, value in parameters.items():
        made.set_parameter(key, value)


def add_finger_caps(
    circuit: kdb.Circuit, model: str, name: str, nets: Sequence[kdb.Net], ports: Sequence[str], copies: int
) -> None:
    """Adds calls of a metal-finger capacitor's cell, which holds no device and is known by its ports."""
    netlist = circuit.netlist()
    cell = netlist.circuit_by_name(model.upper())
    if cell is None:
        cell = _cell(netlist, model.upper(), ports)
    for copy in range(copies):
        call = circuit.create_subcircuit(cell, f"{name}_m{copy + 1}" if copy else name)
        for pin, net in zip(cell.each_pin(), nets, strict=True):
            call.connect_pin(pin, net)


def _cell(netlist: kdb.Netlist, name: str, ports: Sequence[str]) -> kdb.Circuit:
    cell = kdb.Circuit()
    cell.name = name
    netlist.add(cell)
    for port in ports:
        cell.connect_pin(cell.create_pin(port), cell.create_net(port))
    return cell


Made = tuple[str, type[kdb.DeviceClass], Sequence[str], Mapping[str, float]]
"""Model, klayout's class, its terminals in order, its parameters."""


def _mos(device: MosDevice, x: Sizes) -> Made:
    parameters = {"W": x.w_um * x.copies, "L": x.l_um, FINGERS: x.fingers * x.copies}
    return device.model, kdb.DeviceClassMOS4Transistor, MOS_TERMINALS, parameters


def _cap(device: CapDevice, x: Sizes) -> Made:
    return device.model, kdb.DeviceClassCapacitor, CAP_TERMINALS, _plate(x)


def _varactor(device: VaractorDevice, x: Sizes) -> Made:
    return device.model, kdb.DeviceClassCapacitorWithBulk, RES_TERMINALS, _plate(x)


def _plate(x: Sizes) -> dict[str, float]:
    area_um2 = x.w_um * x.l_um * x.copies
    return {"A": area_um2, "C": area_um2 * CAP_CLASS_F_PER_UM2, "P": 2 * (x.w_um + x.l_um) * x.copies}


def _res(device: ResDevice, x: Sizes) -> Made:
    kind = kdb.DeviceClassResistorWithBulk if "b" in device.terminals else kdb.DeviceClassResistor
    body = body_um(device.model, x.w_um, x.l_um) * x.copies
    sizes = {"W": x.w_um * x.copies, "L": x.l_um, "R": OHM_PER_SQUARE * x.l_um / (x.w_um * x.copies)}
    parameters = {**sizes, "A": x.l_um * x.w_um * x.copies, BODY: body}
    return general_model(device), kind, RES_TERMINALS, parameters


def _diode(device: DiodeDevice, x: Sizes) -> Made:
    parameters = {"A": x.area_um2 * x.copies, "P": x.perimeter_um * x.copies}
    return device.model, kdb.DeviceClassDiode, DIODE_TERMINALS, parameters


def _bipolar(device: BipolarDevice, x: Sizes) -> Made:
    kind = kdb.DeviceClassBJT3Transistor if device.polarity == "pnp" else kdb.DeviceClassBJT4Transistor
    return device.model, kind, BIPOLAR_TERMINALS, {"AE": device.emitter_um2 * x.copies, "NE": x.copies}


_MAKERS: dict[type, Callable[[Any, Sizes], Made]] = {
    MosDevice: _mos,
    CapDevice: _cap,
    VaractorDevice: _varactor,
    ResDevice: _res,
    DiodeDevice: _diode,
    BipolarDevice: _bipolar,
}


def _device_class(netlist: kdb.Netlist, model: str, kind: type[kdb.DeviceClass]) -> kdb.DeviceClass:
    """One class a model; upper case, or a netlist that ignores case would not find it again."""
    found = netlist.device_class_by_name(model.upper())
    if found is None:
        found = kind()
        found.name = model.upper()
        netlist.add(found)
    return found
