"""A first look at a large array: two places of each block that stands often, with what surrounds it there.

A mistake in a shared cell on a wire that runs through a million cells makes as many markers on wires as long as the
array, which takes minutes to find. Widths and spaces depend on what is near and on nothing else, so those broken well
inside a block are broken; where two places of it break them alike, the block is at fault. The check stops there and
says how often the block stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import klayout.db as kdb

from analoom.flows.drc.report.findings import Findings
from analoom.flows.files.layout_source import LayoutSource, of_layout
from analoom.flows.files.placements import placements, places
from analoom.pdk.layers import Layer

from .checks import Check
from .layers import CHECKED, DrcLayers
from .rule_table import CHECKS

LARGE = 100_000
"""Layouts with more instances, all places counted, are looked at first."""
STANDS_OFTEN = 1000
MOST_SHAPES = 5000
SURROUNDINGS_NM = 10_000
"""Farther than any width or space that a rule asks for."""
LOCAL_CHECKS = tuple(c for c in CHECKS if c.is_local and all(n.upper() in Layer.__members__ for n in c.needs))
"""Widths and spaces of layers as drawn."""


@dataclass(frozen=True)
class Look:
    """A block (cell name) that stands `times` times, and the transformations of two of its places."""

    cell: kdb.Cell
    times: int
    placed: tuple[kdb.ICplxTrans, kdb.ICplxTrans]


def first_look(source: LayoutSource, findings: Findings) -> Look | None:
    """Adds what the first block at fault breaks in both its places; None when no block is at fault."""
    for look in _looks(source):
        one, other = (_broken(source, look.cell.bbox().transformed(place)) for place in look.placed)
        back = look.placed[0] * look.placed[1].inverted()
        for check, boxes in one.items():
            alike = {box.transformed(back) for box in other.get(check, ())}
            shared = [kdb.Polygon(box) for box in boxes if box in alike]
            if shared:
                both = [*shared, *(box.transformed(back.inverted()) for box in shared)]
                findings.take_sample(check.rule, look.cell.name, look.times, both)
        if findings.counts:
            return look
    return None


def _looks(source: LayoutSource) -> Iterator[Look]:
    times = placements(source.layout, source.top)
    if sum(times.values()) < LARGE:
        return
    often = {index for index, n in times.items() if n >= STANDS_OFTEN and _is_small(source, index)}
    below = {inner for index in often for inner in source.layout.cell(index).called_cells()}
    for index in sorted(often - below):
        cell = source.layout.cell(index)
        first, middle = next(places(cell, source.top)), next(islice(places(cell, source.top), times[index] // 2, None))
        yield Look(cell, times[index], (first, middle))


def _is_small(source: LayoutSource, index: int) -> bool:
    found = 0
    for layer in CHECKED:
        shapes = source.layout.cell(index).begin_shapes_rec(source.index(layer))
        found += sum(1 for _ in islice(shapes.each(), MOST_SHAPES + 1 - found))
    return 0 < found <= MOST_SHAPES


def _broken(source: LayoutSource, box: kdb.Box) -> dict[Check, list[kdb.Box]]:
    """The boxes of what breaks each local check inside `box`."""
    layers = DrcLayers(_window(source, box.enlarged(SURROUNDINGS_NM)), deep=False)
    found = {check: [m.bbox() for some in check.run(layers) for m in some.each()] for check in LOCAL_CHECKS}
    return {check: [b for b in boxes if b.inside(box)] for check, boxes in found.items() if boxes}


def _window(source: LayoutSource, box: kdb.Box) -> LayoutSource:
    """What lies in a box, flat and cut at its edge."""
    copy = kdb.Layout()
    copy.dbu = source.layout.dbu
    top = copy.create_cell(source.top.name)
    for (number, purpose), index in source.layers().items():
        shapes = kdb.Region(source.top.begin_shapes_rec_touching(index, box)) & kdb.Region(box)
        top.shapes(copy.layer(number, purpose)).insert(shapes)
    return of_layout(copy, top, source.name)
