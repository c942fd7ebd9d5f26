"""Antenna rules: how much of a net may collect charge for its gates while a level is etched, from poly to met5.

Sources: Table Ig of SkyWater's antenna rules (skywater-pdk docs, `rules/antenna`) and the `antenna` lines of
`sky130A.tech` with the thicknesses of its `height` lines. Where the two differ the stricter number stands, which is
Magic's: metals 3 to 6 % thicker, 3 for via where SkyWater says 6, and for a net with a diode its bonus and term alone,
where SkyWater adds them to the ratio without. `tests/pdk/test_antenna.py` compares with the file and with the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from .layers import Layer

ROUNDING = 1e-9
"""Relative; a net exactly at a limit is within it."""


@dataclass(frozen=True)
class AntennaLimit:
    """The largest area of `layer` over gate area: of its sidewalls when `thickness_um`, else of its shapes.

    A net that reaches diffusion or a tap may have `with_diode` and `per_um2` for each um2 of it, if that is more; one
    with no `with_diode` is free of the rule there.
    """

    layer: Layer
    largest: float
    thickness_um: float = 0.0
    with_diode: float | None = None
    per_um2: float = 0.0

    def ratio(self, area_um2: float, outline_um: float, gate_um2: float) -> float:
        """What collects charge on this level over the gate area: outline times thickness, of a cut its area."""
        collecting_um2 = outline_um * self.thickness_um if self.thickness_um else area_um2
        return collecting_um2 / gate_um2 if gate_um2 else 0.0

    def allowed(self, diode_um2: float = 0.0) -> float:
        """The largest ratio of a net with that much diode. A diode never lowers the limit, however small."""
        if not diode_um2:
            return self.largest
        if self.with_diode is None:
            return inf
        return max(self.largest, self.with_diode + self.per_um2 * diode_um2)

    def broken_by(self, ratio: float, diode_um2: float = 0.0) -> bool:
        """Whether a net with that ratio has too much of this level."""
        return ratio > self.allowed(diode_um2) * (1 + ROUNDING)

    def diode_um2(self, ratio: float) -> float:
        """The least area of a diode with which a net may have that ratio, 0 where it needs none."""
        if not self.broken_by(ratio):
            return 0.0
        if self.with_diode is None:
            return ROUNDING
        return max((ratio - self.with_diode) / self.per_um2, ROUNDING)


ANTENNA: dict[Layer, AntennaLimit] = {
    limit.layer: limit
    for limit in (
        AntennaLimit(Layer.POLY, 50, 0.18),
        AntennaLimit(Layer.LICON, 3),
        AntennaLimit(Layer.LI1, 75, 0.10, 0, 450),
        AntennaLimit(Layer.MCON, 3, 0.0, 0, 18),
        AntennaLimit(Layer.MET1, 400, 0.36, 2200, 400),
        AntennaLimit(Layer.VIA, 3, 0.0, 0, 18),
        AntennaLimit(Layer.MET2, 400, 0.36, 2200, 400),
        AntennaLimit(Layer.VIA2, 6, 0.0, 0, 36),
        AntennaLimit(Layer.MET3, 400, 0.845, 2200, 400),
        AntennaLimit(Layer.VIA3, 6, 0.0, 0, 36),
        AntennaLimit(Layer.MET4, 400, 0.845, 2200, 400),
        AntennaLimit(Layer.VIA4, 6, 0.0, 0, 36),
        AntennaLimit(Layer.MET5, 400, 1.26, 2200, 400),
    )
}
"""Each level from the bottom up, in the order in which it is made."""
