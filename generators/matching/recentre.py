"""Centres brought together one unit at a time, where no arrangement of mirrored pairs leaves them all in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

TRIES_PER_SITE, MOST_TRIES = 400, 40_000
SEED = 1


def recentre(spots: Sequence[tuple[float, float]], owners: Sequence[int]) -> list[int]:
    """Owners after single units changed places while that lessens the sum of the owners' squared centroid offsets.

    `spots`: (x, y) of each site from the centre. Nothing changes where every centroid is in the centre.
    """
    found, rng = list(owners), Random(SEED)
    sums = {k: [sum(s[i] for s, o in zip(spots, found, strict=True) if o == k) for i in (0, 1)] for k in set(found)}
    count = {k: found.count(k) for k in sums}
    for _ in range(min(MOST_TRIES, TRIES_PER_SITE * len(found))):
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
