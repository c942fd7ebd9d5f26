"""Top-level pins of an extracted layout: which labels are ports, and what the labels say about opens and shorts.

A label is a port when it lies on a pin-purpose shape of its conductor; in a layout whose top cell has no such shape
every label of the top cell is one. A label elsewhere only names its net.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import klayout.db as kdb

from analoom.flows.lvs.reference.ties import BETWEEN
from analoom.pdk.layers import CONDUCTORS, Layer

CONDUCTOR_NAMES = tuple(x.name.removesuffix("_LABEL") for x in Layer if x.name.endswith("_LABEL"))
WIRES = {layer.name for layer in CONDUCTORS}
MOST_PLACES = 4
"""So many coordinates are named for one net."""

MOST_BRIDGES = 3
"""So many shorts are traced to where the nets meet."""


@dataclass(frozen=True)
class Label:
    """A text of the top cell, at a point in nm; `is_port` when it lies on a pin shape."""

    name: str
    conductor: str
    at: kdb.Point
    is_port: bool
    on_wire: bool = True

    def place(self) -> str:
        return f"{self.conductor} ({self.at.x / 1000:g}, {self.at.y / 1000:g})"


def labels(layout: kdb.Layout, top: kdb.Cell) -> list[Label]:
    """The labels of the top cell."""
    found = [label for name in CONDUCTOR_NAMES for label in _on_conductor(layout, top, name)]
    if any(label.is_port for label in found):
        return found
    return [replace(x, is_port=True) for x in found]


def astray(netlist: kdb.Netlist, top: str, found: list[Label], wanted: Collection[str]) -> list[Label]:
    """The labels on no wire that are none of the `wanted` ports, in upper case: they name nothing."""
    circuit = netlist.circuit_by_name(top)
    nets = {} if circuit is None else _nets_by_label(circuit, found)
    return [x for x in found if x.name.upper() not in wanted and _is_lost(x, nets)]


def connect_ports(
    netlist: kdb.Netlist,
    top: str,
    found: list[Label],
    bridge: Callable[[Label, Label], str],
    tied: Sequence[Sequence[str]] = (),
) -> list[str]:
    """Makes the port labels pins of the circuit `top`. Returns the shorts, opens and lost labels seen on the way.

    `bridge` tells what lies between two labels on one wire; `tied` are ports, in upper case, that the schematic ties.
    """
    circuit = netlist.circuit_by_name(top)
    if circuit is None:
        return [f"{label.name}: its label at {label.place()} lies on no wire" for label in found]
    nets = _nets_by_label(circuit, found)
    ports = {x.name for x in found if x.is_port}
    problems = _lost(found, nets) + _opens(found, nets) + _shorts(nets, found, ports, bridge, tied)
    taken: set[int] = set()
    for name in sorted(ports & nets.keys()):
        net = nets[name][0]
        if net.cluster_id not in taken:
            taken.add(net.cluster_id)
            group = next((names for names in tied if name.upper() in names), [name])
            net.name = BETWEEN.join(group) if len(group) > 1 else net.name
            circuit.connect_pin(circuit.create_pin(BETWEEN.join(group)), net)
    return problems


def _on_conductor(layout: kdb.Layout, top: kdb.Cell, name: str) -> Iterable[Label]:
    pin = layout.find_layer(*Layer[f"{name}_PIN"].value)
    wire = layout.find_layer(*Layer[name].value) if name in Layer.__members__ else None
    for purpose in ("LABEL", "PIN"):
        index = layout.find_layer(*Layer[f"{name}_{purpose}"].value)
        if index is None:
            continue
        for shape in top.shapes(index).each(kdb.Shapes.STexts):
            at = shape.text.trans.disp
            point = kdb.Point(at.x, at.y)
            on_wire = name not in Layer.__members__ or (wire is not None and _has_shape(top, wire, point))
            is_port = pin is not None and _has_shape(top, pin, point)
            yield Label(shape.text.string, name.lower(), point, is_port, on_wire)


def _has_shape(top: kdb.Cell, layer: int, point: kdb.Point) -> bool:
    spot = kdb.Box(point, point)
    return any(not x.shape().is_text() for x in top.begin_shapes_rec_touching(layer, spot).each())


def _nets_by_label(circuit: kdb.Circuit, found: list[Label]) -> dict[str, list[kdb.Net]]:
    """klayout puts a comma between the labels of a net; a label may hold one too."""
    nets: dict[str, list[kdb.Net]] = defaultdict(list)
    commas = {label.name for label in found if "," in label.name}
    for net in circuit.each_net():
        whole = [name for name in commas if f",{name}," in f",{net.name},"]
        rest = net.name
        for name in whole:
            rest = f",{rest},".replace(f",{name},", ",").strip(",")
        for name in filter(None, [*whole, *rest.split(",")]):
            nets[name].append(net)
    return nets


def _lost(found: list[Label], nets: dict[str, list[kdb.Net]]) -> list[str]:
    return [f"{x.name}: its label at {x.place()} lies on no wire" for x in found if _is_lost(x, nets)]


def _is_lost(label: Label, nets: dict[str, list[kdb.Net]]) -> bool:
    return not label.on_wire or label.name not in nets


def _opens(found: list[Label], nets: dict[str, list[kdb.Net]]) -> list[str]:
    return [
        f"net {name} is open: its labels lie on {len(nets[name])} separate wires: {_places(found, {name})}"
        for name in sorted({x.name for x in found} & nets.keys())
        if len(nets[name]) > 1
    ]


def _shorts(
    nets: dict[str, list[kdb.Net]],
    found: list[Label],
    ports: set[str],
    bridge: Callable[[Label, Label], str],
    tied: Sequence[Sequence[str]],
) -> list[str]:
    on_net: dict[int, set[str]] = defaultdict(set)
    for name in sorted(ports & nets.keys()):
        for net in nets[name]:
            on_net[net.cluster_id].add(name)
    shorts: list[str] = []
    for names in on_net.values():
        if len(names) > 1 and not any({name.upper() for name in names} <= set(group) for group in tied):
            where = _bridged(found, sorted(names), bridge) if len(shorts) < MOST_BRIDGES else ""
            shorts.append(f"nets {' and '.join(sorted(names))} are shorted: {_places(found, names)}{where}")
    return shorts


def _bridged(found: list[Label], names: list[str], bridge: Callable[[Label, Label], str]) -> str:
    """Between the first labels of the first two names that lie on drawn wires; of wells nothing is told."""
    on_wires = [[x for x in found if x.name == name and x.conductor.upper() in WIRES] for name in names]
    ends = [labels[0] for labels in on_wires if labels][:2]
    between = bridge(*ends) if len(ends) == 2 else ""
    return f"; {ends[0].name} and {ends[1].name} meet by way of {between}" if between else ""


def _places(found: list[Label], names: set[str]) -> str:
    places = [f"{x.name} on {x.place()}" for x in found if x.name in names]
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return ", ".join(places[:MOST_PLACES]) + more
