"""A stack of single cuts at one point, from li1 or a metal up to another metal, every pad at its smallest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule
from analoom.pdk.units import snap_up

Ends = Literal["h", "v"]
"""The direction in which a pad is long (its larger enclosure)."""


@dataclass(frozen=True)
class Landing:
    """How far a conductor encloses a cut: on all sides, and on two opposite ones."""

    layer: Layer
    around_nm: int
    ends_nm: int


@dataclass(frozen=True)
class Joint:
    """One cut layer with the conductors it joins."""

    cut: Layer
    size: Rule
    below: Landing
    above: Landing


JOINTS = (
    Joint(
        Layer.MCON,
        rules.MCON_SIZE,
        Landing(Layer.LI1, 0, 0),
        Landing(Layer.MET1, rules.MET1_ENCLOSES_MCON.value_nm, rules.MET1_ENCLOSES_MCON_ENDS.value_nm),
    ),
    Joint(
        Layer.VIA,
        rules.VIA_SIZE,
        Landing(Layer.MET1, rules.MET1_ENCLOSES_VIA.value_nm, rules.MET1_ENCLOSES_VIA_ENDS.value_nm),
        Landing(Layer.MET2, rules.MET2_ENCLOSES_VIA.value_nm, rules.MET2_ENCLOSES_VIA_ENDS.value_nm),
    ),
    Joint(
        Layer.VIA2,
        rules.VIA2_SIZE,
        Landing(Layer.MET2, rules.MET2_ENCLOSES_VIA2.value_nm, rules.MET2_ENCLOSES_VIA2_ENDS.value_nm),
        Landing(Layer.MET3, rules.MET3_ENCLOSES_VIA2.value_nm, rules.MET3_ENCLOSES_VIA2.value_nm),
    ),
    Joint(
        Layer.VIA3,
        rules.VIA3_SIZE,
        Landing(Layer.MET3, rules.MET3_ENCLOSES_VIA3.value_nm, rules.MET3_ENCLOSES_VIA3_ENDS.value_nm),
        Landing(Layer.MET4, rules.MET4_ENCLOSES_VIA3.value_nm, rules.MET4_ENCLOSES_VIA3.value_nm),
    ),
)
"""The joints from li1 to met4, from the bottom up."""


def draw_stack(drawing: Drawing, x_nm: int, y_nm: int, lowest: Layer, highest: Layer, ends: Ends = "v") -> None:
    """Joins `lowest` to `highest` at a point; draws cuts and pads on every conductor between them, both included."""
    for joint in _joints(lowest, highest):
        cut = drawing.add(joint.cut, cut_box(joint.size, x_nm, y_nm))
        for landing in (joint.below, joint.above):
            wide, long = landing.around_nm, landing.ends_nm
            half = (long, wide) if ends == "h" else (wide, long)
            drawing.add(landing.layer, cut.enlarged(*half))


def cut_box(size: Rule, x_nm: int, y_nm: int) -> Box:
    """The cut nearest to a point, on the grid of the cuts (a square of side `size`)."""
    left, bottom = ((v - size.value_nm // 2) // CUT_GRID_NM * CUT_GRID_NM for v in (x_nm, y_nm))
    return Box(left, bottom, left + size.value_nm, bottom + size.value_nm)


def stack_centre(least_nm: int) -> int:
    """The smallest coordinate from `least_nm` up where li1, mcon and via cuts can all be centred."""
    half = rules.MCON_SIZE.value_nm // 2
    return snap_up(least_nm - half, CUT_GRID_NM) + half


def pad_size(layer: Layer, lowest: Layer, highest: Layer) -> tuple[int, int]:
    """Short and long side (nm) of the pad that `draw_stack` leaves on `layer`."""
    narrow, long = _half_sizes(layer, _joints(lowest, highest))
    return 2 * narrow, 2 * long


def _joints(lowest: Layer, highest: Layer) -> tuple[Joint, ...]:
    below, above = [j.below.layer for j in JOINTS], [j.above.layer for j in JOINTS]
    return JOINTS[below.index(lowest) : above.index(highest) + 1]


def _half_sizes(layer: Layer, joints: tuple[Joint, ...]) -> tuple[int, int]:
    sides = [
        (joint.size.value_nm // 2 + landing.around_nm, joint.size.value_nm // 2 + landing.ends_nm)
        for joint in joints
        for landing in (joint.below, joint.above)
        if landing.layer is layer
    ]
    return max(s[0] for s in sides), max(s[1] for s in sides)
