"""What a Magic older than the tech file asks for finds too much: spacings of contacts and vias, which it has rounded.

Such a Magic reads contacts at odd multiples of 5 nm onto a grid of 10 nm, some of them 10 nm too wide, and then finds
slivers of one step of that grid between contacts that keep their spacing to the nanometre (8.3.105; 8.3.677 does not).
A contact that really is one step too close gives the same sliver, so the drawn shapes decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule
from analoom.pdk.units import DBU_UM

from .magic_output import MagicFindings, UmBox

SPACINGS: Mapping[str, tuple[Layer, Rule]] = {
    rule.magic: (layer, rule)
    for layer, rule in (
        (Layer.LICON, rules.LICON_SPACE),
        (Layer.MCON, rules.MCON_SPACE),
        (Layer.VIA, rules.VIA_SPACE),
        (Layer.VIA2, rules.VIA2_SPACE),
        (Layer.VIA3, rules.VIA3_SPACE),
    )
    if rule.magic
}
"""By Magic's name of a spacing of contacts and vias: their layer and the rule."""
STEP_UM = 0.01
"""The grid it rounds to, whichever scale it ends with."""

NEAR_UM = 0.1
"""How far beside the gap between two contacts a sliver of theirs may lie: Magic widens vias by what surrounds them."""


def without_slivers(found: MagicFindings, source: LayoutSource) -> tuple[MagicFindings, tuple[str, ...]]:
    """The findings but for slivers that the drawn contacts do not bear out, and a note on each rule that had some."""
    kept, notes = dict(found.boxes), []
    for why, boxes in found.boxes.items():
        name = _spacing_in(why)
        false = _not_borne_out([box for box in boxes if _is_sliver(box)], source, name) if name else set()
        if false:
            kept[why] = tuple(box for box in boxes if box not in false)
            notes.append(f"{name} x{len(false)}, slivers of {STEP_UM:g} um between contacts that keep the rule")
    clean = {why: boxes for why, boxes in kept.items() if boxes}
    return MagicFindings(clean, found.finished), tuple(notes)


def _spacing_in(why: str) -> str | None:
    """The first name in parentheses at the end of a text, if it is of a spacing of contacts."""
    match = re.search(r"\(([\w.]+)[^()]*\)$", why)
    return match.group(1) if match and match.group(1) in SPACINGS else None


def _is_sliver(box: UmBox) -> bool:
    left, bottom, right, top = box
    return min(right - left, top - bottom) < 1.5 * STEP_UM


def _not_borne_out(slivers: list[UmBox], source: LayoutSource, name: str) -> set[UmBox]:
    """The slivers that lie near no two drawn contacts closer than the rule."""
    layer, rule = SPACINGS[name]
    close = source.drawn(layer).space_check(rule.value_nm).polygons(1)
    around = {_around(box): box for box in slivers}
    near = kdb.Region()
    near.merged_semantics = False
    for box in around:
        near.insert(box)
    return {around[polygon.bbox()] for polygon in near.not_interacting(close).each()}


def _around(box: UmBox) -> kdb.Box:
    """What is near a box, in nm."""
    return (kdb.DBox(*box).enlarged(NEAR_UM) * (1 / DBU_UM)).to_itype(1.0)
