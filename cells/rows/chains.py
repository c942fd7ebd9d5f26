"""What rows of transistors are to hold: chains of gates whose neighbours share a region, of one size each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Chain:
    """Gates side by side on one diffusion, from the left: the net of each gate and of the regions around them.

    `w_nm` and `l_nm` are those of every gate. `low_threshold`: the transistors are those of low threshold, under lvtn.
    """

    regions: tuple[str, ...]
    gates: tuple[str, ...]
    w_nm: int
    l_nm: int
    low_threshold: bool = False

    def __post_init__(self) -> None:
        if len(self.regions) != len(self.gates) + 1:
            raise ValueError(f"{len(self.gates)} gates have {len(self.gates) + 1} regions, not {len(self.regions)}")


Row = tuple[Chain, ...]


@dataclass(frozen=True)
class Rows:
    """Rows of chains: those of n-types from the rail of vss up, then those of p-types up to the rail of vdd.

    `ports` are the nets that leave, but for the supplies; each gets a track, those in `across` one from edge to edge.
    `reach` says of a net how far to the right its lowest track goes.
    `least_height_nm` from rail to rail, and
    `least_width_nm`, are what neighbours ask. Without p-types there is no rail of vdd.
    """

    n: tuple[Row, ...]
    p: tuple[Row, ...]
    ports: tuple[str, ...]
    across: tuple[str, ...] = ()
    reach: Mapping[str, int] = field(default_factory=dict)
    least_height_nm: int = 0
    least_width_nm: int = 0

    @property
    def all(self) -> tuple[Row, ...]:
        """From below."""
        return (*self.n, *self.p)
