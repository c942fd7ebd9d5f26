"""A search over placements: mirrored pairs change hands while that evens out gradients and shortens the wiring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

Site = tuple[int, int]
Moments = tuple[float, float, float]

TRIES_PER_PAIR, RECENTRE_TRIES, MOST_TRIES = 60, 400, 40_000
TRACK_COST = 0.02
"""Worth of one column that a weight need not enter, against a normalised second-moment residual squared."""
SEED = 1


def improve(pairs: Sequence[tuple[Site, Site]], owners: Sequence[int], aspect: float) -> list[int]:
    """Owners of the pairs after the search; how many pairs each has does not change. `aspect`: pitch y over pitch x.

    The cost of a weight is its residual of second moments (xx, yy and xy against the mean of all pairs), squared over
    its pairs, which a bowl, a saddle or a twist of the oxide would turn into an error; and the columns it enters.
    """
    spots, found, rng = _moments(pairs, aspect), list(owners), Random(SEED)
    if len(set(found)) < 2:
        return found
    count = {k: found.count(k) for k in set(found)}
    sums = {k: tuple(sum(s[i] for s, o in zip(spots, found, strict=True) if o == k) for i in range(3)) for k in count}
    columns: dict[tuple[int, int], int] = {}
    for (one, other), k in zip(pairs, found, strict=True):
        for site in (one, other):
            columns[site[1], k] = columns.get((site[1], k), 0) + 1
    for _ in range(min(MOST_TRIES, TRIES_PER_PAIR * len(found))):
        a, b = rng.randrange(len(found)), rng.randrange(len(found))
        if found[a] != found[b]:
            _try(a, b, pairs, spots, found, count, sums, columns)
    return found


def _try(
    a: int,
    b: int,
    pairs: Sequence[tuple[Site, Site]],
    spots: Sequence[Moments],
    found: list[int],
    count: Mapping[int, int],
    sums: dict[int, tuple[float, ...]],
    columns: dict[tuple[int, int], int],
) -> None:
    """Swaps the owners of pairs a and b where that costs less."""
    p, q = found[a], found[b]
    shift = [y - x for x, y in zip(spots[a], spots[b], strict=True)]
    new = {
        p: [s + d for s, d in zip(sums[p], shift, strict=True)],
        q: [s - d for s, d in zip(sums[q], shift, strict=True)],
    }
    gain = sum((sum(s * s for s in sums[k]) - sum(s * s for s in new[k])) / count[k] for k in (p, q))
    before = sum(n > 0 for n in (columns.get(key, 0) for key in _touched(pairs, a, b, p, q)))
    _move(pairs, columns, a, b, p, q)
    after = sum(n > 0 for n in (columns.get(key, 0) for key in _touched(pairs, a, b, p, q)))
    if gain + TRACK_COST * (before - after) > 1e-12:
        found[a], found[b] = q, p
        sums.update({k: tuple(v) for k, v in new.items()})
    else:
        _move(pairs, columns, a, b, q, p)


def _touched(pairs: Sequence[tuple[Site, Site]], a: int, b: int, p: int, q: int) -> set[tuple[int, int]]:
    return {(site[1], k) for n in (a, b) for site in pairs[n] for k in (p, q)}


def _move(
    pairs: Sequence[tuple[Site, Site]], columns: dict[tuple[int, int], int], a: int, b: int, p: int, q: int
) -> None:
    """Counts pair a as q's instead of p's, and pair b as p's instead of q's."""
    for n, old, new in ((a, p, q), (b, q, p)):
        for _, col in pairs[n]:
            columns[col, old] = columns.get((col, old), 0) - 1
            columns[col, new] = columns.get((col, new), 0) + 1


def _moments(pairs: Sequence[tuple[Site, Site]], aspect: float) -> list[Moments]:
    """Second moments of each pair about the centre, less their mean, in units of the mean squared radius."""
    raw = []
    for (r0, c0), (r1, c1) in pairs:
        x, y = (c1 - c0) / 2, (r1 - r0) / 2 * aspect
        raw.append((x * x, y * y, x * y))
    mean = [sum(m[i] for m in raw) / len(raw) for i in range(3)]
    scale = max(mean[0] + mean[1], 1e-9)
    return [((m[0] - mean[0]) / scale, (m[1] - mean[1]) / scale, (m[2] - mean[2]) / scale) for m in raw]


def recentre(spots: Sequence[tuple[float, float]], owners: Sequence[int]) -> list[int]:
    """Owners after single units changed places while that lessens the sum of the owners' squared centroid offsets.

    `spots`: (x, y) of each site from the centre. Nothing changes where every centroid is in the centre.
    """
    found, rng = list(owners), Random(SEED)
    sums = {k: [sum(s[i] for s, o in zip(spots, found, strict=True) if o == k) for i in (0, 1)] for k in set(found)}
    count = {k: found.count(k) for k in sums}
    for _ in range(min(MOST_TRIES, RECENTRE_TRIES * len(found))):
        if not any(abs(s) > 1e-6 for pair in sums.values() for s in pair):
            break
        a, b = rng.randrange(len(found)), rng.randrange(len(found))
        p, q = found[a], found[b]
        if p == q:
            continue
        shift = [y - x for x, y in zip(spots[a], spots[b], strict=True)]
        new = {p: [s + d for s, d in zip(sums[p], shift, strict=True)]}
        new[q] = [s - d for s, d in zip(sums[q], shift, strict=True)]
        if sum((_square(new[k]) - _square(sums[k])) / count[k] ** 2 for k in (p, q)) < -1e-9:
            found[a], found[b] = q, p
            sums |= new
    return found


def _square(vector: Sequence[float]) -> float:
    return sum(x * x for x in vector)
