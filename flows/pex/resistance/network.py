"""Resistance of a layout as a network of nodes: every bar a chain of points, every cut a resistor.

Along a bar the current flows in one direction; its resistance is the sheet's times length over the corrected width.
A right-angled turn adds what two half squares lack to the exact bend. Cuts on one spot of a bar are one point, so an
array of cuts conducts in parallel. Slanted and finely stepped conductors are solved as sheets (`sheets`). Left out:
spreading inside wide plates of right angles, the sheet of diffusion, wells, MIM plates, resistor bodies and the heads
of precision resistors with their contacts (the device models hold them) and of the substrate, which is one node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import klayout.db as kdb
import numpy as np

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.pex.shapes.bodies import bodies_of
from analoom.flows.pex.shapes.conductors import FlatConductors
from analoom.flows.pex.shapes.geometry import HIGH_MARKS, Ints, Level, Shapes, not_too_large
from analoom.flows.pex.shapes.names import Label, net_names, top_labels
from analoom.flows.pex.shapes.read import boxes_with_bodies
from analoom.pdk.layers import Layer
from analoom.pdk.wire_resistance import CORNER_SQUARES, WireResistance
from analoom.pdk.wires import Array

from .bars import (
    LUMPED,
    SUBSTRATE_NET,
    Contact,
    Joint,
    Parts,
    contacts_of,
    crossings_of,
    joints_among,
    joints_of,
    parts_of,
)

SAME_SPOT_NM = 6.0
"""Points of a bar closer than this along it are one node."""

BEND_REACH = 0.75
"""A joint at most this many of its own widths from the end of a bar is a turn."""

SHORT_OHM = 1e-6
"""Resistance of a cut or joint between two lumped parts."""


MOST_ENTRIES = 40
"""Finely stepped conductors where current enters in more places, such as rails, stay bars, as every place of a sheet
has a resistor to every other: there a step across the current may count as a bar that thin."""


@dataclass(frozen=True)
class Terminal:
    """A place where a device meets the wires: `kind` is gate, diff, top, bottom or body (the ends of resistors)."""

    kind: str
    node: int
    x_nm: float
    y_nm: float


@dataclass(frozen=True)
class RcNetwork:
    """Nodes and resistors of a layout. Node 0 is the substrate.

    `boxes` (n, 6) int64: the conductors cut so that each box belongs to the node in its second column; `net`, `level`
    (nodes,), `at_nm` (nodes, 2); resistors between nodes `a`, `b` (m,) of `ohm`; the top cell's labels and the devices'
    terminals with their nodes; `names` by net number. `drawn`: the conductors as drawn, by net number.
    """

    boxes: Ints
    net: Ints
    level: Ints
    at_nm: Array
    a: Ints
    b: Ints
    ohm: Array
    labels: tuple[tuple[Label, int], ...]
    terminals: tuple[Terminal, ...]
    names: tuple[str, ...]
    drawn: Shapes


def rc_network(source: LayoutSource, tables: WireResistance, crossings: bool = True) -> RcNetwork:
    """The resistors of a layout, flat. `crossings`: nodes where wires cross, too."""
    not_too_large(source)
    flat = FlatConductors(source)
    parts = parts_of(flat, tables.delta_um)
    bodies = tuple(bodies_of(flat))
    boxes, slanted = boxes_with_bodies(flat, bodies)
    drawn = Shapes(boxes, SUBSTRATE_NET, int(boxes[:, 1].max()) + 1, slanted, bodies)
    work = _Work(parts, tables, flat, drawn)
    work.collect(source, crossings)
    return work.network(tuple(net_names(source, drawn)))


@dataclass
class _Point:
    part: int
    x_nm: float
    y_nm: float
    id: int
    radius_nm: float = 0.0
    """Where current enters a sheet; 0: across the whole wire."""


class _Work:
    """Points are numbered as they come; `root` joins those that are one node."""

    def __init__(self, parts: Parts, tables: WireResistance, flat: FlatConductors, drawn: Shapes) -> None:
        self.parts, self.tables, self.flat, self.drawn = parts, tables, flat, drawn
        self.level, self.net, self.nm = parts.level.tolist(), parts.net.tolist(), parts.nm.tolist()
        self.of_part: dict[int, list[_Point]] = defaultdict(list)
        self.parent: list[int] = [0]
        self.place: list[tuple[int, float, float]] = [(-1, 0.0, 0.0)]
        self.resistors: list[tuple[int, int, float]] = []
        self.turns: list[tuple[int, Joint, int]] = []
        self.labels: list[tuple[Label, int]] = []
        self.terminals: list[tuple[str, int, float, float]] = []
        self.body_ends: list[list[int]] = []
        self.marks = tuple(filter(flat.source.has, HIGH_MARKS))

    def point(self, part: int, x_nm: float, y_nm: float, radius_nm: float = 0.0) -> int:
        """A new point on a part; every point on the substrate or on a tap in it is number 0."""
        if self._in_substrate(part, x_nm, y_nm):
            return 0
        number = len(self.parent)
        self.parent.append(number)
        self.place.append((part, x_nm, y_nm))
        self.of_part[part].append(_Point(part, x_nm, y_nm, number, radius_nm))
        return number

    def _in_substrate(self, part: int, x_nm: float, y_nm: float) -> bool:
        """n-type diffusion and plates are not, though wires may tie them to the substrate's net."""
        level, net = self.level[part], self.net[part]
        if net != SUBSTRATE_NET or level not in (Level.FIELD, Level.DIFF):
            return False
        return level == Level.FIELD or not self.flat.is_n(x_nm, y_nm)

    def root(self, k: int) -> int:
        while self.parent[k] != k:
            self.parent[k] = self.parent[self.parent[k]]
            k = self.parent[k]
        return k

    def union(self, a: int, b: int) -> None:
        a, b = self.root(a), self.root(b)
        if a != b:
            self.parent[max(a, b)] = min(a, b)

    def collect(self, source: LayoutSource, crossings: bool) -> None:
        for joint in joints_of(self.parts):
            self._join(joint)
        for contact in contacts_of(self.flat, self.parts):
            self._contact(contact)
        self._label(top_labels(source))
        self._devices()
        self._bodies()
        if crossings:
            for part, x, y in crossings_of(self.parts):
                self.point(part, x, y)
        for part in np.nonzero(self.parts.sheet < 0)[0].tolist():
            self._chain(part)
        for sheet in range(len(self.parts.sheets)):
            self._sheet(sheet)

    def _join(self, joint: Joint) -> None:
        ends = [self.point(part, joint.x_nm, joint.y_nm) for part in (joint.a, joint.b)]
        for part, end in zip((joint.a, joint.b), ends, strict=True):
            self.turns.append((part, joint, end))
        self.resistors.append((ends[0], ends[1], 0.0))

    def _contact(self, cut: Contact) -> None:
        low, high = (self.point(part, cut.x_nm, cut.y_nm, cut.size_nm / 2) for part in (cut.low, cut.high))
        self.resistors.append((low, high, self._cut_ohm(cut)))

    def _cut_ohm(self, cut: Contact) -> float:
        if cut.layer is not Layer.LICON:
            return self.tables.cut_ohm[cut.layer]
        if self._is_head(cut.low):
            return 0.0
        if self.level[cut.low] == Level.POLY:
            return self.tables.licon_ohm["poly"]
        return self.tables.licon_ohm["n" if self.flat.is_n(cut.x_nm, cut.y_nm) else "p"]

    def _is_head(self, part: int) -> bool:
        """Whether a part is the head of a precision resistor: poly under rpm or urpm."""
        if not self.marks or self.level[part] != Level.POLY:
            return False
        box = kdb.Polygon(kdb.Box(*map(round, self.nm[part])))
        return any(self.flat.on(mark, box) for mark in self.marks)

    def _label(self, labels: Iterable[Label]) -> None:
        by_level: dict[Level, list[Label]] = defaultdict(list)
        for label in labels:
            by_level[label.level].append(label)
        for level, found in by_level.items():
            at = np.array([(x.x_nm, x.y_nm) for x in found], dtype=np.int64)
            for label, part in zip(found, self.parts.at(level, at[:, 0], at[:, 1]).tolist(), strict=True):
                if part >= 0:
                    self.labels.append((label, self.point(part, label.x_nm, label.y_nm)))
                elif level is Level.FIELD:
                    self.labels.append((label, 0))

    def _devices(self) -> None:
        for kind, region, level in self.flat.device_places():
            boxes = [p.bbox().center() for p in region.each()]
            at = np.array([(c.x, c.y) for c in boxes], dtype=np.int64).reshape(-1, 2)
            for (x, y), part in zip(at.tolist(), self.parts.at(level, at[:, 0], at[:, 1]).tolist(), strict=True):
                if part >= 0:
                    self.terminals.append((kind, self.point(part, x, y), x, y))

    def _bodies(self) -> None:
        """The places where wires meet the bodies of resistors."""
        for body in self.drawn.bodies:
            at = np.array([(end.x_nm, end.y_nm) for end in body.ends], dtype=np.int64)
            parts = self.parts.at(body.level, at[:, 0], at[:, 1]).tolist()
            ends = [self.point(p, x, y) for p, (x, y) in zip(parts, at.tolist(), strict=True)]
            self.body_ends.append(ends)
            self.terminals += [("body", end, x, y) for end, (x, y) in zip(ends, at.tolist(), strict=True)]

    def _chain(self, part: int) -> None:
        """Makes the points of a part one, or a chain of resistors along it; turns get their extra."""
        points = self.of_part[part] or [self._lonely(part)]
        level, (left, bottom, right, top) = self.level[part], self.nm[part]
        if level in LUMPED or self._is_head(part):
            for p in points[1:]:
                self.union(points[0].id, p.id)
            return
        along_x = self._along_x(points, right - left, top - bottom)
        at = sorted(points, key=lambda p: (p.x_nm if along_x else p.y_nm, p.id))
        width_um = ((top - bottom) if along_x else (right - left)) / 1000
        per_um = self.tables.sheet_ohm[Layer[Level(level).name]] / width_um
        first = at[0]
        for p in at[1:]:
            gap_nm = (p.x_nm - first.x_nm) if along_x else (p.y_nm - first.y_nm)
            if gap_nm < SAME_SPOT_NM:
                self.union(first.id, p.id)
            else:
                self.resistors.append((first.id, p.id, gap_nm / 1000 * per_um))
                first = p

    def _sheet(self, sheet: int) -> None:
        """Resistors between the places where current enters a sheet."""
        rows = np.nonzero(self.parts.sheet == sheet)[0].tolist()
        points = [p for part in rows for p in self.of_part[part]] or [self._lonely(rows[0])]
        if any(map(self._is_head, rows)):
            for p in points[1:]:
                self.union(points[0].id, p.id)
            return
        spots = self._spots(points)
        from .sheets import entries, squares  # scipy and shapely, which few layouts need

        polygon = self.parts.sheets[sheet]
        if polygon.is_rectilinear() and len(spots) > MOST_ENTRIES:
            self._as_bars(rows)
            return
        sheet_ohm = self.tables.sheet_ohm[Layer[Level(self.level[rows[0]]).name]]
        found = entries(polygon, [(p.x_nm, p.y_nm, p.radius_nm) for p in spots])
        for a, b, count in squares(polygon, found):
            self.resistors.append((spots[a].id, spots[b].id, count * sheet_ohm))

    def _spots(self, points: list[_Point]) -> list[_Point]:
        """The first of all points on one spot; the others become one node with it."""
        spots: list[_Point] = []
        squares: dict[tuple[int, int], list[int]] = defaultdict(list)
        for p in points:
            x, y = int(p.x_nm // SAME_SPOT_NM), int(p.y_nm // SAME_SPOT_NM)
            near = (k for i in (x - 1, x, x + 1) for j in (y - 1, y, y + 1) for k in squares.get((i, j), ()))
            same = [k for k in near if abs(spots[k].x_nm - p.x_nm) + abs(spots[k].y_nm - p.y_nm) < SAME_SPOT_NM]
            if same:
                self.union(spots[min(same)].id, p.id)
            else:
                squares[x, y].append(len(spots))
                spots.append(p)
        return spots

    def _as_bars(self, rows: list[int]) -> None:
        for joint in joints_among(self.parts, rows):
            self._join(joint)
        for part in rows:
            self._chain(part)

    def _lonely(self, part: int) -> _Point:
        left, bottom, right, top = self.nm[part]
        if self.point(part, (left + right) / 2, (bottom + top) / 2) == 0:
            return _Point(part, 0.0, 0.0, 0)
        return self.of_part[part][-1]

    def _along_x(self, points: list[_Point], width_nm: float, height_nm: float) -> bool:
        xs, ys = [p.x_nm for p in points], [p.y_nm for p in points]
        dx, dy = max(xs) - min(xs), max(ys) - min(ys)
        return dx >= dy if max(dx, dy) > SAME_SPOT_NM else width_nm >= height_nm

    def _turn_ohm(self, part: int, joint: Joint) -> float:
        """What a right-angled turn at the end of a bar adds to two half squares."""
        level, (left, bottom, right, top) = self.level[part], self.nm[part]
        if level in LUMPED:
            return 0.0
        along_x = self._along_x(self.of_part[part], right - left, top - bottom)
        low, high, at = (left, right, joint.x_nm) if along_x else (bottom, top, joint.y_nm)
        turned = along_x == joint.horizontal and high - low > 1.5 * joint.length_nm
        if not turned or min(at - low, high - at) > BEND_REACH * joint.length_nm:
            return 0.0
        return (CORNER_SQUARES - 0.5) * self.tables.sheet_ohm[Layer[Level(level).name]]

    def network(self, names: tuple[str, ...]) -> RcNetwork:
        turn: dict[int, float] = {}
        for part, joint, end in self.turns:
            turn[end] = self._turn_ohm(part, joint)
        kept: list[tuple[int, int, float]] = []
        for a, b, ohm in self.resistors:
            ohm += (turn.get(a, 0.0) + turn.get(b, 0.0)) if not ohm else 0.0
            if ohm < SHORT_OHM:
                self.union(a, b)
            else:
                kept.append((a, b, ohm))
        return self._numbered(kept, names)

    def _numbered(self, resistors: list[tuple[int, int, float]], names: tuple[str, ...]) -> RcNetwork:
        roots = np.array([self.root(k) for k in range(len(self.parent))])
        nodes, number = np.unique(roots, return_inverse=True)
        found = [(number[a], number[b], ohm) for a, b, ohm in resistors if number[a] != number[b]]
        place = self._places(number, len(nodes))
        part = np.array([p for p, _, _ in place])
        return RcNetwork(
            self._pieces(number),
            np.where(part < 0, SUBSTRATE_NET, self.parts.net[part]),
            np.where(part < 0, 0, self.parts.level[part]),
            np.array([(x, y) for _, x, y in place]),
            np.array([a for a, _, _ in found], dtype=np.int64),
            np.array([b for _, b, _ in found], dtype=np.int64),
            np.array([ohm for _, _, ohm in found]),
            tuple((label, int(number[k])) for label, k in self.labels),
            tuple(Terminal(kind, int(number[k]), x, y) for kind, k, x, y in self.terminals),
            names,
            self.drawn,
        )

    def _places(self, number: Ints, count: int) -> list[tuple[int, float, float]]:
        """(part, x, y) of each node: its lowest and leftmost point, so that equal tiles have equal places."""
        best: list[tuple[int, float, float, int] | None] = [None] * count
        for k, (part, x, y) in enumerate(self.place):
            here, node = (self.level[part] if part >= 0 else -1, x, y, part), int(number[k])
            known = best[node]
            best[node] = here if known is None else min(known, here)
        return [(p[3], p[1], p[2]) for p in best if p is not None]

    def _pieces(self, number: Ints) -> Ints:
        """Every wire as drawn, cut half way between its nodes: each piece belongs to its node."""
        out: list[tuple[int, ...]] = []
        for part in np.nonzero(self.parts.sheet < 0)[0].tolist():
            out += self._cut(part, number)
        for sheet in range(len(self.parts.sheets)):
            out += self._slices(sheet, number)
        for body, ends in zip(self.drawn.bodies, self.body_ends, strict=True):
            out += [(body.level, int(number[ends[end]]), *box) for box, end in body.boxes]
        return np.array(out, dtype=np.int64).reshape(-1, 6)

    def _cut(self, part: int, number: Ints) -> Iterator[tuple[int, ...]]:
        level, points = self.level[part], self.of_part.get(part)
        left, bottom, right, top = self.nm[part]
        low_x, low_y, high_x, high_y = self._as_drawn(level, part)
        if not points:
            yield (level, 0, low_x, low_y, high_x, high_y)
            return
        along_x = self._along_x(points, right - left, top - bottom)
        spots: dict[int, float] = {}
        for p in points:
            spots.setdefault(int(number[p.id]), p.x_nm if along_x else p.y_nm)
        order = sorted(spots.items(), key=lambda item: item[1])
        cuts = [round((p[1] + q[1]) / 2) for p, q in pairwise(order)]
        low, high = (low_x, high_x) if along_x else (low_y, high_y)
        edges = [low, *cuts, high]
        for (node, _), start, stop in zip(order, edges, edges[1:], strict=False):
            if stop > start:
                box = (start, low_y, stop, high_y) if along_x else (low_x, start, high_x, stop)
                yield (level, node, *box)

    def _as_drawn(self, level: int, part: int) -> tuple[int, ...]:
        """A part's box (nm) with what the width correction took from its sides."""
        grown = max(self.parts.grown_nm.get(Level(level), 0.0), 0.0)
        left, bottom, right, top = self.nm[part]
        return round(left - grown), round(bottom - grown), round(right + grown), round(top + grown)

    def _slices(self, sheet: int, number: Ints) -> Iterator[tuple[int, ...]]:
        """The slices of a sheet, each with its nearest node."""
        rows = np.nonzero(self.parts.sheet == sheet)[0]
        points = [p for part in rows.tolist() for p in self.of_part[part]]
        at = np.array([(p.x_nm, p.y_nm) for p in points])
        middle = (self.parts.nm[rows][:, :2] + self.parts.nm[rows][:, 2:]) / 2
        nearest = np.hypot(*(middle[:, None] - at[None]).transpose(2, 0, 1)).argmin(axis=1)
        for part, k in zip(rows.tolist(), nearest.tolist(), strict=True):
            yield (self.level[part], int(number[points[k].id]), *self._as_drawn(self.level[part], part))
