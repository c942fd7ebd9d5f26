"""Edges cut where what wires beside them draw changes fast: close to the places where the view in front changes."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.pdk.wires import Array

from .edges import Edges, Seen
from .grid import Bools

CUTS_UM = np.array([0.1, 0.3, 0.8, 2.0])
"""Distances from such a place at which an edge is cut."""


LEAST_JUMP = 0.1
"""Change of the share of an edge's fringe that makes such a place."""


def in_pieces(edges: Edges, *seen: Seen, straight: int) -> tuple[Edges, tuple[Seen, ...]]:
    """The edges cut, and what they see, the same for all pieces of an edge: `seen`, the first `straight` up or down."""
    cuts = _cuts(edges, _jumps(edges, *seen[:straight]))
    counts = np.isfinite(cuts).sum(axis=1) + 1
    of = np.repeat(np.arange(len(counts)), counts)
    begin = np.cumsum(counts) - counts
    at = np.sort(cuts, axis=1)
    low, high = edges.low_um[of], edges.high_um[of]
    place = np.arange(len(of)) - begin[of]
    inner, outer = place > 0, place < counts[of] - 1
    low[inner] = at[of[inner], place[inner] - 1]
    high[outer] = at[of[outer], place[outer]]
    arrays = {f.name: getattr(edges, f.name)[of] for f in fields(edges) if f.name != "level"}
    arrays |= {"low_um": low, "high_um": high}
    arrays["low_end"] = np.where(inner, 0, arrays["low_end"])
    arrays["high_end"] = np.where(outer, 0, arrays["high_end"])
    return replace(edges, **arrays), tuple(_repeated(x, begin, counts) for x in seen)


def _jumps(edges: Edges, *seen: Seen) -> Bools:
    """(edges - 1,): whether an edge and the next one on the same line see a wire level with shares that far apart."""
    out = np.zeros(max(len(edges.row) - 1, 0), dtype=bool)
    for x in seen:
        share = x.by_level(len(edges.row))[:, Level.POLY :]
        out |= (np.abs(np.diff(share, axis=0)) > LEAST_JUMP).any(axis=1)
    return out & (np.diff(edges.line) == 0) & (edges.low_um[1:] == edges.high_um[:-1])


def _cuts(edges: Edges, joins: Bools) -> Array:
    """(edges, cuts): where each edge is cut, inf for none: near `joins` with its neighbours, up to its middle."""
    none = np.zeros(1, dtype=bool)
    below, above = np.concatenate([none, joins]), np.concatenate([joins, none])
    length = edges.length_um
    most = np.where(below & above, length / 2, length)[:, None] * 0.999
    near = np.where(most > CUTS_UM, CUTS_UM, np.inf)
    from_low = np.where(below[:, None], edges.low_um[:, None] + near, np.inf)
    from_high = np.where(above[:, None], edges.high_um[:, None] - near, np.inf)
    return np.concatenate([from_low, np.where(np.isfinite(near), from_high, np.inf)], axis=1)


def _repeated(seen: Seen, begin: Ints, counts: Ints) -> Seen:
    """Each entry once for every piece of its edge."""
    times = counts[seen.edge]
    start = np.cumsum(times) - times
    entry = np.repeat(np.arange(len(times)), times)
    edge = begin[seen.edge][entry] + np.arange(len(entry)) - start[entry]
    return Seen(edge, seen.level[entry], seen.net[entry], seen.part[entry], seen.col[entry], edge)
