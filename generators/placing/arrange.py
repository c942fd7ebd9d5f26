"""Parts in rows and stacks, nested to any depth, and where each lies for given gaps. Lengths are in nm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Box, hull
from analoom.cells.model.obstacles import is_drawn
from analoom.pdk import rules
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import LEVELS

from .abut import gap_nm, require_abutting
from .leaf import Leaf

Side = Literal["left", "right", "bottom", "top"]

_TURNS = {"": kdb.Trans.R0, "x": kdb.Trans.M0, "y": kdb.Trans.M90}


@dataclass(frozen=True, eq=False)
class Line:
    """Pieces in a line along x or y; parts that abut have no gap that could grow."""

    along: Literal["x", "y"]
    pieces: tuple[Piece, ...]
    abuts: bool = False

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for piece in self.pieces for leaf in piece.leaves)


Piece = Leaf | Line


def row(*pieces: Piece) -> Piece:
    """Pieces side by side, left to right."""
    return Line("x", pieces)


def stack(*pieces: Piece) -> Piece:
    """Pieces above each other, the first lowest."""
    return Line("y", pieces)


def abut(*leaves: Leaf) -> Piece:
    """Parts side by side whose rails or lines meet. Raises SpecError for parts that have none in common."""
    require_abutting(leaves)
    return Line("x", leaves, abuts=True)


def grid(rows: Sequence[Sequence[Piece]]) -> Piece:
    """Rows of pieces, the first lowest."""
    return stack(*(row(*pieces) for pieces in rows))


@dataclass(frozen=True)
class Gap:
    """The strip between two neighbours of a line (nm), by the line and the number of the lower one."""

    line: Line
    index: int
    box: Box


@dataclass
class Arrangement:
    """Where the parts lie, the gaps between them, and by part the neighbours that it abuts."""

    instances: list[Instance] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    abutting: dict[str, list[Instance]] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        """What the parts cover."""
        return hull(instance.cell.bbox_nm.transformed(instance.trans) for instance in self.instances)


Extra = Mapping[tuple[Line, int], int]
"""How much wider (nm) than the least a gap is."""


def placed(tree: Piece, extra: Extra) -> Arrangement:
    """The parts of a tree where they lie for the given gaps, the lower left corner at the origin."""
    found = Arrangement()
    _place(tree, 0, 0, extra, found)
    return found


def size_nm(piece: Piece, extra: Extra) -> tuple[int, int]:
    """Width and height of a piece."""
    if isinstance(piece, Leaf):
        box = _turned_box(piece)
        return snap_up(box.width(), 2 * CUT_GRID_NM), snap_up(box.height(), 2 * CUT_GRID_NM)
    sizes = [size_nm(p, extra) for p in piece.pieces]
    gaps = sum(_gap(piece, k, extra) for k in range(len(sizes) - 1))
    wide, high = [w for w, _ in sizes], [h for _, h in sizes]
    return (sum(wide) + gaps, max(high)) if piece.along == "x" else (max(wide), sum(high) + gaps)


def _place(piece: Piece, x: int, y: int, extra: Extra, found: Arrangement) -> None:
    if isinstance(piece, Leaf):
        box = _turned_box(piece)
        trans = kdb.Trans(x - box.left, y - box.bottom) * kdb.Trans(_TURNS[piece.turned])
        found.instances.append(Instance(piece.name, piece.cell, trans, piece.nets))
        return
    wide, high = size_nm(piece, extra)
    first = len(found.instances)
    for k, part in enumerate(piece.pieces):
        w, h = size_nm(part, extra)
        across = (high - h if piece.along == "x" else wide - w) // 2 // CUT_GRID_NM * CUT_GRID_NM
        _place(part, *((x, y + across) if piece.along == "x" else (x + across, y)), extra, found)
        gap = _gap(piece, k, extra) if k + 1 < len(piece.pieces) else 0
        if piece.abuts:
            pass
        elif gap and piece.along == "x":
            found.gaps.append(Gap(piece, k, Box(x + w, y, x + w + gap, y + high)))
        elif gap:
            found.gaps.append(Gap(piece, k, Box(x, y + h, x + wide, y + h + gap)))
        x, y = (x + w + gap, y) if piece.along == "x" else (x, y + h + gap)
    if piece.abuts:
        for one, other in pairwise(found.instances[first:]):
            found.abutting.setdefault(one.name, []).append(other)
            found.abutting.setdefault(other.name, []).append(one)


def _turned_box(leaf: Leaf) -> Box:
    return leaf.cell.bbox_nm.transformed(kdb.Trans(_TURNS[leaf.turned]))


def _gap(line: Line, k: int, extra: Extra) -> int:
    """From one piece of a line to the next."""
    if line.abuts:
        (one,), (other,) = line.pieces[k].leaves, line.pieces[k + 1].leaves
        return gap_nm(one, other) - size_nm(one, extra)[0] + one.cell.bbox_nm.width()
    least = max(clearance_nm(a.cell, b.cell) for a in line.pieces[k].leaves for b in line.pieces[k + 1].leaves)
    return snap_up(least + extra.get((line, k), 0), 2 * CUT_GRID_NM)


def clearance_nm(a: Cell, b: Cell) -> int:
    """Distance that wells, implants, oxides, plates and wide metal of two neighbours ask for."""
    return max(_of_wells(a, b), _of_oxide(a, b), *_of_plates(a, b), *_of_metal(a, b))


def _of_wells(a: Cell, b: Cell) -> int:
    need = max(rules.IMPLANT_SPACE.value_nm, rules.PTAP_TO_NWELL.value_nm)
    deep, wells = (tuple(is_drawn(one.layout, well) for one in (a, b)) for well in (Layer.DNWELL, Layer.NWELL))
    if all(deep):
        return rules.DNWELL_SPACE.value_nm
    if any(deep) and all(wells):
        return rules.NWELL_TO_DNWELL.value_nm
    return rules.NWELL_SPACE.value_nm if all(wells) else need


def _of_oxide(a: Cell, b: Cell) -> int:
    """What hvi about the thick oxide of 5 V transistors, and the n-wells in it, ask of a neighbour."""
    thick, wells = (tuple(is_drawn(one.layout, layer) for one in (a, b)) for layer in (Marker.HVI, Layer.NWELL))
    if not any(thick):
        return 0
    if all(wells):
        return rules.HVNWELL_SPACE.value_nm
    if all(thick) or any(wells):
        return max(rules.HVI_SPACE.value_nm, rules.HVI_TO_NWELL.value_nm)
    return rules.HVI_TO_DIFF.value_nm


PLATES = (
    (Layer.CAPM, Layer.MET3, rules.CAPM_PLATE_SPACE, rules.CAPM_TO_OTHER_PLATE),
    (Layer.CAP2M, Layer.MET4, rules.CAP2M_PLATE_SPACE, rules.CAP2M_TO_OTHER_PLATE),
)
"""Top plates with the metal of their bottom plates, the space of two bottom plates, and of a plate from other metal."""


def _of_plates(a: Cell, b: Cell) -> Iterator[int]:
    yield 0
    for plate, metal, apart, other in PLATES:
        one, two = is_drawn(a.layout, plate), is_drawn(b.layout, plate)
        if one and two:
            yield max(apart.value_nm, other.value_nm)
        elif (one and is_drawn(b.layout, metal)) or (two and is_drawn(a.layout, metal)):
            yield other.value_nm


def _of_metal(a: Cell, b: Cell) -> Iterator[int]:
    yield 0
    for layer, level in LEVELS.items():
        if is_drawn(a.layout, layer) and is_drawn(b.layout, layer):
            yield level.wide_space_nm
