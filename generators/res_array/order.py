"""Where the units of each resistor stand: about one centre, or in turn along the rows."""

from __future__ import annotations

from collections.abc import Sequence

from analoom.generators.matching.centroid import place_row, place_rows
from analoom.generators.matching.placement import DUMMY, Placement

from .spec import ResPattern


def placed(ratios: Sequence[int], rows: int, pattern: ResPattern, pitch_nm: tuple[int, int]) -> Placement:
    """The sites of `ratios[k]` units of each resistor k in `rows` rows; sites left over are dummies."""
    if pattern == "interdigitated":
        return Placement(_in_turn(ratios, rows), *pitch_nm)
    return place_row(ratios, pitch_nm[0]) if rows == 1 else place_rows(ratios, rows, *pitch_nm)


def _in_turn(ratios: Sequence[int], rows: int) -> tuple[tuple[int, ...], ...]:
    """Rows from left to right, the lowest first: at each site the resistor that is most behind its share."""
    total, cols, count = sum(ratios), -(-sum(ratios) // rows), [0] * len(ratios)
    owners = list[int]()
    for site in range(total):
        behind = [ratio * (site + 0.5) / total - done for ratio, done in zip(ratios, count, strict=True)]
        chosen = max(range(len(ratios)), key=lambda k: (round(behind[k], 9), -k))
        owners.append(chosen)
        count[chosen] += 1
    owners += [DUMMY] * (rows * cols - total)
    return tuple(tuple(owners[r * cols : (r + 1) * cols]) for r in range(rows))
