"""A strip of CMOS: a row of n transistors below a row of p transistors, planned as columns on met1 and tracks on met2.

Both rows are walked from the left: at a region the sources and drains of both have a contact above each other, between
regions the gates. A gate that is one net for both rows is one piece of poly; two nets get a contact each. Every contact
has a met1 column of its own, so only tracks have to be found, and the order in which two columns on one x stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.model.facts import Fabric
from analoom.pdk.units import snap_up

from .columns import Contact, DrawnGate, Walk
from .gates import VDD, VSS
from .sizes import AXIS_NM, FIRST_TRACK_NM, PAD_FROM_DIFF_NM, PADS_NM, TAP_NM, TAP_TO_DIFF_NM, TRACK_PITCH_NM
from .strip import Strip
from .tracks import Column, Net, assign

MOST_TRACKS = 12
"""A strip that needs more has no order of tracks at all, or should be two."""


@dataclass(frozen=True)
class StripPlan:
    """Every coordinate of a strip, nm: rails at AXIS_NM and AXIS_NM + `height`, cell edges at 0 and `width`."""

    strip: Strip
    width: int
    height: int
    diffusions: tuple[tuple[Box, Box], ...]
    gates: tuple[tuple[DrawnGate, DrawnGate], ...]
    contacts: tuple[Contact, ...]
    columns: tuple[Column, ...]
    tracks: dict[str, int]
    nets: dict[str, Net]

    @property
    def fabric(self) -> Fabric:
        """How strips stand side by side: width, rail to rail, rails and tracks."""
        rails = {VSS: AXIS_NM, VDD: AXIS_NM + self.height}
        return Fabric((self.width, self.height), rails_nm=rails, tracks_nm=self.tracks)


def plan_strip(strip: Strip) -> StripPlan:
    """The strip with the fewest tracks that do. Raises ValueError when MOST_TRACKS do not."""
    for tracks in count(len(strip.order) or len(strip.across) + len(strip.along)):
        if tracks > MOST_TRACKS:
            raise ValueError("no order of tracks for this strip")
        height = _height(strip, tracks)
        walk = Walk(strip, height)
        columns, nets = walk.columns(), walk.nets()
        ys = [_track_y(height, tracks, k) for k in range(tracks)]
        allowed = {net: (y,) for net, y in zip(strip.order, ys, strict=False) if net is not None}
        found = assign(nets, columns, {net: allowed.get(net, ys) for net in nets}, strip.ends)
        if found is not None:
            contacts = tuple(walk.contacts)
            drawn = tuple(walk.gates)
            return StripPlan(strip, walk.width, height, tuple(walk.diffusions), drawn, contacts, columns, found, nets)
    raise AssertionError("unreachable")


BESIDES_ROWS_NM = 2 * (TAP_NM // 2 + TAP_TO_DIFF_NM + PAD_FROM_DIFF_NM) + PADS_NM
"""Rail to rail, what both rows of transistors leave to taps and gates' contacts."""


def room_nm(height: int) -> int:
    """The `room_nm` of a strip whose rails are to stand `height` nm apart."""
    return (height - BESIDES_ROWS_NM) // 2


def _height(strip: Strip, tracks: int) -> int:
    """Rail to rail: what the transistors need, or the tracks."""
    devices = 2 * strip.w_nm + BESIDES_ROWS_NM
    return snap_up(max(devices, 2 * FIRST_TRACK_NM + (tracks - 1) * TRACK_PITCH_NM), CUT_GRID_NM)


def _track_y(height: int, tracks: int, k: int) -> int:
    """Middle of track `k` from below: evenly over the room there is."""
    room = height - 2 * FIRST_TRACK_NM
    step = room // (tracks - 1) // CUT_GRID_NM * CUT_GRID_NM if tracks > 1 else 0
    return AXIS_NM + FIRST_TRACK_NM + k * step
