"""The room that a block gives its wires: how much wider than the least its gaps are, and the rim around its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from analoom.generators.placing.arrange import Arrangement, Line
from analoom.generators.ways.lattice import STEP_NM

from .join import distance
from .router import Stuck

WIDER_NM = 4 * STEP_NM
"""By how much a gap grows where wires found no way."""
NEAR_NM = 500
"""Gaps that are so much farther than the nearest grow with it."""
DOUBLED = 3
"""How often a gap that grows again does so by twice as much as before."""
LOOPED = 5
"""How often a gap may grow for the sake of loops."""
IN_VAIN = {False: 3, True: 1}
"""How often the rim alone may grow while the same nets are stuck at the same places, also where parts abut."""
LOOSE_NM = 6 * STEP_NM
"""How much wider than the least all gaps of a large block are from the first: room for a via3 beside each pin."""
RIM_NM = 2 * STEP_NM
"""Room around the parts at first."""


@dataclass
class Room:
    """The room given so far: what each gap has beyond its least, and the rim around all parts."""

    extra: dict[tuple[Line, int], int] = field(default_factory=dict)
    rim_nm: int = RIM_NM
    grown: set[tuple[Line, int] | None] = field(default_factory=set)
    times: Counter[tuple[Line, int] | None] = field(default_factory=Counter)
    stuck: tuple[Stuck, ...] = ()
    in_vain: int = 0

    @property
    def is_wide(self) -> bool:
        """Whether some gap has grown as often as helps loops."""
        return max(self.times.values(), default=0) >= LOOPED

    def loosen(self, arrangement: Arrangement) -> None:
        """Makes all gaps wider by what lets wires out of the pins on both sides."""
        for gap in arrangement.gaps:
            key = gap.line, gap.index
            self.extra[key] = self.extra.get(key, 0) + LOOSE_NM

    def widen(self, arrangement: Arrangement, stuck: Stuck) -> None:
        """Gives room where a net is stuck: to the gaps beside it, and to the rim if that is as near."""
        inside = arrangement.box
        for place in stuck.places:
            gaps = {(gap.line, gap.index): distance(gap.box, place) for gap in arrangement.gaps}
            rim = max(
                0,
                min(
                    place.left - inside.left,
                    inside.right - place.right,
                    place.bottom - inside.bottom,
                    inside.top - place.top,
                ),
            )
            nearest = min([rim, *gaps.values()])
            for key, apart in gaps.items():
                if apart <= nearest + NEAR_NM:
                    self.grown.add(key)
            if rim <= nearest + NEAR_NM:
                self.grown.add(None)

    def helps(self, stuck: Sequence[Stuck], abuts: bool) -> bool:
        """Whether more room may free what is stuck: no gap grows for parts that abut, and a wider rim moves nothing."""
        same = self.grown == {None} and self.stuck == tuple(stuck)
        self.stuck, self.in_vain = tuple(stuck), self.in_vain + 1 if same else 0
        return self.in_vain < IN_VAIN[abuts]

    def grow(self) -> None:
        """Makes wider what was found too narrow, by more where it was before."""
        for key in self.grown:
            more = 1 << min(self.times[key], DOUBLED)
            if key is None:
                self.rim_nm += RIM_NM * more
            else:
                self.extra[key] = self.extra.get(key, 0) + WIDER_NM * more
        self.times.update(self.grown)
        self.grown.clear()
