"""The extracted netlist as SPICE text that other comparers read: hierarchical, one line a drawn finger or plate.

Names that SPICE would trip over are replaced; pins and nets with a plain label keep it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

import klayout.db as kdb

from analoom.cells.model.circuit import fold_line
from analoom.flows.lvs.devices.models import MODELS
from analoom.pdk.devices import PM2_PER_UM2, PM_PER_UM, WIRE_RESISTORS

Ports = Mapping[str, Sequence[str]]
"""Ports in order by circuit, all in upper case."""

ON_R_LINES = {device.model for device in WIRE_RESISTORS.values()}
"""To netgen a resistor of a wire is another device on an X line."""


def layout_spice(netlist: kdb.Netlist, ports: Ports | None = None) -> str:
    """SPICE text of every circuit in `netlist`, subcircuits first; sizes in um.

    `ports`: circuits whose pins are to stand in an order, as netgen pairs those without devices by place.
    """
    order = ports or {}
    return "\n".join(line for circuit in netlist.each_circuit_bottom_up() for line in _subckt(circuit, order))


def _pins(circuit: kdb.Circuit, order: Ports) -> list[kdb.Pin]:
    """In the order asked for; those not named there last."""
    wanted = {name: k for k, name in enumerate(order.get(circuit.name.upper(), ()))}
    return sorted(circuit.each_pin(), key=lambda pin: wanted.get(_pin_name(circuit, pin), len(wanted)))


def _pin_name(circuit: kdb.Circuit, pin: kdb.Pin) -> str:
    net = circuit.net_for_pin(pin.id())
    return (net.name if net is not None else pin.name()).upper()


def _subckt(circuit: kdb.Circuit, order: Ports) -> Iterator[str]:
    nets = _names(circuit)
    pins = [_pin_net(circuit, pin.id(), nets) for pin in _pins(circuit, order)]
    yield fold_line([".subckt", plain(circuit.name), *pins])
    for device in circuit.each_device():
        yield _device(device, nets)
    for sub in circuit.each_subcircuit():
        below = sub.circuit_ref()
        wired = [_sub_net(sub, pin.id(), nets) for pin in _pins(below, order)]
        yield fold_line([f"Xi{sub.id()}", *wired, plain(below.name)])
    yield f".ends {plain(circuit.name)}\n"


def plain(name: str) -> str:
    """`name` with what SPICE would misread replaced by an underscore."""
    return re.sub(r"[^A-Za-z0-9_\[\]<>]", "_", name)


def _names(circuit: kdb.Circuit) -> dict[int, str]:
    """A name for each net, by its id; unnamed ones are numbered, after the others: a label `n2` keeps its name."""
    names: dict[int, str] = {}
    taken = {"0"}
    for net in sorted(circuit.each_net(), key=lambda net: not net.name):
        wanted = plain(net.name) if net.name else f"n{net.cluster_id}"
        names[net.cluster_id] = wanted if wanted.upper() not in taken else f"{wanted}_{net.cluster_id}"
        taken.add(names[net.cluster_id].upper())
    return names


def _pin_net(circuit: kdb.Circuit, pin: int, nets: dict[int, str]) -> str:
    net = circuit.net_for_pin(pin)
    return nets[net.cluster_id] if net is not None else f"open_{pin}"


def _sub_net(sub: kdb.SubCircuit, pin: int, nets: dict[int, str]) -> str:
    net = sub.net_for_pin(pin)
    return nets[net.cluster_id] if net is not None else f"open_{sub.id()}_{pin}"


def _device(device: kdb.Device, nets: dict[int, str]) -> str:
    model = MODELS[device.device_class().name.upper()].model
    order, sizes = _written(device)
    wired = [_terminal(device, name, nets) for name in order]
    letter = "R" if model in ON_R_LINES else "X"
    settings = (f"{key}={value:.9g}" for key, value in sizes.items())
    return fold_line([f"{letter}d{device.id()}", *wired, model, *settings])


def _written(device: kdb.Device) -> tuple[str, dict[str, float]]:
    """The terminals in the order of the models, and the sizes as Magic writes them."""
    kind, value = device.device_class(), device.parameter
    terminals = "".join(terminal.name for terminal in kind.terminal_definitions())
    if isinstance(kind, kdb.DeviceClassCapacitor):
        w_um, l_um = _plate(value("A"), value("P"))
        return terminals, {"w": w_um, "l": l_um}
    if isinstance(kind, kdb.DeviceClassDiode):
        return terminals, {"perim": value("P") * PM_PER_UM, "area": value("A") * PM2_PER_UM2}
    if isinstance(kind, kdb.DeviceClassBJT3Transistor):
        return terminals, {"m": max(value("NE"), 1.0)}
    order = "DGSB" if isinstance(kind, kdb.DeviceClassMOS4Transistor) else terminals
    return order, {"w": value("W"), "l": value("L")}


def _terminal(device: kdb.Device, name: str, nets: dict[int, str]) -> str:
    net = device.net_for_terminal(name)
    return nets[net.cluster_id] if net is not None else f"open_d{device.id()}_{name}"


def _plate(area_um2: float, perimeter_um: float) -> tuple[float, float]:
    """Sides of the rectangle with that area and perimeter, in um."""
    half = perimeter_um / 4
    spread = math.sqrt(max(half * half - area_um2, 0))
    return half + spread, half - spread
