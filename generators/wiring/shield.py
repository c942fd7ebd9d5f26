"""Wires on both sides of a net, tied at both ends to another net that keeps what is beside them off it.

Each is laid before its net is wired, and its ends are pins of that: what lies between them is no way from one to the
other, so that either end has a tie of its own. Lengths are in nm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil

import klayout.db as kdb

from analoom.cells.model.drawing import Box
from analoom.generators.ways.lattice import STEP_NM, Counted, Lattice
from analoom.generators.ways.net import Joint, Net, Shape, Terminal, wire_box
from analoom.generators.ways.wire_kinds import ROUTED, half_nm
from analoom.pdk.errors import SpecError

from .join import runs
from .twins import length_nm

LEAST_NM = 1500
"""Shorter pieces are not worth their ties."""
Laid = tuple[int, Box]


def beside(net: Net, lattice: Lattice, fixed: Counted) -> list[Laid]:
    """Level and box of the wires that find room beside those of a net, which are among what is `fixed`."""
    found = list[Laid]()
    for way in net.ways:
        for run in runs(lattice, way):
            for nodes in _lines_beside(run, lattice):
                found += _free(nodes, lattice, fixed, found)
    return found


def require_shielded(net: Net, laid: Sequence[Laid], lattice: Lattice, least_frac: float) -> None:
    """Raises SpecError with net, share and bound where less of a net has a shield on both its sides."""
    has = sum(max(box.width(), box.height()) for _, box in laid) / max(2 * length_nm(net, lattice), 1)
    if has < least_frac:
        bound = f"a shield along at least {least_frac:.3g} of its sides, not {has:.3g}"
        raise SpecError("floorplan", net.name, bound, "room on both sides of its wires: parts farther from it")


def shapes_of(laid: Sequence[Laid]) -> Iterator[Shape]:
    """The wires as they are drawn."""
    return ((ROUTED[level].layer, box) for level, box in laid)


def ends_of(laid: Sequence[Laid], name: str) -> Iterator[Terminal]:
    """The pins at both ends of each wire."""
    for k, (level, box) in enumerate(laid):
        for end, place in zip("ab", _ends(level, box), strict=True):
            joint = Joint(ROUTED[level].layer, place, ROUTED[level].space_nm, kdb.Region(box))
            yield Terminal(f"shield {name} {k}{end}", (joint,), laid=True)


def bar_middle(laid: Sequence[Laid], fixed: Counted) -> None:
    """Lets no way run along the wires themselves."""
    for level, box in laid:
        one, other = _ends(level, box)
        middle = kdb.Region(box) - kdb.Region(one.enlarged(1, 1)) - kdb.Region(other.enlarged(1, 1))
        fixed.add(level, middle.bbox(), 0)


def _ends(level: int, box: Box) -> tuple[Box, Box]:
    """The two ends of a wire, each with a line of the lattice."""
    deep = 2 * half_nm(level) + STEP_NM
    if box.width() > box.height():
        return box & box.moved(deep - box.width(), 0), box & box.moved(box.width() - deep, 0)
    return box & box.moved(0, deep - box.height()), box & box.moved(0, box.height() - deep)


def _lines_beside(run: tuple[int, tuple[int, int], tuple[int, int]], lattice: Lattice) -> Iterator[list[int]]:
    """The crossings beside a straight wire, on the nearest line on either side that a via's pad may stand on."""
    level, a, b = run
    (i, j), (k, m) = sorted((lattice.lines_at(*a), lattice.lines_at(*b)))
    apart = ceil((ROUTED[level].width_nm + ROUTED[level].space_nm) / STEP_NM) * STEP_NM
    lines, at = (lattice.ys, a[1]) if j == m else (lattice.xs, a[0])
    for side in (-1, 1):
        beyond = [n for n, line in enumerate(lines) if side * (line - at) >= apart]
        if beyond:
            n = min(beyond, key=lambda n: abs(lines[n] - at))
            cells = ((p, n) for p in range(i, k + 1)) if j == m else ((n, p) for p in range(j, m + 1))
            yield [lattice.node(level, *cell) for cell in cells]


def _free(nodes: Sequence[int], lattice: Lattice, fixed: Counted, laid: Sequence[Laid]) -> Iterator[Laid]:
    """The wires along a line that keep off what is fixed and what has been laid."""
    for is_free, group in groupby(nodes, key=lambda node: _is_free(node, lattice, fixed, laid)):
        piece = list(group)
        (level, *a), (_, *b) = lattice.at(piece[0]), lattice.at(piece[-1])
        if is_free and abs(a[0] - b[0]) + abs(a[1] - b[1]) >= LEAST_NM:
            yield level, wire_box(level, (a[0], a[1]), (b[0], b[1]))


def _is_free(node: int, lattice: Lattice, fixed: Counted, laid: Sequence[Laid]) -> bool:
    level, x, y = lattice.at(node)
    near = wire_box(level, (x, y), (x, y)).enlarged(ROUTED[level].space_nm - 1, ROUTED[level].space_nm - 1)
    return bool(fixed.wires.flat[node] <= 0) and not any(on == level and box.touches(near) for on, box in laid)
