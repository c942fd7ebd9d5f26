"""Which nets of a row share a track of met2."""

from __future__ import annotations

from dataclasses import dataclass

from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.strip.sizes import TRACK_PITCH_NM
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import VIA

COLUMN_PITCH_NM = snap_up(VIA.below.pitch_nm, CUT_GRID_NM)
"""From column to column: the pads of two vias side by side."""


@dataclass(frozen=True)
class Wish:
    """What a net asks of a row's tracks; without a name it is a wire that is drawn over the cell."""

    net: str
    left: int
    right: int


def packed(fixed: list[tuple[int, Wish]], others: list[Wish]) -> tuple[tuple[Wish, ...], ...]:
    """Nets on tracks: those with a number of their own, then each other on the first that is free where it lies."""
    lines: list[list[Wish]] = [[] for _ in range(max((line + 1 for line, _ in fixed), default=0))]
    for line, wish in fixed:
        lines[line].append(wish)
    for wish in sorted(others, key=lambda w: (w.left, w.right, w.net)):
        free = next((line for line in lines if all(_beside(wish, other) for other in line)), None)
        if free is None:
            lines.append([wish])
        else:
            free.append(wish)
    return tuple(map(tuple, lines))


def _beside(one: Wish, other: Wish) -> bool:
    """Whether two nets may lie on one track."""
    return max(one.left, other.left) - min(one.right, other.right) >= TRACK_PITCH_NM + COLUMN_PITCH_NM
