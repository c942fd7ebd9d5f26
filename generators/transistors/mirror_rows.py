"""Where the units of a mirror stand: which side each belongs to, by row, and the diffusions they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from analoom.cells.fingers.row import Island
from analoom.generators.matching.centroid import place_row, place_rows
from analoom.generators.matching.placement import DUMMY as IDLE

from .pair_rows import Sharing

MirrorPattern = Literal["centroid", "interdigitated", "cross_quad", "centroid_2d"]
DUMMY, INPUT, SOURCE = "b", "in", "s"
FINGERS = 2
"""Fingers of a unit, sharing a drain: sources lie at every seam, so units stand in any order in one diffusion."""


def unit_rows(
    pattern: MirrorPattern, ratios: Sequence[int], rows: int, pitch_nm: tuple[int, int]
) -> tuple[tuple[int, ...], ...]:
    """The side of each unit, the lowest row first; IDLE ones fill the ends of rows. `pitch_nm`: from finger to finger
    and from row to row, for centroid_2d."""
    if pattern == "cross_quad":
        line = tuple(k for k, units in enumerate(ratios) for _ in range(units // 2))
        return (line, line[::-1])
    if pattern == "centroid_2d":
        return place_rows(ratios, rows, FINGERS * pitch_nm[0], pitch_nm[1]).owner
    return (place_row(ratios, 1).owner[0] if pattern == "centroid" else _in_turn(ratios),)


def _in_turn(ratios: Sequence[int]) -> tuple[int, ...]:
    """Units dealt in proportion: always to the side that is latest."""
    placed, order = [0] * len(ratios), list[int]()
    for n in range(1, sum(ratios) + 1):
        late = max(range(len(ratios)), key=lambda k: (ratios[k] * n / sum(ratios) - placed[k], ratios[k], -k))
        placed[late] += 1
        order.append(late)
    return tuple(order)


def mirror_diffusions(order: Sequence[int], nets: Sequence[str], *, dummies: bool, sharing: Sharing) -> list[Island]:
    """A row of units: one diffusion with a dummy finger at each end, or one each with a dummy unit at each end."""
    gates = {IDLE: DUMMY}
    if sharing == "separate":
        units = [IDLE] * dummies + list(order) + [IDLE] * dummies
        return [Island((SOURCE, _drain(k, nets), SOURCE), (gates.get(k, INPUT),) * FINGERS) for k in units]
    ends = dummies * (SOURCE,)
    regions = (*ends, SOURCE, *(net for k in order for net in (_drain(k, nets), SOURCE)), *ends)
    inner = [gates.get(k, INPUT) for k in order for _ in range(FINGERS)]
    return [Island(regions, (*dummies * (DUMMY,), *inner, *dummies * (DUMMY,)))]


def _drain(side: int, nets: Sequence[str]) -> str:
    return SOURCE if side == IDLE else nets[side]


def idle_fingers(rows: Sequence[Sequence[int]], *, dummies: bool, sharing: Sharing) -> int:
    """Dummy fingers of a mirror: at the ends of its rows, and in sites left over."""
    an_end = FINGERS if sharing == "separate" else 1
    return FINGERS * sum(line.count(IDLE) for line in rows) + 2 * len(rows) * an_end * dummies
