"""Capacitances between nets as arrays, added up by pair, and where each one sits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.pdk.wires import Array

from .edges import Seen
from .grid import EMPTY

MOST_DENSE = 4_000_000
"""Pairs of fewer net numbers than this are summed in a full table."""


MOST_TABLED = 20_000
"""Pairs of fewer net numbers than this are summed part by part, without putting the parts together first."""

MOST_KEPT = 2_000_000
"""Rows are put together by pair when there are more of them."""


@dataclass(frozen=True)
class Pairs:
    """Capacitances `c_f` (F) between nets `a` and `b`, (n,) each; a pair may occur more than once, a net be EMPTY."""

    a: Ints
    b: Ints
    c_f: Array

    @classmethod
    def join(cls, parts: Sequence[Pairs]) -> Pairs:
        """All parts, each pair once; capacitances of a net to itself or to EMPTY dropped."""
        base = 1 + max((int(max(x.max(initial=EMPTY) for x in (p.a, p.b))) for p in parts), default=EMPTY)
        if (base + 1) ** 2 < MOST_TABLED:
            return cls._tabled(parts, base + 1)
        a, b, c_f = (np.concatenate([getattr(p, name) for p in parts]) for name in ("a", "b", "c_f"))
        keep = np.nonzero((a != b) & (a != EMPTY) & (b != EMPTY) & (c_f != 0))[0]
        a, b, c_f = a[keep].astype(np.int64), b[keep].astype(np.int64), c_f[keep]
        if base * base < MOST_DENSE:
            table = np.bincount(a * base + b, c_f, minlength=base * base).astype(float)
            return cls._summed(table.reshape(base, base))
        keys, inverse = np.unique(np.minimum(a, b) * base + np.maximum(a, b), return_inverse=True)
        return cls(keys // base, keys % base, np.bincount(inverse, c_f, minlength=len(keys)).astype(float))

    @classmethod
    def _tabled(cls, parts: Sequence[Pairs], size: int) -> Pairs:
        """The same part by part, for few nets: a table (size, size) whose first row and column are EMPTY's."""
        table = np.zeros(size * size)
        for p in parts:
            table += np.bincount((p.a + 1) * size + (p.b + 1), p.c_f, minlength=len(table))
        return cls._summed(table.reshape(size, size)[1:, 1:])

    @classmethod
    def kept(cls, parts: Sequence[Pairs]) -> list[Pairs]:
        """The parts without where they sit; as one, each pair once, if they have many rows: that takes less memory."""
        if sum(len(p.a) for p in parts) > MOST_KEPT:
            return [cls.join(parts)]
        return [p if type(p) is cls else cls(p.a, p.b, p.c_f) for p in parts]

    def positive(self) -> Pairs:
        """Those above zero: where a wire crosses close to its corners, more may be hidden than there is."""
        keep = self.c_f > 0
        return Pairs(self.a[keep], self.b[keep], self.c_f[keep])

    @classmethod
    def _summed(cls, table: Array) -> Pairs:
        """The pairs of a table (nets, nets) of both directions."""
        both = np.triu(table + table.T, 1)
        a, b = np.nonzero(both)
        return cls(a, b, both[a, b])


@dataclass(frozen=True)
class Placed(Pairs):
    """Capacitances of the edges of one level: `a` lies behind `edge`, `b` on `level`, (n,) each.

    `b` is where it is `seen`, or `ahead` um in front of it (one of both is given); `on_top`: `a` is the MIM top plate
    behind the edge.
    """

    edge: Ints
    level: Ints
    seen: Seen | None = None
    ahead: Array | None = None
    on_top: bool = False


@dataclass(frozen=True)
class Overlaps(Pairs):
    """Capacitances of fields (`row`, `col`) of the grid where a conductor of level `upper` lies over one of `lower`."""

    upper: Level
    lower: Level
    row: Ints
    col: Ints


@dataclass(frozen=True)
class Diagonals(Pairs):
    """Capacitances across corners of `level`: `fields` (4, n), row and column of the grid at `a`, then at `b`."""

    level: Level
    fields: Ints
