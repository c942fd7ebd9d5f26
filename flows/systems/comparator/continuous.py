"""The bench of a continuous comparator: supplies, bias current, and inputs about a common level.

`inp` stands half the difference above the common level, `inn` half below. With `closed` the output is fed back with a
gain of FEEDBACK up to MOST_V, so that it stands at half the supply and the difference is the offset, within
1 / (FEEDBACK gain).
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.pdk.corners import VDD_V

FEEDBACK = 10.0
MOST_V = 0.2
"""The largest difference that the feedback gives: beyond it there would be more than one operating point."""
TIGHT = ".option reltol=1e-4 abstol=1e-12 vntol=1e-8"
"""Offsets of microvolts under a gain of some thousands."""


class ContinuousPoint(Spec):
    """Where a continuous comparator is held."""

    vdd: float = Field(VDD_V, ge=1.4, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_cm: float = Field(0.9, gt=0, le=1.95, description="common level of the inputs", json_schema_extra={"unit": "V"})
    i_bias: float = Field(2e-6, ge=1e-8, le=1e-3, description="current into `bias`", json_schema_extra={"unit": "A"})


@dataclass(frozen=True)
class ContinuousBench:
    """Lines of a deck at a point; each copy's nets end in `copy`."""

    point: ContinuousPoint
    c_load: float = 0.0
    phases: tuple[str, ...] = ()
    """Lines of an auto-zeroed comparator that runs."""

    @property
    def shared(self) -> list[str]:
        """Supplies, the common level `cm` and half the supply, `mid`."""
        point = self.point
        return [
            TIGHT,
            f"v_vdd vdd 0 {point.vdd!r}",
            "v_vss vss 0 0",
            f"v_cm cm 0 {point.v_cm!r}",
            f"v_mid mid 0 {point.vdd / 2!r}",
        ]

    def copy(self, copy: str = "", *, closed: bool = False) -> list[str]:
        """Bias current, load and inputs of a copy; its difference of inputs is on the net `d` (V)."""
        fed = f"{MOST_V!r}*tanh({FEEDBACK / MOST_V!r}*(v(mid)-v(out{copy})))"
        given = f"b_d{copy} d{copy} 0 v={fed}" if closed else f"v_d{copy} d{copy} 0 0"
        load = [f"c_load{copy} out{copy} 0 {self.c_load!r}"] if self.c_load else []
        return [
            f"i_b{copy} vdd bias{copy} {self.point.i_bias!r}",
            given,
            f"e_p{copy} inp{copy} cm d{copy} 0 0.5",
            f"e_n{copy} inn{copy} cm d{copy} 0 -0.5",
            *load,
        ]

    def lines(self, *, closed: bool = False) -> list[str]:
        """Of a single cell."""
        return [*self.shared, *self.copy(closed=closed), *self.phases]
