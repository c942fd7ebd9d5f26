"""What a Magic older than the tech file asks for finds too much: contact spacings it has rounded to its own grid.

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
    for layer, rule in ((Layer.LICON, rules.LICON_SPACE), (Layer.MCON, rules.MCON_SPACE))
    if rule.magic
}
"""By Magic's name of a spacing of contacts: their layer and the rule."""
STEP_UM = 0.01
"""The grid it rounds to, whichever scale it ends with."""


def without_slivers(found: MagicFindings, source: LayoutSource) -> tuple[MagicFindings, tuple[str, ...]]:
    """The findings but for slivers that the drawn contacts do not bear out, and a note on each rule that had some."""
    kept, notes = dict(found.boxes), []
    for why, boxes in found.boxes.items():
        name = _spacing_in(why)
        false = [box for box in boxes if name and _is_sliver(box)]
        if name and false:
            close = _too_close(source, *SPACINGS[name])
            false = [box for box in false if not _touches(close, box)]
        if false:
            kept[why] = tuple(box for box in boxes if box not in false)
            notes.append(f"{name} x{len(false)}, slivers of {STEP_UM:g} um between contacts that keep the rule")
    clean = {why: boxes for why, boxes in kept.items() if boxes}
    return MagicFindings(clean, found.finished), tuple(notes)


def _spacing_in(why: str) -> str | None:
    """The name in parentheses at the end of a text, if it is of a spacing of contacts."""
    match = re.search(r"\(([^()]*)\)$", why)
    return match.group(1) if match and match.group(1) in SPACINGS else None


def _is_sliver(box: UmBox) -> bool:
    left, bottom, right, top = box
    return min(right - left, top - bottom) < 1.5 * STEP_UM


def _too_close(source: LayoutSource, layer: Layer, rule: Rule) -> kdb.Region:
    """Where the drawn contacts are closer than the rule."""
    return source.drawn(layer).space_check(rule.value_nm).polygons(1)


def _touches(region: kdb.Region, box: UmBox) -> bool:
    """Whether a box, wider by a step of Magic's grid, meets the region."""
    near = (kdb.DBox(*box).enlarged(STEP_UM) * (1 / DBU_UM)).to_itype(1.0)
    return not region.interacting(kdb.Region(near)).is_empty()
