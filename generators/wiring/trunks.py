"""The wires of a floor of cells: stubs, trunks and tracks, and the pins on the tracks of the outer nets."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Literal

from analoom.cells.model.cell import Cell, Pin, draw_pin
from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.cells.parts.via_stack import cut_box, draw_stack
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET2, VIA2

from .rows import END_NM, PITCH_NM, WIRE_NM, Floor, PartRow, Side, Tap, Trunk, clearance_nm, levels_of, snap_down

HALF_NM = WIRE_NM // 2
STUB_NM = VIA2.size_nm
"""Height of a stub: narrower than a bus, so that the pad of a trunk keeps its distance from the stubs that pass it."""

USES: dict[str, Literal["power", "ground", "signal"]] = {"vdd": "power", "vss": "ground"}


def row_levels(rows: Sequence[PartRow]) -> list[int]:
    """The lower edge (nm) of each row, the first at 0: as close as wells allow."""
    levels = [0]
    for below, above in itertools.pairwise(rows):
        clear = max(clearance_nm(a.cell, b.cell) for a in below.parts for b in above.parts)
        levels.append(-snap_down(-(levels[-1] + below.height_nm + clear)))
    return levels


def assign_tracks(rows: Sequence[PartRow], twins: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The y (nm) of each net's track: near the middle of its taps, one net a track; twins share one, left and right."""
    wanted: dict[str, list[int]] = {}
    for row, y in zip(rows, row_levels(rows), strict=True):
        for net, levels in levels_of(row, y).items():
            wanted.setdefault(net, []).extend(levels)
    second = {b: a for a, b in twins}
    taken: set[int] = set()
    tracks: dict[str, int] = {}
    for net in sorted(wanted, key=lambda n: (len(wanted[n]), n)):
        if net not in second:
            middle = sorted(wanted[net])[len(wanted[net]) // 2]
            tracks[net] = _nearest(middle // PITCH_NM, taken) * PITCH_NM
    return tracks | {b: tracks[a] for b, a in second.items()}


def draw_wires(drawing: Drawing, floor: Floor, ends: Mapping[str, Side], box: Box) -> list[Pin]:
    """Draws every net's wires. Nets of `ends` are ports: their tracks run on to that side of `box` and are pins."""
    pins = []
    for net, y in floor.tracks.items():
        mine = [trunk for trunk in floor.trunks if trunk.net == net]
        for trunk in mine:
            _trunk(drawing, trunk, y)
        xs = [trunk.x_nm for trunk in mine]
        left, right = min(xs) - END_NM, max(xs) + END_NM
        if net in ends:
            left, right = (box.left, right) if ends[net] == "left" else (left, box.right)
        track = drawing.box(Layer.MET4, left, y - HALF_NM, right, y + HALF_NM)
        if net in ends:
            use = USES.get(net, "signal")
            pins.append(draw_pin(drawing, Pin(net, Layer.MET4, track, use)))
    return pins


def require_apart(floor: Floor, twins: Sequence[tuple[str, str]]) -> None:
    """ValueError when two nets that share a track would meet on it."""
    for a, b in twins:
        reach = {net: [t.x_nm for t in floor.trunks if t.net == net] for net in (a, b)}
        if max(reach[a]) + PITCH_NM + END_NM > min(reach[b]):
            raise ValueError(f"{a} does not lie left of {b}")


def outline(cells: Sequence[tuple[Cell, Box]], floor: Floor) -> Box:
    """The box of the placed cells and the trunks."""
    return hull([*(box for _, box in cells), *(wire_box(trunk) for trunk in floor.trunks)])


def wire_box(trunk: Trunk) -> Box:
    """The met3 of a trunk."""
    return Box(trunk.x_nm - HALF_NM, trunk.low_nm - END_NM, trunk.x_nm + HALF_NM, trunk.high_nm + END_NM)


def _nearest(wanted: int, taken: set[int]) -> int:
    """The free track closest to the one wanted, which is taken then."""
    reach = 0
    while True:
        for track in (wanted + reach, wanted - reach):
            if track not in taken and track >= 0:
                taken.add(track)
                return track
        reach += 1


def _trunk(drawing: Drawing, trunk: Trunk, track_nm: int) -> None:
    x = trunk.x_nm
    drawing.add(Layer.MET3, wire_box(trunk))
    draw_stack(drawing, x, track_nm, Layer.MET3, Layer.MET4)
    for tap in trunk.taps:
        _stub(drawing, tap, x)
    _fill_between_pads(drawing, trunk)


def _stub(drawing: Drawing, tap: Tap, x_nm: int) -> None:
    draw_stack(drawing, x_nm, tap.y_nm, tap.layer, Layer.MET3, "h")
    y = cut_box(VIA2.size, x_nm, tap.y_nm).center().y
    half = STUB_NM // 2
    drawing.box(tap.layer, min(tap.x_nm, x_nm), y - half, max(tap.x_nm, x_nm), y + half)


def _fill_between_pads(drawing: Drawing, trunk: Trunk) -> None:
    """Met2 between pads of one trunk that lie closer than met2 may."""
    reach = VIA2.below.short_nm // 2
    levels = sorted(tap.y_nm for tap in trunk.taps)
    for low, high in itertools.pairwise(levels):
        if high - low - 2 * reach < MET2.space_nm:
            drawing.box(Layer.MET2, trunk.x_nm - reach, low, trunk.x_nm + reach, high)
