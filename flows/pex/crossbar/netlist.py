"""A crossbar's extracted elements as a hierarchy of SPICE subcircuits: tiles in blocks of 4 x 4, blocks in blocks.

A block's ports are the nodes it shares with tiles outside; in mode "rc" a tile holds its synapse's devices too. Equal
blocks are written once, so the file grows with the rim of the array and the logarithm of its size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, product

from analoom.cells.model.circuit import fold_line
from analoom.flows.files.progress import tracked

from .tile_classes import Key, Ref, Tile, TileClasses

FAN_OUT = 4


@dataclass
class HierNetlist:
    """The text being written. `lumped`: the way ("row", "column", "array") of each kind of line that is one node."""

    classes: TileClasses
    lumped: Mapping[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    done: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[str, list[Ref]]] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    named: int = 0

    def __post_init__(self) -> None:
        self.numbers: dict[Key, int] = {}
        self.names: dict[Ref, str] = {}
        seen: dict[Key, set[tuple[int, int]]] = defaultdict(lambda: {(0, 0)})
        for found in (self.classes.resistors, self.classes.capacitors):
            for a, b, _ in (element for elements in found.values() for element in elements):
                for up, right, key in (a, b):
                    seen[key].add((up, right))
        for _, at in (device for found in self.classes.devices.values() for device in found):
            for up, right, key in at.values():
                seen[key].add((up, right))
        self.reach = defaultdict(lambda: (0, 0, 0, 0), {key: _extent(at) for key, at in seen.items()})

    def write(self, name: str, rows: int, cols: int) -> Iterator[str]:
        """The lines of the whole netlist; the subcircuit `name` has the signal pins in order, then the supplies'."""
        row_seq, col_seq = self.classes.row_classes(rows), self.classes.col_classes(cols)
        block, ports = self.block(row_seq, col_seq)
        named = [self._pin(ref, row_seq, col_seq) for ref in ports]
        order = sorted(dict.fromkeys(n for n in named if n), key=_pin_order)
        nets = [n or f"i{k}" for k, n in enumerate(named)]
        self.lines += [fold_line([".subckt", name, *order]), fold_line(["Xarray", *nets, block]), f".ends {name}"]
        return (f"{line}\n" for line in self.lines)

    def _pin(self, ref: Ref, row_seq: tuple[int, ...], col_seq: tuple[int, ...]) -> str:
        row, col, key = ref
        if not key[0]:
            return key[1] if self.lumped and key[1] != "sub" else ""
        if key[0] in self.lumped:
            return f"{key[0]}{(row if self.lumped[key[0]] == 'row' else col) - 1}"
        tile = row_seq[row], col_seq[col]
        kind = self.classes.pins.get((tile, key))
        if kind is None:
            return ""
        inside_row, inside_col = 0 <= tile[0] < self.classes.rows, 0 <= tile[1] < self.classes.cols
        if not inside_row and not inside_col:
            return kind
        return f"{kind}{row - 1}" if inside_row else f"{kind}{col - 1}"

    def _at(self, ref: Ref, row: int = 0, col: int = 0) -> Ref:
        """A node of the tile or block at (row, col); a lumped line has no place along its way."""
        up, right, key = ref
        if not key[0]:
            return ref if not self.lumped or key[1] != "sub" else (0, 0, ("", self.classes.ground))
        way = self.lumped.get(key[0])
        if way is None:
            return up + row, right + col, key
        if way == "array":
            return 0, 0, ("", key[0])
        return (up + row, 0, (key[0],)) if way == "row" else (0, right + col, (key[0],))

    def block(self, row_seq: tuple[int, ...], col_seq: tuple[int, ...]) -> tuple[str, list[Ref]]:
        """(name, ports) of the block of these classes, written when first asked for."""
        if (row_seq, col_seq) not in self.done:
            self.named += 1
            name = f"t{self.named}"
            one = len(row_seq) == len(col_seq) == 1
            ports = self._tile(name, (row_seq[0], col_seq[0])) if one else self._blocks(name, row_seq, col_seq)
            self.done[row_seq, col_seq] = name, ports
        return self.done[row_seq, col_seq]

    def _tile(self, name: str, tile: Tile) -> list[Ref]:
        at = self._at
        elements = [
            [(at(a), at(b), value) for a, b, value in found.get(tile, ())]
            for found in (self.classes.resistors, self.classes.capacitors)
        ]
        devices = [(d, {t: at(ref) for t, ref in ends.items()}) for d, ends in self.classes.devices.get(tile, ())]
        refs = {ref for found in elements for a, b, _ in found for ref in (a, b)}
        refs |= {at((0, 0, key)) for key in self.classes.homes.get(tile, ())}
        refs |= {ref for _, ends in devices for ref in ends.values()}
        ports = sorted(ref for ref in refs if self._is_port(ref, (tile[0],), (tile[1],)))
        self.lines.append(fold_line([".subckt", name, *map(self._net, ports)]))
        for device, ends in devices:
            self.lines.append(replace(device, nets={t: self._net(ref) for t, ref in ends.items()}).spice())
        for letter, found in zip("RC", elements, strict=True):
            for k, (a, b, value) in enumerate(found):
                self.lines.append(f"{letter}{k} {self._net(a)} {self._net(b)} {value:.5g}")
        self.lines.append(f".ends {name}\n")
        self.counts[name] = len(elements[0]), len(elements[1])
        return ports

    def _blocks(self, name: str, row_seq: tuple[int, ...], col_seq: tuple[int, ...]) -> list[Ref]:
        side = 1
        while side * FAN_OUT < max(len(row_seq), len(col_seq)):
            side *= FAN_OUT
        body, refs, count = [], set(), [0, 0]
        for row, col in tracked(product(range(0, len(row_seq), side), range(0, len(col_seq), side))):
            child, ports = self.block(row_seq[row : row + side], col_seq[col : col + side])
            here = self._placed(ports, row, col)
            refs.update(here)
            body.append(fold_line([f"X{row // side}_{col // side}", *map(self._net, here), child]))
            count = [n + m for n, m in zip(count, self.counts[child], strict=True)]
        ports = sorted(self._ports(refs, row_seq, col_seq))
        self.lines += [fold_line([".subckt", name, *map(self._net, ports)]), *body, f".ends {name}\n"]
        self.counts[name] = count[0], count[1]
        return ports

    def _placed(self, ports: list[Ref], row: int, col: int) -> list[Ref]:
        """The ports of a block at (row, col)."""
        if self.lumped:
            return [self._at(ref, row, col) for ref in ports]
        return [(up + row, right + col, key) if key[0] else (up, right, key) for up, right, key in ports]

    def _ports(self, refs: set[Ref], row_seq: tuple[int, ...], col_seq: tuple[int, ...]) -> list[Ref]:
        """Those of `refs` that are ports; most are decided by their reach alone."""
        height, width, reach, is_port = len(row_seq), len(col_seq), self.reach, self._is_port
        found = []
        for ref in refs:
            row, col, key = ref
            down, up, left, right = reach[key]
            if not (up <= row < height + down and right <= col < width + left) or is_port(ref, row_seq, col_seq):
                found.append(ref)
        return found

    def _is_port(self, ref: Ref, row_seq: tuple[int, ...], col_seq: tuple[int, ...]) -> bool:
        """Whether a tile outside the block may see the node, or a pin is on it."""
        row, col, key = ref
        height, width = len(row_seq), len(col_seq)
        if not key[0] or key[0] in self.lumped or not (0 <= row < height and 0 <= col < width):
            return True
        if ((row_seq[row], col_seq[col]), key) in self.classes.pins:
            return True
        down, up, left, right = self.reach[key]
        return row < up or row - down >= height or col < right or col - left >= width

    def _net(self, ref: Ref) -> str:
        name = self.names.get(ref)
        if name is None:
            row, col, key = ref
            number = self.numbers.setdefault(key, len(self.numbers))
            name = f"g{number}" if not key[0] else f"n{number}_{row}_{col}".replace("-", "m")
            self.names[ref] = name
        return name

    def elements(self) -> tuple[int, int]:
        """(resistors, capacitors) of the whole array."""
        return self.counts[next(reversed(self.done.values()))[0]]


def _extent(offsets: set[tuple[int, int]]) -> tuple[int, int, int, int]:
    """Least and largest row offset, least and largest column offset."""
    rows, cols = {row for row, _ in offsets}, {col for _, col in offsets}
    return min(rows), max(rows), min(cols), max(cols)


def _pin_order(name: str) -> tuple[str, int]:
    kind = name.rstrip("0123456789")
    return kind, int(name[len(kind) :] or -1)


def hier_text(
    classes: TileClasses, name: str, rows: int, cols: int, corner: str, lumped: Mapping[str, str] | None = None
) -> tuple[Iterator[str], tuple[int, int]]:
    """(text in pieces, (resistors, capacitors)) of a rows x cols array, the subcircuit `<name>_post` with its devices.

    `lumped`: for classes of mode "c", the way of each kind of line.
    """
    netlist = HierNetlist(classes, lumped or {})
    text = netlist.write(f"{name}_post", rows, cols)
    note = f"* {name} with its parasitics at the {corner} wire corner, by tile classes\n"
    return chain((note,), text), netlist.elements()
