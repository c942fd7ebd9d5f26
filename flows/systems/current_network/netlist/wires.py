"""The wires of a drawn network as its somas and synapses see them: resistors and capacitors between their terminals.

What latches, drivers and their lines hold does not move while a network computes, nor do the supplies, but by what
direct currents drop on them: so what couples to any of these is to the substrate, and of the supplies the nodes are
left that transistors are on. Two things are left out, without which ngspice takes ten times as long: couplings below
LEAST_COUPLING_F are to the substrate from both ends, and between two nodes of a supply stand no resistors that are
FAR times as large as the least at both: it seems up to twice as resistive as it is (of 4-7-3 vdd 271 for 135 ohm, vss
67 for 48), where all wires together move outputs by less than a thousandth.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, replace

from analoom.cells.model.cell import Cell
from analoom.cells.strip.gates import VDD, VSS
from analoom.flows.bench.wiring import UP_TO_HZ
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.parasitics.elements import node
from analoom.flows.pex.parasitics.rc_netlist import wire_lines
from analoom.flows.pex.resistance.extract import node_names, unreduced
from analoom.flows.pex.resistance.rc_result import RcResult
from analoom.flows.pex.resistance.reduce import RcGraph, reduce

from .drawn_devices import DrawnDevices, is_stored

LEAST_COUPLING_F = 5e-17
"""A line of a row has some 40 fF."""
FAR = 10.0
SIMPLER = "couplings below 0.05 fF are to the substrate, and supplies up to twice as resistive as drawn"
"""What a simulation with these wires says of them."""


@dataclass(frozen=True)
class NetworkWires:
    """`terminals`: the node of each terminal by a transistor's word; `resistors` and `capacitors`: lines of SPICE.

    Terminals on stored bits have no node: whoever writes the network says what is stored.
    """

    terminals: Mapping[str, Mapping[str, str]]
    resistors: tuple[str, ...]
    capacitors: tuple[str, ...]

    def of_supplies(self) -> NetworkWires:
        """Resistances of the supplies alone, signals without wires: of 4-7-3 outputs at rest stay within 4e-6 of the
        largest, and are found in half the time."""
        joined = {
            word: {terminal: name if _supplied(name) else name.partition(":")[0] for terminal, name in nodes.items()}
            for word, nodes in self.terminals.items()
        }
        return NetworkWires(joined, tuple(line for line in self.resistors if _supplied(line.split()[1])), ())


def _supplied(name: str) -> bool:
    """Whether a node is a supply's, by its name."""
    return name.partition(":")[0] in (VDD, VSS)


def drawn_wires(cell: Cell, corner: str) -> NetworkWires:
    """The wires of a network at a wire corner, nodes eliminated that are fast at UP_TO_HZ."""
    return wires_of(cell, unreduced(of_cell(cell), corner))


def wires_of(cell: Cell, rc: RcResult) -> NetworkWires:
    """The same of a network whose layout is extracted already; takes `rc` apart."""
    drawn = DrawnDevices.of(cell)
    at = {
        (flat.path, flat.device.name): {
            terminal: rc.devices[flat.path, flat.device.name][terminal]
            for terminal, net in flat.nets.items()
            if not is_stored(net)
        }
        for flat in drawn.flat
    }
    held = _without_still(rc, drawn.nets)
    ports = {held[net] for net in cell.circuit.ports if net in held}
    kept = {0, *ports, *(n for nodes in at.values() for n in nodes.values())}
    _supplies_at(rc, kept)
    reduce(rc.graph, kept, LEAST_COUPLING_F, up_to_hz=UP_TO_HZ)
    names = node_names(rc.graph, held, rc.net_of)
    left = replace(rc, names=names, main=held, devices=at)
    terminals = {
        drawn.word(flat): {t: node(names[n]) for t, n in at[flat.path, flat.device.name].items()} for flat in drawn.flat
    }
    return NetworkWires(terminals, tuple(wire_lines(left, "r")), tuple(wire_lines(left, "c")))


def _without_still(rc: RcResult, moving: set[str]) -> dict[str, int]:
    """Makes nets that do not move the substrate; the main nodes of those that do."""
    moving = moving | {rc.net_of[0]}
    for gone in sorted(rc.graph.g.keys() | rc.graph.c.keys()):
        if rc.net_of[gone] not in moving:
            rc.graph.merge(gone, 0)
    return {net: main for net, main in rc.main.items() if net in moving}


def _supplies_at(rc: RcResult, kept: set[int]) -> None:
    """Leaves of the supplies the nodes `kept`, with the resistances between them."""
    own = {n for n in rc.graph.g.keys() | rc.graph.c.keys() if rc.net_of[n] in (VDD, VSS) and n}
    for n in own:
        for other, c_f in rc.graph.c.pop(n, {}).items():
            del rc.graph.c[other][n]
            if other not in own:
                rc.graph.add(rc.graph.c, 0, other, c_f)
    rc.graph.c |= {n: {} for n in own & kept}
    _eliminate(rc.graph, own - kept)
    _without_far(rc.graph, (own & kept) | {0})


def _eliminate(graph: RcGraph, gone: set[int]) -> None:
    """Takes nodes out, those of the fewest neighbours first."""
    due = [(len(graph.g[n]), n) for n in gone if n in graph.g]
    heapq.heapify(due)
    while due:
        degree, n = heapq.heappop(due)
        if n not in graph.g:
            continue
        if len(graph.g[n]) > degree:
            heapq.heappush(due, (len(graph.g[n]), n))
            continue
        graph.eliminate(n)


def _without_far(graph: RcGraph, nodes: set[int]) -> None:
    """Takes out resistors between `nodes` that are large beside others at both their ends."""
    most = {n: max(graph.g[n].values()) for n in nodes if graph.g.get(n)}
    for a, b, ohm in graph.resistors():
        if a in most and b in most and ohm * min(most[a], most[b]) > FAR:
            del graph.g[a][b], graph.g[b][a]
