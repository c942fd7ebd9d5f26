"""The pieces of conductors in a window by place: each belongs to one node of the resistor network."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.pdk.wires import Array

from .grid import LEVELS

BIN_NM = 1000
"""Pieces of a net on a level are looked up by squares of this size."""

MOST_QUERIES = 50_000
"""Places looked up at a time."""

OTHER_LEVEL_NM = 1e9
"""How much farther a piece on another level counts."""


@dataclass(frozen=True)
class Pieces:
    """Every conductor cut at its nodes: `boxes` (n, 6) of level, node, left, bottom, right, top (nm); `net` by node.

    Node 0 is the substrate.
    """

    boxes: Ints
    net: Ints

    def first_of(self, nets: Ints) -> Ints:
        """A box without size for each of these nets."""
        of_net = self.net[self.boxes[:, 1]]
        rows = [self.boxes[np.argmax(of_net == net)] for net in nets.tolist()]
        found = np.array(rows, dtype=np.int64).reshape(-1, 6)
        found[:, 2:] = 0
        return found


@dataclass(frozen=True)
class Rects:
    """Places on conductors of `level` and `net` (n,): `nm` (4, n) from x to x, from y to y, which may be lines."""

    level: Ints
    net: Ints
    nm: Array

    def some(self, which: Ints) -> Rects:
        """Those of these indexes."""
        return Rects(self.level[which], self.net[which], self.nm[:, which])

    def on_drawing(self, view: int) -> Rects:
        """The same in the coordinates of the drawing, from those of a view (see `Grid.views`)."""
        return replace(self, nm=_turned(self.nm, view))


@dataclass(frozen=True)
class Parts:
    """Places divided: each part is `of` a place, lies on the piece of a `node`, has a `share` of it, and is `nm`."""

    of: Ints
    node: Ints
    share: Array
    nm: Array


class PieceMap:
    """Looks up pieces by level, net and place. `boxes` as in `Pieces`, `net` (n,) by box; node 0 is the substrate."""

    def __init__(self, boxes: Ints, net: Ints) -> None:
        self.boxes, self.net = boxes, net
        self.level, self.node = boxes[:, 0], boxes[:, 1]
        self.nm = boxes[:, [2, 4, 3, 5]].T.astype(float)
        self.low = self.nm[::2].min(axis=1, initial=0.0)
        self.count = ((self.nm[1::2].max(axis=1, initial=0.0) - self.low) // BIN_NM).astype(np.int64) + 1
        self.kinds, kind = np.unique(self.net * LEVELS + self.level, return_inverse=True)
        of, x, y = _each_bin(*self._bins(self.nm))
        keys = self._key(kind[of], x, y)
        order = np.argsort(keys, kind="stable")
        self.entries = of[order]
        self.keys, first = np.unique(keys[order], return_index=True)
        self.first = np.append(first, len(keys))

    def key(self) -> bytes:
        """Equal for equal maps."""
        return self.boxes.tobytes() + self.net.tobytes()

    def divide(self, rects: Rects, view: int, fringe: tuple[Array, Array] | None = None) -> Parts:
        """Divides places, in the coordinates of a view, among the pieces there, by length and width.

        `fringe`, (n,) each: the x of an edge and a distance, nm; then what is along x counts by how much of the edge's
        fringe lands there, on that scale. A place without a piece goes to the nearest one of its net.
        """
        wired = np.nonzero((rects.net != 0) | (rects.level != Level.FIELD))[0]
        found = [self._divided(rects, k, view, fringe) for k in _chunks(wired)]
        at = np.concatenate([x.of for x in found])
        lost = np.ones(len(rects.net), dtype=bool)
        lost[at] = False
        found.append(self._nearest(rects, np.nonzero(lost)[0], view))
        of, node, share = (np.concatenate([getattr(x, name) for x in found]) for name in ("of", "node", "share"))
        order = np.argsort(of, kind="stable")
        return Parts(of[order], node[order], share[order], np.concatenate([x.nm for x in found], axis=1)[:, order])

    def _divided(self, rects: Rects, which: Ints, view: int, fringe: tuple[Array, Array] | None) -> Parts:
        own = rects.some(which).on_drawing(view)
        k, piece = self._touching(own)
        low, high = np.maximum(own.nm[::2, k], self.nm[::2, piece]), np.minimum(own.nm[1::2, k], self.nm[1::2, piece])
        nm = _turned(np.stack([low[0], high[0], low[1], high[1]]), view, back=True)
        of = which[k]
        weight = _size(nm[2:], rects.nm[2:, of])
        from_nm, scale = (0.0, 1.0) if fringe is None else (x[of] for x in fringe)
        landing = [(x - from_nm) / scale for x in (nm[:2], rects.nm[:2, of])]
        weight *= _size(*(landing if fringe is None else map(np.arctan, landing)))
        keep = weight > 0
        of, weight = of[keep], weight[keep]
        total = np.bincount(of, weight, minlength=len(rects.net))
        return Parts(of, self.node[piece[keep]], weight / total[of], nm[:, keep])

    def _touching(self, rects: Rects) -> tuple[Ints, Ints]:
        """(place, piece) of all that touch; a pair is counted in the square of the lower left corner they share."""
        wanted = rects.net * LEVELS + rects.level
        kind = np.minimum(np.searchsorted(self.kinds, wanted), len(self.kinds) - 1)
        drawn = np.nonzero(self.kinds[kind] == wanted)[0]
        of, x, y = _each_bin(*self._bins(rects.nm[:, drawn]))
        of = drawn[of]
        key = self._key(kind[of], x, y)
        at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        many = np.where(self.keys[at] == key, self.first[at + 1] - self.first[at], 0)
        each = np.repeat(np.arange(len(of)), many)
        piece = self.entries[self.first[at][each] + np.arange(len(each)) - (np.cumsum(many) - many)[each]]
        k = of[each]
        keep, squares = np.ones(len(k), dtype=bool), (x[each], y[each])
        for axis, square in enumerate(squares):
            low = np.maximum(rects.nm[2 * axis, k], self.nm[2 * axis, piece])
            keep &= low <= np.minimum(rects.nm[2 * axis + 1, k], self.nm[2 * axis + 1, piece])
            keep &= self._bin(low, axis) == square
        return k[keep], piece[keep]

    def _nearest(self, rects: Rects, lost: Ints, view: int) -> Parts:
        """The nearest piece of the same net, on the same level if there is one; the silicon's may be the substrate."""
        own, node = rects.some(lost).on_drawing(view), np.zeros(len(lost), dtype=np.int64)
        wired = np.nonzero((own.net != 0) | (own.level > Level.DIFF))[0]
        for net in np.unique(own.net[wired]).tolist():
            pieces = np.nonzero(self.net == net)[0]
            k = wired[own.net[wired] == net]
            for part in np.array_split(k, 1 + len(k) * len(pieces) // 1_000_000):
                node[part] = self.node[pieces[self._far_nm(own.some(part), pieces).argmin(axis=1)]]
        return Parts(lost, node, np.ones(len(lost)), rects.nm[:, lost])

    def _far_nm(self, rects: Rects, pieces: Ints) -> Array:
        """(places, pieces)."""
        away = np.where(rects.level[:, None] != self.level[pieces], OTHER_LEVEL_NM, 0.0)
        for low, high in ((0, 1), (2, 3)):
            over, under = self.nm[low, pieces] - rects.nm[high, :, None], rects.nm[low, :, None] - self.nm[high, pieces]
            away += np.maximum(np.maximum(over, under), 0.0)
        return away

    def _bin(self, nm: Array, axis: int) -> Ints:
        return np.clip((nm - self.low[axis]) // BIN_NM, 0, self.count[axis] - 1).astype(np.int64)

    def _bins(self, nm: Array) -> tuple[Ints, Ints]:
        """(2, n) each: the first and the last square of places, along x and y."""
        return (
            np.stack([self._bin(nm[0], 0), self._bin(nm[2], 1)]),
            np.stack([self._bin(nm[1], 0), self._bin(nm[3], 1)]),
        )

    def _key(self, kind: Ints, x: Ints, y: Ints) -> Ints:
        return (kind * self.count[1] + y) * self.count[0] + x


def _each_bin(first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
    """(place, square along x, square along y) of every square that a place touches."""
    wide = last - first + 1
    many = wide.prod(axis=0)
    of = np.repeat(np.arange(len(many)), many)
    k = np.arange(len(of)) - (np.cumsum(many) - many)[of]
    return of, first[0, of] + k % wide[0, of], first[1, of] + k // wide[0, of]


def _size(nm: Array, of_nm: Array) -> Array:
    """Lengths of parts (2, n) of places; 1 where the place is a point on this axis."""
    return np.where(of_nm[1] > of_nm[0], nm[1] - nm[0], 1.0)


def _chunks(places: Ints) -> list[Ints]:
    return np.array_split(places, 1 + len(places) // MOST_QUERIES)


def _turned(nm: Array, view: int, back: bool = False) -> Array:
    """Rectangles (4, n) from a view's coordinates to the drawing's, or `back`."""
    if view == 0:
        return nm
    x, y = nm[:2], nm[2:]
    if view == 2:
        return np.concatenate([y, x])
    if view == 1:
        return np.concatenate([-x[::-1], y])
    return np.concatenate([-y[::-1], x] if back else [y, -x[::-1]])
