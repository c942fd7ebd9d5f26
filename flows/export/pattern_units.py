"""What a picture of a matched cell's pattern shows: units by member, dummies, centres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import klayout.db as kdb

from analoom.cells.model.cell import Cell, MatchGroup
from analoom.cells.model.drawing import Box
from analoom.flows.files.layout_source import of_cell
from analoom.pdk.layers import Layer

Place = tuple[float, float]
"""x, y in nm."""

CENTRED_NM = 1.0
FILL = 0.9
"""Share of the pitch that an enlarged unit takes."""


@dataclass(frozen=True)
class Shown:
    """A member: its name, its units' boxes (nm), and which of the looks it has: the heaviest the first."""

    name: str
    boxes: list[Box]
    look: int
    off_centre: Place | None


@dataclass(frozen=True)
class Pattern:
    """Members of all groups; gates and plates of none, and what they are called; each group's centre."""

    members: tuple[Shown, ...]
    dummies: list[Box]
    centres: tuple[Place, ...]
    dummies_are: str

    @property
    def units(self) -> int:
        return sum(len(m.boxes) for m in self.members)


def pattern_of(cell: Cell) -> Pattern:
    """What is drawn of `cell`; with several groups members are called "group member"."""
    named = [(group, name) for group in cell.match_groups for name in group.members]
    heaviest = sorted(range(len(named)), key=lambda k: (-len(named[k][0].members[named[k][1]]), k))
    centres = {group.name: _centre(group) for group in cell.match_groups}
    members = tuple(
        Shown(
            f"{group.name} {name}" if len(centres) > 1 else name,
            list(group.members[name]),
            heaviest.index(k),
            _apart(group.centroid_nm(name), centres[group.name]),
        )
        for k, (group, name) in enumerate(named)
    )
    words = "dummy" if any(group.whole_cell for group in cell.match_groups) else "other device"
    return Pattern(members, _dummies(cell, (m.boxes for m in members)), tuple(centres.values()), words)


def enlarge(pattern: Pattern) -> Pattern:
    """The pattern with units and dummies grown about their middles to FILL of their pitch."""
    boxes = [box for m in pattern.members for box in m.boxes]
    x_nm, y_nm = _pitch(boxes, sideways=True), _pitch(boxes, sideways=False)

    def grown(box: Box) -> Box:
        width, height = max(FILL * x_nm, box.width()), max(FILL * y_nm, box.height())
        return box.enlarged(round(width - box.width()) // 2, round(height - box.height()) // 2)

    members = tuple(Shown(m.name, [grown(b) for b in m.boxes], m.look, m.off_centre) for m in pattern.members)
    return replace(pattern, members=members, dummies=[grown(b) for b in pattern.dummies])


def _pitch(boxes: list[Box], *, sideways: bool) -> int:
    """The smallest step between the middles of units, 0 where they are all in one line."""
    middles = sorted({box.center().x if sideways else box.center().y for box in boxes})
    return min((b - a for a, b in pairwise(middles)), default=0)


def _centre(group: MatchGroup) -> Place:
    areas = {name: sum(b.area() for b in boxes) for name, boxes in group.members.items()}
    centres = {name: group.centroid_nm(name) for name in areas}
    x, y = (sum(areas[n] * centres[n][i] for n in areas) / sum(areas.values()) for i in (0, 1))
    return x, y


def _apart(place: Place, centre: Place) -> Place | None:
    return place if max(abs(a - b) for a, b in zip(place, centre, strict=True)) > CENTRED_NM else None


def _dummies(cell: Cell, members: Iterable[list[Box]]) -> list[Box]:
    """Gates and capacitor plates that are drawn and belong to no member; of finger capacitors the dummy instances."""
    source = of_cell(cell)

    def flat(layer: Layer) -> kdb.Region:
        return kdb.Region(source.top.begin_shapes_rec(source.index(layer))).merged()

    devices = (flat(Layer.POLY) & flat(Layer.DIFF)) + flat(Layer.CAPM) + flat(Layer.CAP2M)
    if devices.is_empty():
        spare = [i for i in cell.instances if i.name.startswith("dummy")]
        return [i.cell.layout.bbox().transformed(i.trans) for i in spare]
    units = kdb.Region()
    for boxes in members:
        for box in boxes:
            units.insert(box)
    return [polygon.bbox() for polygon in devices.merged().not_interacting(units).each()]
