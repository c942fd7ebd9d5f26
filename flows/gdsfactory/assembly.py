"""What was put together and routed in gdsfactory, as a circuit to compare its layout with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import gdsfactory as gf
import kfactory as kf
import klayout.db as kdb
import networkx as nx
from gdsfactory.get_netlist import get_netlist

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.model.registry import build, find
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer

from .components import port_names

Link = tuple[str, str]
"""Two ports that are one net: `left,d1` is port `d1` of instance `left`, a name without a comma one of the top's."""


def circuit_of(component: gf.Component, links: Iterable[Link] | None = None) -> Circuit:
    """The circuit of a component made of analoom's cells and routes; its ports are the component's.

    Without `links` the connections are those that gdsfactory finds, port on port: it names what was routed, right or
    wrong. With `links`, pairs such as `("left,d1", "right,d1")`, they are what was meant, and a wrong route differs
    from them. Raises InputError for a link to no port, for an array of cells, and for a component without any.
    """
    netlist = get_netlist(component, on_multi_connect="ignore", on_dangling_port="ignore", port_matcher=_on_one_metal)
    cells = _cells(netlist["instances"])
    if not cells:
        raise InputError(f"{component.name} has no instance of a registered cell", field="component", remedy="add one")
    found = _found(netlist) if links is None else list(links)
    nets = _nets(cells, netlist["instances"], [*found, *netlist["ports"].items()])
    lines = tuple(SubInstance(name, cell.circuit, _wired(name, cell, nets)) for name, cell in cells.items())
    return Circuit(component.name, tuple(netlist["ports"]), (), lines)


def links_of(schematic: Mapping[str, Any]) -> list[Link]:
    """The links of a `.pic.yml` as read by yaml: those of its `routes`, `connections` and `nets`."""
    routed = [link for route in (schematic.get("routes") or {}).values() for link in route["links"].items()]
    nets = [(net["p1"], net["p2"]) for net in schematic.get("nets") or ()]
    return [*routed, *(schematic.get("connections") or {}).items(), *nets]


def draw_pins(component: gf.Component) -> None:
    """Draws pin and label of every port of `component`, which LVS and extraction know a net by."""
    for port in component.ports:
        layer = Layer((port.layer_info.layer, port.layer_info.datatype))
        place = port.to_itype()
        inside = place.trans * kdb.Box(-place.width, -place.width // 2, 0, place.width // 2)
        component.kdb_cell.shapes(component.kcl.layer(*layer.pin.value)).insert(inside)
        label = kdb.Text(port.name or "", kdb.Trans(kdb.Vector(inside.center().x, inside.center().y)))
        component.kdb_cell.shapes(component.kcl.layer(*layer.label.value)).insert(label)


def _on_one_metal(port1: kf.DPort | kf.Port, port2: kf.DPort | kf.Port) -> bool:
    """Whether two ports are at one place and on one metal, within a grid step."""
    step = port1.to_itype().trans.disp - port2.to_itype().trans.disp
    return port1.layer == port2.layer and max(abs(step.x), abs(step.y)) <= 1


def _cells(instances: Mapping[str, Any]) -> dict[str, Cell]:
    """The registered cells among the instances of a netlist, drawn from their settings."""
    ours = {name: found for name, found in instances.items() if find(found["component"])}
    if arrays := [name for name, found in ours.items() if "array" in found]:
        raise InputError(f"{arrays[0]} is an array of instances", field="component", remedy="place them one by one")
    return {name: build(found["component"], found["settings"]) for name, found in ours.items()}


def _found(netlist: Mapping[str, Any]) -> list[Link]:
    return [(net["p1"], net["p2"]) for net in netlist["nets"]]


def _nets(cells: Mapping[str, Cell], instances: Mapping[str, Any], links: Iterable[Link]) -> dict[str, str]:
    """The net of each pin (`left,d1`), named for the top's port on it or else for its first pin."""
    graph = nx.Graph()
    pins = {name: port_names(cell) for name, cell in cells.items()}
    graph.add_nodes_from(f"{name},{pin}" for name, places in pins.items() for pin in places.values())
    graph.add_edges_from((_node(one, pins, instances), _node(other, pins, instances)) for one, other in links)
    return {node: _net_name(net) for net in nx.connected_components(graph) for node in net}


def _node(end: str, pins: Mapping[str, Mapping[str, str]], instances: Mapping[str, Any]) -> str:
    """The pin that an end of a link stands for; a wire is one node, a top's port stands for itself."""
    name, comma, port = end.partition(",")
    if not comma:
        return end
    if name not in instances or (name in pins and port not in pins[name]):
        known = ", ".join(pins.get(name, instances))
        raise InputError(f"no port {end}", field="links", remedy=f"one of {known}")
    return f"{name},{pins[name][port]}" if name in pins else f"{name},"


def _net_name(net: Iterable[str]) -> str:
    names = sorted(net)
    tops = [name for name in names if "," not in name]
    return min(tops, default=names[0].replace(",", "_").rstrip("_"))


def _wired(name: str, cell: Cell, nets: Mapping[str, str]) -> dict[str, str]:
    return {port: nets[f"{name},{port}"] for port in cell.circuit.ports}
