"""Cells in rows about a common axis, wired by met3 trunks beside them and one met4 track for each net.

Every pin is reached sideways: a met2 stub (met1 for a ring) leaves the cell to the left or the right and ends on a
trunk of its net in the gap there. Trunks run up or down to the net's track, over other cells where need be: leaf cells
end at met2. No two nets meet on a layer, whatever the netlist. The middle cell of each row lies on the axis and comes
first, so that what is mirrored in the parts is mirrored in the wires.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import CUT_GRID_NM, hull, layer_index
from analoom.cells.parts.guard_ring import RING_NM
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET2, MET3, VIA2, VIA3

Side = Literal["left", "right"]
_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}

WIRE_NM = max(VIA2.above.short_nm, VIA3.above.short_nm)
"""Width of trunks and tracks: the pad of a via2 in met3, and of a via3 in met4."""
PITCH_NM = snap_up(WIRE_NM + MET3.space_nm, CUT_GRID_NM)
END_NM = snap_up(VIA3.below.long_nm // 2)
"""How far a trunk runs past the middle of its last cut."""
FIRST_NM = snap_up(max(VIA2.below.long_nm // 2 + MET2.space_nm, (WIRE_NM + MET3.space_nm) // 2), 10)
"""From the edge of a cell to the middle of the first trunk."""


@dataclass(frozen=True)
class Part:
    """A cell to be placed: `nets` by port, and the ports reached from the left and from the right."""

    name: str
    cell: Cell
    nets: Mapping[str, str]
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()

    def reached(self, side: Side) -> tuple[str, ...]:
        """The ports reached from a side."""
        return self.left if side == "left" else self.right


@dataclass(frozen=True)
class PartRow:
    """Parts side by side: one on the axis, others outward from it on either hand."""

    middle: Part
    left: tuple[Part, ...] = ()
    right: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Left to right."""
        return (*reversed(self.left), self.middle, *self.right)

    @property
    def height_nm(self) -> int:
        return max(part.cell.bbox_nm.height() for part in self.parts)


@dataclass(frozen=True)
class Tap:
    """Where a pin's wire leaves its cell (nm): the end of its metal on one side, and the middle of the stub."""

    net: str
    layer: Layer
    x_nm: int
    y_nm: int


@dataclass
class Trunk:
    """A vertical wire of a net at `x_nm` between two levels, with the taps that it serves."""

    net: str
    x_nm: int
    low_nm: int
    high_nm: int
    taps: list[Tap] = field(default_factory=list)


@dataclass(frozen=True)
class _Edge:
    """Where a row ends on one hand: the last cell, its edge and the end of its trunks."""

    cell: Cell
    cell_nm: int
    wires_nm: int


@dataclass
class Floor:
    """The placement under way. `tracks` gives the y (nm) of each net's met4 track."""

    tracks: Mapping[str, int]
    instances: list[Instance] = field(default_factory=list)
    trunks: list[Trunk] = field(default_factory=list)

    def place(self, row: PartRow, y_nm: int) -> None:
        """Places a row with its lower edge at `y_nm`: the middle first, then outward, right and left in turn."""
        x = snap_down(-axis_nm(row.middle.cell))
        self._instance(row.middle, x, y_nm)
        sides: tuple[Side, Side] = ("right", "left")
        edges = {side: self._beside(row.middle, x, y_nm, side) for side in sides}
        for pair in zip_longest(row.right, row.left):
            for side, part in zip(sides, pair, strict=True):
                if part is not None:
                    edges[side] = self._outward(part, edges[side], y_nm, side)

    def _outward(self, part: Part, after: _Edge, y_nm: int, to: Side) -> _Edge:
        """Places a part beyond another, with its trunks on both sides."""
        trunks, wires = self._reserved(part, y_nm, after.wires_nm, _OTHER[to], to)
        clear, box = clearance_nm(after.cell, part.cell), part.cell.bbox_nm
        if to == "right":
            x = snap_up(max(wires, after.cell_nm + clear) - box.left, CUT_GRID_NM)
        else:
            x = snap_down(min(wires, after.cell_nm - clear) - box.right)
        self._instance(part, x, y_nm)
        _tapped(trunks, part, _OTHER[to], x, y_nm)
        return self._beside(part, x, y_nm, to)

    def _beside(self, part: Part, x_nm: int, y_nm: int, side: Side) -> _Edge:
        """Trunks outside a part that has its place."""
        box = part.cell.bbox_nm
        edge = x_nm + (box.right if side == "right" else box.left)
        trunks, wires = self._reserved(part, y_nm, edge, side, side)
        _tapped(trunks, part, side, x_nm, y_nm)
        return _Edge(part.cell, edge, wires)

    def _instance(self, part: Part, x_nm: int, y_nm: int) -> None:
        trans = kdb.Trans(x_nm, y_nm - part.cell.bbox_nm.bottom)
        self.instances.append(Instance(part.name, part.cell, trans, part.nets))

    def _reserved(self, part: Part, y_nm: int, from_nm: int, side: Side, to: Side) -> tuple[dict[str, Trunk], int]:
        """A trunk for each net of a side, from `from_nm` outward, and where the next cell may begin."""
        step, found, end = (1 if to == "right" else -1), dict[str, Trunk](), from_nm
        x = snap_up(from_nm + FIRST_NM, CUT_GRID_NM) if to == "right" else snap_down(from_nm - FIRST_NM)
        for net, levels in _levels(part, side, y_nm).items():
            low, high = _long_enough(min(*levels, self.tracks[net]), max(*levels, self.tracks[net]))
            while not self._free(x, low, high):
                x += step * CUT_GRID_NM
            found[net] = Trunk(net, x, low, high)
            self.trunks.append(found[net])
            end, x = x + step * FIRST_NM, x + step * PITCH_NM
        return found, end

    def _free(self, x_nm: int, low: int, high: int) -> bool:
        """Whether a wire there keeps its distance from every trunk."""
        apart = MET3.space_nm + 2 * END_NM
        return not any(
            abs(t.x_nm - x_nm) < PITCH_NM and t.low_nm - apart < high and low < t.high_nm + apart for t in self.trunks
        )


