"""The nets of a hierarchical layout with what antenna ratios ask of each: areas of gates, metal and diodes.

Each cell adds up what it draws and what the cells in it pass up through their pins, so a block that stands a thousand
times is added up once. Metal is merged across cells first: where two cells abut there is no sidewall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import klayout.db as kdb

from analoom.flows.files.placements import placements, places
from analoom.pdk.errors import ToolError


@dataclass(frozen=True)
class Whole:
    """A region of an extraction, and its merged polygons by name of the cell in which each is whole."""

    region: kdb.Region
    by_cell: Mapping[str, list[kdb.Polygon]]


def whole(region: kdb.Region, top: str) -> Whole:
    """Merges a region of the layout with the top cell `top` across its cells."""
    copy = kdb.Layout()
    cell, layer = copy.create_cell(top), copy.layer(1, 0)
    region.merged().insert_into(copy, cell.cell_index(), layer)
    shapes = {c.name: [shape.polygon for shape in c.shapes(layer).each()] for c in copy.each_cell()}
    return Whole(region, {name: polygons for name, polygons in shapes.items() if polygons})


@dataclass
class Sums:
    """What one net holds: areas (nm2), the length of the metal's outline (nm), the metal's polygons whole here."""

    gate_nm2: int = 0
    diode_nm2: int = 0
    metal_nm2: int = 0
    outline_nm: int = 0
    polygons: int = 0
    drawn: list[kdb.Polygon] = field(default_factory=list)

    def add(self, below: Sums) -> None:
        """Adds what a net of a cell below holds."""
        self.gate_nm2 += below.gate_nm2
        self.diode_nm2 += below.diode_nm2
        self.metal_nm2 += below.metal_nm2
        self.outline_nm += below.outline_nm
        self.polygons += below.polygons

    def draw(self, polygon: kdb.Polygon) -> None:
        """Adds one polygon of the metal in question."""
        self.metal_nm2 += polygon.area()
        self.outline_nm += polygon.perimeter()
        self.polygons += 1
        self.drawn.append(polygon)


@dataclass(frozen=True)
class WholeNet:
    """A net that nothing continues: the cell it is whole in, how often that stands, its metal in the top cell."""

    cell: str
    times: int
    sums: Sums
    metal: Callable[[], Iterator[kdb.Polygon]]


class AntennaNets:
    """The nets as extracted so far, summed up for one metal. The regions belong to the extraction.

    `torn` names the cells of which a net's shapes were taken out and merged above, where that net is unknown: the sums
    hold only when there is none.
    """

    def __init__(self, net: kdb.LayoutToNetlist, gate: Whole, diode: Whole, metal: Whole) -> None:
        self._net, self._layout, self._top = net, net.internal_layout(), net.internal_top_cell()
        self._gate, self._diode, self._drawn = gate, diode, metal
        self._times = placements(self._layout, self._top)
        self.torn: set[str] = set()
        self._sums: dict[int, dict[int, Sums]] = {}
        self._pins: dict[int, dict[int, int]] = {}
        for circuit in net.netlist().each_circuit_bottom_up():
            sums = self._added_up(circuit)
            self._sums[circuit.cell_index] = sums
            self._pins[circuit.cell_index] = {c: pin for c in sums for pin in _pins(circuit, c)}

    def where(self, wanted: Callable[[Sums], bool]) -> Iterator[WholeNet]:
        """The whole nets with sums that are wanted; one in a cell that stands often is one net, found many times."""
        for circuit in self._net.netlist().each_circuit_top_down():
            for cluster, sums in self._sums[circuit.cell_index].items():
                if wanted(sums):
                    yield from self._whole(circuit, cluster, sums)

    def _added_up(self, circuit: kdb.Circuit) -> dict[int, Sums]:
        """The sums of a circuit's nets by cluster."""
        here: dict[int, Sums] = defaultdict(Sums)
        for polygon, cluster in self._clusters(self._gate, circuit):
            here[cluster].gate_nm2 += polygon.area()
        for polygon, cluster in self._clusters(self._diode, circuit):
            here[cluster].diode_nm2 += polygon.area()
        for polygon, cluster in self._clusters(self._drawn, circuit):
            here[cluster].draw(polygon)
        for sub in circuit.each_subcircuit():
            for inner, outer in self._links(sub).items():
                here[outer].add(self._sums[sub.circuit_ref().cell_index][inner])
        return dict(here)

    def _clusters(self, shapes: Whole, circuit: kdb.Circuit) -> Iterator[tuple[kdb.Polygon, int]]:
        """Each polygon that is whole in `circuit`, with its net there."""
        for polygon in shapes.by_cell.get(circuit.name, ()):
            path: list[kdb.SubCircuit] = []
            net = self._net.probe_net(shapes.region, middle_of_edge(polygon), path, circuit)
            if net is None:
                where = f"{polygon.bbox()} of {circuit.name}"
                raise ToolError(f"the extraction knows no net of the shape at {where}", field="antenna")
            self.torn |= {sub.circuit_ref().name for sub in path}
            if not path:
                yield polygon, int(net.cluster_id)

    def _links(self, sub: kdb.SubCircuit) -> dict[int, int]:
        """The clusters of a placed circuit that go on above: inner to outer cluster."""
        outer = ((inner, sub.net_for_pin(pin)) for inner, pin in self._pins[sub.circuit_ref().cell_index].items())
        return {inner: int(net.cluster_id) for inner, net in outer if net is not None}

    def _whole(self, circuit: kdb.Circuit, cluster: int, sums: Sums) -> Iterator[WholeNet]:
        """The net where no cell above continues it: in every place of its cell, or in some instances only."""
        if cluster not in self._pins[circuit.cell_index] or circuit.cell_index == self._top.cell_index():
            yield self._found(circuit, cluster, sums, circuit, kdb.ICplxTrans())
            return
        for sub in circuit.each_ref():
            if cluster not in self._links(sub):
                yield self._found(circuit, cluster, sums, sub.circuit(), self._placed(sub))

    def _found(
        self, circuit: kdb.Circuit, cluster: int, sums: Sums, above: kdb.Circuit, placed: kdb.ICplxTrans
    ) -> WholeNet:
        def metal() -> Iterator[kdb.Polygon]:
            for place in places(self._layout.cell(above.cell_index), self._top):
                yield from self._metal(circuit, cluster, place * placed)

        return WholeNet(circuit.name, self._times.get(above.cell_index, 0), sums, metal)

    def _metal(self, circuit: kdb.Circuit, cluster: int, place: kdb.ICplxTrans) -> Iterator[kdb.Polygon]:
        """The net's metal, drawn in the circuit or below it."""
        sums = self._sums[circuit.cell_index].get(cluster)
        if sums is None or not sums.polygons:
            return
        yield from (polygon.transformed(place) for polygon in sums.drawn)
        for sub in {ref.subcircuit().id(): ref.subcircuit() for ref in _below(circuit, cluster)}.values():
            for inner, outer in self._links(sub).items():
                if outer == cluster:
                    yield from self._metal(sub.circuit_ref(), inner, place * self._placed(sub))

    def _placed(self, sub: kdb.SubCircuit) -> kdb.ICplxTrans:
        """Where a subcircuit stands in its circuit, in nm."""
        return kdb.ICplxTrans(sub.trans, self._layout.dbu)


def _pins(circuit: kdb.Circuit, cluster: int) -> Iterator[int]:
    return (ref.pin().id() for ref in circuit.net_by_cluster_id(cluster).each_pin())


def _below(circuit: kdb.Circuit, cluster: int) -> Iterator[kdb.NetSubcircuitPinRef]:
    return circuit.net_by_cluster_id(cluster).each_subcircuit_pin()


def middle_of_edge(polygon: kdb.Polygon) -> kdb.Point:
    """A point on the outline that no other polygon of the layer touches: the middle of the longest edge."""
    longest = max(polygon.each_edge(), key=lambda edge: edge.sq_length())
    return kdb.Point((longest.x1 + longest.x2) // 2, (longest.y1 + longest.y2) // 2)
