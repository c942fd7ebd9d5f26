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
    `left` and `right` name nets that leave to that edge, `reach` says of a net to which via2, by its x, its track
    goes; such nets leave nowhere else. `lines` gives a net's leaving track by row and number from below, and `kept`
    what is left free for wires over the cell, by row, number and both ends in nm, so that cells of other rows meet side
    by side. `least_height_nm` from rail to rail, and `least_width_nm`, are what neighbours ask; `inset_nm` is how much
    farther from both edges than diffusions need all chains lie; `alone` says that beside it lie rows of other heights,
    so that implants and wells end with its diffusions; `straight` joins supplies of inner rows to their rails by met1
    where no contact is in the way. Without p-types there is no rail of vdd.
    """

    n: tuple[Row, ...]
    p: tuple[Row, ...]
    ports: tuple[str, ...]
    across: tuple[str, ...] = ()
    reach: Mapping[str, int] = field(default_factory=dict)
    least_height_nm: int = 0
    least_width_nm: int = 0
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    kept: tuple[tuple[int, int, int, int], ...] = ()
    inset_nm: int = 0
    alone: bool = False
    straight: bool = False

    @property
    def all(self) -> tuple[Row, ...]:
        """From below."""
        return (*self.n, *self.p)


@dataclass(frozen=True)
class Frame:
    """What rows of several cells have in common side by side: by row the y of the lowest track, and the upper rail."""

    starts: tuple[int, ...] = ()
    top: int = 0


OWN_FRAME = Frame()
"""Of a cell that stands by itself."""
