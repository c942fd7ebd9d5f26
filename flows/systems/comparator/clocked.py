"""The bench of a clocked comparator: supplies, a clock that rises at RISE_S, and inputs about a common level."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.pdk.corners import VDD_V

RISE_S = 5e-11
"""When the clock begins to rise: until then the cell is reset."""
ACCURATE = ".option reltol=1e-3 chgtol=1e-17"
"""A trip point within 1 uV of the one by reltol 1e-6."""
OUTPUTS, RAW = ("q", "qb"), ("rp", "rn")


class ClockedPoint(Spec):
    """Where a clocked comparator is held."""

    vdd: float = Field(VDD_V, ge=1.4, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_cm: float = Field(0.9, ge=0, le=1.95, description="common level of the inputs", json_schema_extra={"unit": "V"})
    edge: float = Field(
        5e-11, ge=1e-12, le=1e-9, description="rise and fall time of the clock", json_schema_extra={"unit": "s"}
    )
    c_load: float = Field(
        5e-15, ge=1e-16, le=1e-11, description="load of `q`, `qb`, `rp` and `rn` each", json_schema_extra={"unit": "F"}
    )


@dataclass(frozen=True)
class ClockedBench:
    """Lines of a deck at a point, with a clock that stays high for `high_s`; each copy's nets end in `copy`."""

    point: ClockedPoint
    high_s: float

    @property
    def clock_s(self) -> float:
        """When the clock passes half the supply."""
        return RISE_S + self.point.edge / 2

    @property
    def end_s(self) -> float:
        """When the clock has been low for as long as it was high."""
        return RISE_S + 2 * (self.high_s + self.point.edge)

    @property
    def shared(self) -> list[str]:
        """Supplies, clock and the common level `cm`."""
        point, edge = self.point, self.point.edge
        return [
            ACCURATE,
            f"v_vdd vdd 0 {point.vdd!r}",
            "v_vss vss 0 0",
            f"v_cm cm 0 {point.v_cm!r}",
            f"v_clk clk 0 pulse(0 {point.vdd!r} {RISE_S!r} {edge!r} {edge!r} {self.high_s!r} 1)",
            f"v_hold hold 0 pulse(1 0 {RISE_S / 4!r} {RISE_S / 4!r} {RISE_S / 4!r} 1 2)",
            ".model held sw vt=0.5 vh=0 ron=1 roff=1e15",
        ]

    def copy(self, copy: str = "", *, high: bool = False, r_source_ohm: float = 0.0) -> list[str]:
        """Loads and inputs of a copy, whose difference is that of the source `v_d`; `q` is held high or low until the
        clock is about to rise: by switches, as a first voltage at a pin does not move a keeper behind a resistance."""
        levels = ("vdd", "0") if high else ("0", "vdd")
        lines = [f"c_{net}{copy} {net}{copy} 0 {self.point.c_load!r}" for net in (*OUTPUTS, *RAW)]
        lines += [f"s_{net}{copy} {net}{copy} {level} hold 0 held" for net, level in zip(OUTPUTS, levels, strict=True)]
        return [*lines, f"v_d{copy} d{copy} 0 0", *(self._input(copy, k, r_source_ohm) for k in (0, 1))]

    def lines(self, *, high: bool = False, r_source_ohm: float = 0.0) -> list[str]:
        """Of a single cell."""
        return [*self.shared, *self.copy(high=high, r_source_ohm=r_source_ohm)]

    @staticmethod
    def _input(copy: str, side: int, r_source_ohm: float) -> str:
        """Half the difference above or below the common level, behind a resistance where there is one."""
        pin, share = ("inp", 0.5) if side == 0 else ("inn", -0.5)
        if not r_source_ohm:
            return f"e_{pin}{copy} {pin}{copy} cm d{copy} 0 {share!r}"
        source = f"e_{pin}{copy} s{pin}{copy} cm d{copy} 0 {share!r}"
        return f"{source}\nr_{pin}{copy} s{pin}{copy} {pin}{copy} {r_source_ohm!r}"
