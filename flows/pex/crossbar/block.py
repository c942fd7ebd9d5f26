"""A block of a crossbar with its devices and its distributed parasitics, cut out of an array of any size.

Where a line leaves the block the cut is a port, `row3_west` or `col5_north`. What couples to a line outside stays on
that line's port; what couples to other nets outside goes to the substrate.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from analoom.cells.model.cell import Cell, weave_of
from analoom.cells.model.circuit import Device, fold_line
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import write_whole
from analoom.flows.files.peak_memory import peak_mb
from analoom.flows.pex.parasitics.elements import element, node
from analoom.flows.pex.parasitics.record import NetC, Parasitics
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.pex.resistance.reduce import Links, RcGraph
from analoom.pdk.errors import InputError

from .rc_tiles import net_name
from .reduce import reduce_classes
from .tile_classes import TileClasses, is_crossbar, tile_classes
from .unfold import Node, Unfolded, unfold

SUBSTRATE = "substrate"


@dataclass(frozen=True)
class Block:
    """Devices with their nodes' names, elements between names (ohm, F), `ports` in order, `net_of` each name.

    `to_outside_f`: what coupled to nets outside that have no port, and went to the substrate.
    """

    ports: tuple[str, ...]
    devices: tuple[Device, ...]
    resistors: tuple[tuple[str, str, float], ...]
    capacitors: tuple[tuple[str, str, float], ...]
    net_of: Mapping[str, str]
    to_outside_f: float

    def spice(self, name: str) -> str:
        """The subcircuit `name`."""
        lines = [fold_line([".subckt", node(name), *map(node, self.ports)])]
        for device in self.devices:
            lines.append(replace(device, nets={t: node(n) for t, n in device.nets.items()}).spice())
        for letter, elements in (("R", self.resistors), ("C", self.capacitors)):
            lines += [element(letter, k, *between) for k, between in enumerate(elements)]
        return "\n".join([*lines, f".ends {node(name)}", ""])


def parse_block(text: str, cell: Cell | None) -> tuple[range, range]:
    """Rows and columns of "0:4,8:12" (the last ones not included). Raises InputError for what does not fit `cell`."""
    if cell is None or not is_crossbar(cell):
        raise InputError("only a crossbar drawn by analoom has blocks", field="block", remedy="leave --block out")
    said = "rows and columns as first:end, the end not included"
    found = re.fullmatch(r"(\d+):(\d+),(\d+):(\d+)", text.replace(" ", ""))
    if not found:
        raise InputError(f"block {text!r}: {said}", field="block", remedy="--block 0:4,0:4")
    r0, r1, c0, c1 = map(int, found.groups())
    weave = weave_of(cell)
    for first, end, most, what in ((r0, r1, weave.rows, "rows"), (c0, c1, weave.cols, "columns")):
        if not first < end <= most:
            raise InputError(f"block {text!r}: {said}, within {most} {what}", field="block", remedy="--block 0:4,0:4")
    return range(r0, r1), range(c0, c1)


def extract_block(
    source: LayoutSource, corner: str, text: str, workdir: Path, options: RcOptions | None = None
) -> Parasitics:
    """Writes the block as `<name>_block_<rows>_<cols>_pex.spice`; `text` as `parse_block` takes it."""
    started = time.perf_counter()
    rows, cols = parse_block(text, source.cell)
    cell = source.cell
    if cell is None:
        raise TypeError("checked by parse_block")
    classes = tile_classes(cell, "rc", corner)
    notes: tuple[str, ...] = source.notes
    if options is not None:
        classes, done = reduce_classes(classes, options, *weave_of(cell).shape)
        notes = (*notes, f"on the sample of tile classes: {done.words()}")
    block = block_of(cell, classes, rows, cols)
    name = f"{source.name}_block_{rows.start}_{rows.stop}_{cols.start}_{cols.stop}"
    said = (
        f"* rows {rows.start} to {rows.stop - 1}, columns {cols.start} to {cols.stop - 1} of {source.name}, {corner}\n"
    )
    path = write_whole(workdir / f"{name}_pex.spice", said + block.spice(name))
    notes = (*notes, f"{block.to_outside_f:.3g} F of coupling to inner nets outside the block are on the substrate")
    nets = _totals(block)
    counts = len(block.capacitors), len(block.resistors)
    seconds = time.perf_counter() - started
    return Parasitics(
        name, "rc", corner, block.ports, SUBSTRATE, nets, path, counts[0], seconds, peak_mb(), counts[1], notes
    )


def block_of(cell: Cell, classes: TileClasses, rows: range, cols: range) -> Block:
    """Cuts rows x cols out of the array that `classes` describe; at its edge a block has the rim too."""
    spans, weave = [], weave_of(cell)
    for span, count, of in (
        (rows, weave.rows, classes.row_classes(weave.rows)),
        (cols, weave.cols, classes.col_classes(weave.cols)),
    ):
        inner = range(span.start - (span.start == 0), span.stop + (span.stop == count))
        margin = _reach(classes)
        spans.append(
            (inner, {k: of[k + 1] for k in range(inner.start - margin, inner.stop + margin) if -1 <= k <= count})
        )
    (rows_in, row_of), (cols_in, col_of) = spans
    return _Cut(cell, unfold(classes, row_of, col_of), rows_in, cols_in).block()


def _reach(classes: TileClasses) -> int:
    """How many tiles away the farthest node lies that an element of a tile has."""
    offsets = (
        max(abs(up), abs(right))
        for found in (classes.resistors, classes.capacitors)
        for elements in found.values()
        for a, b, _ in elements
        for up, right, key in (a, b)
        if key[0]
    )
    return max(offsets, default=0)


class _Cut:
    def __init__(self, cell: Cell, spread: Unfolded, rows: range, cols: range) -> None:
        self.lines, self.spread, self.rows, self.cols = weave_of(cell).lines, spread, rows, cols
        self.names: dict[int, str] = {0: SUBSTRATE}
        self.nets: dict[str, str] = {SUBSTRATE: SUBSTRATE}
        self.ports: dict[str, None] = {}

    def block(self) -> Block:
        self._pins()
        self._cut_lines()
        self._inner()
        resistors, capacitors = RcGraph(), RcGraph()
        numbers: dict[str, int] = {}
        lost_f = 0.0
        for links, out in ((self.spread.graph.g, resistors.g), (self.spread.graph.c, capacitors.c)):
            for a, b, value in _each(links):
                if not (self._inside(a) or self._inside(b)):
                    continue
                ends = [self._name(n) for n in (a, b)]
                lost_f += value if out is capacitors.c and None in ends else 0.0
                x, y = (numbers.setdefault(end or SUBSTRATE, len(numbers)) for end in ends)
                RcGraph.add(out, x, y, value)
        names = list(numbers)
        return Block(
            tuple(sorted(self.ports)),
            tuple(self._device(*device) for device in self.spread.devices if self._holds(*device[:2])),
            tuple((names[a], names[b], ohm) for a, b, ohm in resistors.resistors()),
            tuple((names[a], names[b], c_f) for a, b, c_f in capacitors.capacitors()),
            self.nets,
            lost_f,
        )

    def _holds(self, row: int, col: int) -> bool:
        return row in self.rows and col in self.cols

    def _inside(self, number: int) -> bool:
        row, col, key = self.spread.nodes[number]
        return bool(key[0]) and self._holds(row, col)

    def _net(self, node_: Node) -> str:
        row, col, key = node_
        if key[0] in self.lines or not key[0]:
            return net_name(node_, self.lines, SUBSTRATE, {})
        return f"r{row}c{col}.{key[0]}"

    def _port(self, number: int, name: str, net: str) -> None:
        self.names[number], self.nets[name], self.ports[name] = name, net, None

    def _pins(self) -> None:
        for _, number in self.spread.pins:
            if self._inside(number):
                net = self._net(self.spread.nodes[number])
                self._port(number, net, net)

    def _cut_lines(self) -> None:
        for a, b, _ in _each(self.spread.graph.g):
            for inside, outside in ((a, b), (b, a)):
                if self._inside(inside) and not self._inside(outside) and outside and outside not in self.names:
                    net = self._net(self.spread.nodes[outside])
                    self._port(outside, f"{net}_{self._side(outside)}", net)

    def _side(self, number: int) -> str:
        row, col, _ = self.spread.nodes[number]
        if col not in self.cols:
            return "west" if col < self.cols.start else "east"
        return "south" if row < self.rows.start else "north"

    def _inner(self) -> None:
        counts: dict[str, int] = {}
        for number, place in enumerate(self.spread.nodes):
            if number not in self.names and (self._inside(number) or (number and not place[2][0])):
                net = self._net(place)
                counts[net] = counts.get(net, 0) + 1
                name = f"{net}:{counts[net]}"
                self.names[number], self.nets[name] = name, net

    def _name(self, number: int) -> str | None:
        """The name of a node; one outside is on its line's port on that side, else on its line's first port."""
        if number in self.names:
            return self.names[number]
        net = self._net(self.spread.nodes[number])
        own = sorted(port for port in self.ports if self.nets[port] == net)
        near = f"{net}_{self._side(number)}"
        return near if near in own else next(iter(own), None)

    def _device(self, row: int, col: int, device: Device, at: Mapping[str, int]) -> Device:
        nets = {terminal: self._name(number) or SUBSTRATE for terminal, number in at.items()}
        return replace(device, name=f"r{row}c{col}_{device.name}", nets=nets)


def _each(links: Links) -> list[tuple[int, int, float]]:
    return [(a, b, value) for a in sorted(links) for b, value in sorted(links[a].items()) if a < b]


def _totals(block: Block) -> dict[str, NetC]:
    substrate: dict[str, float] = {}
    coupling: dict[str, dict[str, float]] = {net: {} for net in sorted(set(block.net_of.values()) - {SUBSTRATE})}
    for a, b, c_f in block.capacitors:
        one, two = block.net_of[a], block.net_of[b]
        if SUBSTRATE in (one, two):
            net = two if one == SUBSTRATE else one
            substrate[net] = substrate.get(net, 0.0) + c_f
        elif one != two:
            for x, y in ((one, two), (two, one)):
                coupling[x][y] = coupling[x].get(y, 0.0) + c_f
    return {net: NetC(substrate.get(net, 0.0), to) for net, to in coupling.items()}
