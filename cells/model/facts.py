"""What a cell tells those who place, check or simulate it beyond its pins: typed facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analoom.pdk.units import to_um

Across = Literal["h", "v", "hv"]
"""Which edges a line of a tile reaches: left and right, bottom and top, or all four."""

Way = Literal["row", "column", "array"]
"""What a line of an array is one net of: each row, each column, or the whole array."""


@dataclass(frozen=True)
class Fabric:
    """How copies of a cell stand side by side, in nm from its origin.

    `pitch_nm`: from one to the next in x and y. A tile has `lines`, by pin, which meet those of its neighbours by
    abutment. A strip of CMOS has rails and tracks instead, by net the y of their middles; in y it is turned over its
    rails.
    """

    pitch_nm: tuple[int, int]
    lines: Mapping[str, Across] = field(default_factory=dict)
    rails_nm: Mapping[str, int] = field(default_factory=dict)
    tracks_nm: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_tile(self) -> bool:
        """Whether lines meet across its edges."""
        return bool(self.lines)


@dataclass(frozen=True)
class Weave:
    """A crossbar: `rows` x `cols` tiles of the cell named `unit`, `pitch_nm` apart in x and y, row 0 lowest.

    `lines`: by pin of the unit, in the order of its ports, whether its nets are one a row, a column or the array.
    """

    rows: int
    cols: int
    unit: str
    pitch_nm: tuple[int, int]
    lines: Mapping[str, Way]

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    @property
    def count(self) -> int:
        """Number of tiles."""
        return self.rows * self.cols


@dataclass(frozen=True)
class UnitGrid:
    """An array of unit capacitors: `rows` x `cols` sites of the weights, `pitch_nm` apart in x and y.

    `units` belong to weights; `dummies` to none, those of a ring around the sites included; `empty` sites hold no unit.
    `stub_room_nm` is the most that a unit's stub of `top` can grow, 0 where it cannot.
    """

    rows: int
    cols: int
    pitch_nm: tuple[int, int]
    units: int
    dummies: int
    empty: int
    stub_room_nm: int

    @property
    def pitch_um(self) -> tuple[float, float]:
        """The pitch in um."""
        return to_um(self.pitch_nm[0]), to_um(self.pitch_nm[1])
