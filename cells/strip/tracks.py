"""Tracks for the nets of a strip: no two wires on one track meet, and no two columns on one x."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analoom.pdk.wire_levels import MET1, MET2

from .sizes import VIA_END_NM


@dataclass(frozen=True)
class Column:
    """Met1 at `x` over the contacts of a net, from `bottom` to `top`; a via lengthens it to the net's track."""

    net: str
    x: int
    bottom: int
    top: int

    def reaching(self, y: int) -> tuple[int, int]:
        """Its ends with a via at `y`."""
        return min(self.bottom, y - VIA_END_NM), max(self.top, y + VIA_END_NM)


@dataclass(frozen=True)
class Net:
    """A net that needs a track over `left` to `right`."""

    name: str
    left: int
    right: int

    def clear_of(self, other: Net) -> bool:
        """Whether both may share a track."""
        space = MET2.space_nm
        return self.right + space <= other.left or other.right + space <= self.left


def assign(
    nets: Mapping[str, Net],
    columns: Sequence[Column],
    ys: Mapping[str, Sequence[int]],
    together: tuple[str, str] | None,
) -> dict[str, int] | None:
    """The height of each net's track among those in `ys` for it, `together` on one; None where there is no way.

    Tried in the order of width and from the lowest track up, so the same strip is always drawn alike.
    """
    groups = _groups(nets, together)
    return next(_placed(groups, _rivals(columns), nets, ys, {}), None)


def _groups(nets: Mapping[str, Net], together: tuple[str, str] | None) -> list[tuple[str, ...]]:
    """The widest first."""
    tied = tuple(net for net in dict.fromkeys(together or ()) if net in nets)
    rest = sorted((n for n in nets if n not in tied), key=lambda n: (nets[n].left - nets[n].right, n))
    return [*([tied] if tied else []), *((n,) for n in rest)]


def _rivals(columns: Sequence[Column]) -> list[tuple[Column, Column]]:
    """Pairs of columns on one x, the lower contact first."""
    pairs = []
    for k, a in enumerate(columns):
        pairs += [(a, b) if a.bottom < b.bottom else (b, a) for b in columns[k + 1 :] if a.x == b.x]
    return pairs


def _placed(
    groups: Sequence[tuple[str, ...]],
    rivals: Sequence[tuple[Column, Column]],
    nets: Mapping[str, Net],
    ys: Mapping[str, Sequence[int]],
    so_far: dict[str, int],
) -> Iterator[dict[str, int]]:
    if not groups:
        yield so_far
        return
    for y in ys[groups[0][0]]:
        tried = so_far | dict.fromkeys(groups[0], y)
        if _on_track(groups[0], nets, tried, y) and all(_apart(a, b, tried) for a, b in rivals):
            yield from _placed(groups[1:], rivals, nets, ys, tried)


def _on_track(group: tuple[str, ...], nets: Mapping[str, Net], tried: Mapping[str, int], y: int) -> bool:
    there = [net for net, at in tried.items() if at == y]
    return all(nets[a].clear_of(nets[b]) for a in group for b in there if a != b)


def _apart(low: Column, high: Column, tried: Mapping[str, int]) -> bool:
    """Whether the columns keep their distance, each as far as its track is known."""
    tops = [
        column.reaching(tried[column.net]) if column.net in tried else (column.bottom, column.top)
        for column in (low, high)
    ]
    return tops[0][1] + MET1.space_nm <= tops[1][0]
