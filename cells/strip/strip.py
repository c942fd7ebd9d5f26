"""What a strip of CMOS is to hold: islands of transistors in two rows, and the nets that go in and out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gate:
    """Nets of the n and of the p gate. `crossed` sets them side by side, so that the n gate's net may lie above."""

    n: str
    p: str
    crossed: bool = False


def both(net: str) -> Gate:
    """One gate for both rows."""
    return Gate(net, net)


@dataclass(frozen=True)
class Island:
    """Diffusions of both rows: (n net, p net) of each region, or None where two transistors in series need no contact.

    `w_nm` is the width of each transistor of both rows.
    """

    regions: tuple[tuple[str, str] | None, ...]
    gates: tuple[Gate, ...]
    w_nm: int
    l_nm: int


@dataclass(frozen=True)
class Strip:
    """What to draw. `across` run from edge to edge, `along` nearly so; `ends` share a track, left and right of it.

    Rails stand as far apart as transistors `room_nm` wide need, if these are narrower.
    `order` fixes the net of each track from the lowest up, None for one that stays free; () leaves it to a search.
    """

    islands: tuple[Island, ...]
    across: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    ends: tuple[str, str] | None = None
    order: tuple[str | None, ...] = ()
    room_nm: int = 0

    @property
    def w_nm(self) -> int:
        """Width that the rails leave to the transistors of either row."""
        return max(self.room_nm, *(island.w_nm for island in self.islands))
