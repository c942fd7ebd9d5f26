"""Resistor bodies: conductors under a resistor's mark, which are devices and no wires. LVS and extraction cut alike."""

from __future__ import annotations

from typing import Protocol

import klayout.db as kdb

from analoom.pdk.devices import BODY_MARKS
from analoom.pdk.layers import Layer, Marker


class Drawn(Protocol):
    """Whatever gives the polygons of a layer."""

    def drawn(self, layer: Layer | Marker, /) -> kdb.Region: ...


def bodies(work: Drawn, layer: Layer) -> kdb.Region:
    """The parts of a conductor that are resistors."""
    first, *others = (work.drawn(mark) for mark in BODY_MARKS[layer])
    for mark in others:
        first = first + mark
    return work.drawn(layer) & first
