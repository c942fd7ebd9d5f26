"""Devices that a layout marks and LVS does not know: they are named with their place, as none may pass as a wire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import klayout.db as kdb

from analoom.pdk.devices import BIPOLARS
from analoom.pdk.layers import Marker

from .layers import Layers

FOREIGN_GATES: dict[Marker, str] = {
    Marker.COREID: "memory cell transistor",
    Marker.EDID: "extended-drain transistor",
    Marker.LDNTM: "drain-extended transistor",
    Marker.SONOS: "memory transistor",
}
"""Markers that make another device of a gate than the models that LVS knows."""

MOST_PLACES = 3
"""So many places of one kind are told; the others are counted."""


@dataclass(frozen=True)
class Foreign:
    """Devices of one kind that LVS does not know, with their places (nm)."""

    what: str
    boxes: tuple[kdb.Box, ...]

    def __str__(self) -> str:
        return "".join(told(self.what, ": a device that LVS does not know", self.boxes))


def told(what: str, why: str, boxes: Sequence[kdb.Box]) -> Iterator[str]:
    """One line for things of a kind, with the first places from the left; none where there are none."""
    if not boxes:
        return
    first, *others = sorted(boxes, key=lambda box: (box.left, box.bottom))
    places = ", ".join(_um(box) for box in others[:MOST_PLACES])
    more = " and elsewhere" if len(others) > MOST_PLACES else ""
    yield f"{what} at {_um(first)}{why}{f'; {len(others)} more, at {places}{more}' if others else ''}"


def known_gates(work: Layers) -> kdb.Region:
    """The gates under none of the markers of foreign ones."""
    gates = work["gate"]
    for mark in filter(work.has, FOREIGN_GATES):
        gates = gates - work.drawn(mark)
    return gates


def foreign(work: Layers, strange: Mapping[str, Iterable[kdb.Polygon]]) -> list[Foreign]:
    """What the layout marks as a device that LVS does not know; `strange` are polygons of such a kind already found."""
    found = {what: [polygon.bbox() for polygon in polygons] for what, polygons in strange.items()}
    for what, region in _marked(work):
        found[what] = [*found.get(what, ()), *(polygon.bbox() for polygon in region.each_merged())]
    return [Foreign(what, tuple(boxes)) for what, boxes in found.items() if boxes]


def _marked(work: Layers) -> Iterator[tuple[str, kdb.Region]]:
    for mark, what in FOREIGN_GATES.items():
        if work.has(mark):
            yield what, work["gate"] & work.drawn(mark)
    for mark, what in ((Marker.PWRES, "p-well resistor"), (Marker.PHOTO, "photodiode")):
        if work.has(mark):
            yield what, work.drawn(mark)
    for mark, polarity in ((Marker.NPNID, "npn"), (Marker.PNPID, "pnp")):
        if work.has(mark):
            yield f"{polarity} transistor", _without_emitter(work, work.drawn(mark), polarity)


def _without_emitter(work: Layers, marked: kdb.Region, polarity: str) -> kdb.Region:
    for device in BIPOLARS.values():
        if device.polarity == polarity and f"emitter_{device.name}" in work.layers:
            marked = marked.not_interacting(work[f"emitter_{device.name}"])
    return marked


def _um(box: kdb.Box) -> str:
    return f"({box.center().x / 1000:g}, {box.center().y / 1000:g})"
