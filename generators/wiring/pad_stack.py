"""Where a wire meets a strap or the ring: vias over a whole pad, which is drawn on every layer between the two."""

from __future__ import annotations

from analoom.cells.model.drawing import Box, Drawing
from analoom.pdk import rules
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer
from analoom.pdk.rules import Rule

_SIZE_SPACE: dict[Layer, tuple[Rule, Rule]] = {
    Layer.MCON: (rules.MCON_SIZE, rules.MCON_SPACE),
    Layer.VIA: (rules.VIA_SIZE, rules.VIA_SPACE),
    Layer.VIA2: (rules.VIA2_SIZE, rules.VIA2_SPACE),
    Layer.VIA3: (rules.VIA3_SIZE, rules.VIA3_SPACE),
}
_ENCLOSURE: dict[Layer, Rule] = {
    Layer.MCON: rules.MET1_ENCLOSES_MCON_ENDS,
    Layer.VIA: rules.MET1_ENCLOSES_VIA_ENDS,
    Layer.VIA2: rules.MET2_ENCLOSES_VIA2_ENDS,
    Layer.VIA3: rules.MET3_ENCLOSES_VIA3_ENDS,
}


def cuts_between(low: Layer, high: Layer) -> list[Layer]:
    """The cut layers from `low` up to `high`, the lowest first; none when they are the same layer."""
    between = CONDUCTORS[CONDUCTORS.index(low) : CONDUCTORS.index(high)]
    return [cut for cut, (below, _) in CUTS.items() if below in between]


def draw_stack(drawing: Drawing, pad: Box, low: Layer, high: Layer) -> None:
    """Joins `low` and `high` (both drawn here too) over `pad`, with as many cuts as fit.

    Raises ValueError for a pad that holds no cut.
    """
    if CONDUCTORS.index(low) > CONDUCTORS.index(high):
        low, high = high, low
    for cut in cuts_between(low, high):
        size, space = _SIZE_SPACE[cut]
        inset = _ENCLOSURE[cut].value_nm
        for layer in CUTS[cut]:
            drawing.add(layer, pad)
        if not drawing.cuts(cut, pad.enlarged(-inset, -inset), size.value_nm, space.value_nm):
            raise ValueError(f"no {cut.name} fits into {pad}")