def axis_nm(cell: Cell) -> int:
    """The middle of a cell's matched devices, or of its outline where it has none."""
    box = hull(box for group in cell.match_groups for member in group.members.values() for box in member)
    return (cell.bbox_nm if box.empty() else box).center().x


def snap_down(value_nm: int) -> int:
    """The largest multiple of the cuts' grid that is at most `value_nm`."""
    return value_nm // CUT_GRID_NM * CUT_GRID_NM


def _long_enough(low_nm: int, high_nm: int) -> tuple[int, int]:
    """The ends of a trunk, moved apart alike where met3 would fall short of its least area."""
    least = snap_up(MET3.area_nm2 / WIRE_NM, CUT_GRID_NM) - 2 * END_NM
    more = max(0, snap_up((least - (high_nm - low_nm)) / 2, CUT_GRID_NM))
    return low_nm - more, high_nm + more


def taps_of(part: Part, side: Side, x_nm: int, y_nm: int) -> Iterator[Tap]:
    """Where the ports of a side are tapped; a ring (met1) at the level of its lower bar, below every bus."""
    dy = y_nm - part.cell.bbox_nm.bottom
    for port in part.reached(side):
        pin = next(p for p in part.cell.pins if p.name == port)
        box = pin.box.moved(x_nm, dy)
        y = box.bottom - RING_NM // 2 if pin.layer is Layer.MET1 else box.center().y
        yield Tap(part.nets[port], pin.layer, box.left if side == "left" else box.right, y)


def levels_of(row: PartRow, y_nm: int) -> dict[str, list[int]]:
    """The levels (nm) at which each net is tapped in a row."""
    found: dict[str, list[int]] = {}
    sides: tuple[Side, Side] = ("left", "right")
    for part in row.parts:
        for side in sides:
            for net, levels in _levels(part, side, y_nm).items():
                found.setdefault(net, []).extend(levels)
    return found


def clearance_nm(a: Cell, b: Cell) -> int:
    """Distance that the wells and implants of two neighbours ask for."""
    need = max(rules.IMPLANT_SPACE.value_nm, rules.PTAP_TO_NWELL.value_nm)
    deep, wells = (_has(a, Layer.DNWELL), _has(b, Layer.DNWELL)), (_has(a, Layer.NWELL), _has(b, Layer.NWELL))
    if all(deep):
        return rules.DNWELL_SPACE.value_nm
    if any(deep) and all(wells):
        return rules.NWELL_TO_DNWELL.value_nm
    return rules.NWELL_SPACE.value_nm if all(wells) else need


def _levels(part: Part, side: Side, y_nm: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for tap in taps_of(part, side, 0, y_nm):
        found.setdefault(tap.net, []).append(tap.y_nm)
    return found


def _tapped(trunks: Mapping[str, Trunk], part: Part, side: Side, x_nm: int, y_nm: int) -> None:
    for tap in taps_of(part, side, x_nm, y_nm):
        trunks[tap.net].taps.append(tap)


def _has(cell: Cell, layer: Layer) -> bool:
    return not cell.layout.begin_shapes_rec(layer_index(layer)).at_end()
