"""The bench of a ramp: a current into `in`, the reset level on `rest`, and the switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.circuit import Cap
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.coefficients import cap_mismatch

from .dac_lines import I_SQUARE_A
from .mirrors import MirrorParts, mirror_parts

INPUT, RAMP = "in", "ramp"
TIGHT = ".option reltol=1e-5 abstol=1e-15 vntol=1e-7"
EDGE_S, START_S = 1e-10, 5e-9
FALLING_V, RISING_V = (1.3, 1.2, 0.4), (0.5, 0.6, 1.4)
"""Reset level, and the range in which a ramp is used, of either direction."""


class RampSettings(Spec):
    """Where a ramp is measured."""

    i_in: float | None = Field(
        None,
        gt=0,
        le=1e-3,
        description="input current (default 1 uA times W/L of the input's units together)",
        json_schema_extra={"unit": "A"},
    )
    v_rest: float | None = Field(
        None,
        ge=0,
        le=1.95,
        description="level of the reset (default 1.3 falling, 0.5 rising)",
        json_schema_extra={"unit": "V"},
    )
    v_from: float | None = Field(
        None,
        ge=0,
        le=1.95,
        description="where the range in use begins (default 1.2 falling, 0.6 rising)",
        json_schema_extra={"unit": "V"},
    )
    v_to: float | None = Field(
        None,
        ge=0,
        le=1.95,
        description="where it ends (default 0.4 falling, 1.4 rising)",
        json_schema_extra={"unit": "V"},
    )
    vdd: float = Field(VDD_V, ge=1.4, le=1.95, description="supply", json_schema_extra={"unit": "V"})


@dataclass(frozen=True)
class RampBench:
    """A ramp with its settings filled in."""

    cell: Cell
    settings: RampSettings

    @cached_property
    def mirror(self) -> MirrorParts:
        """Its mirror."""
        return mirror_parts(self.cell, INPUT)

    @cached_property
    def cap(self) -> Cap:
        """Its capacitor. Raises InputError where there is not one."""
        found = [f.device for f in flat_devices(self.cell.circuit) if isinstance(f.device, Cap)]
        if len(found) != 1:
            raise InputError(f"{self.cell.name} has {len(found)} capacitors where one is expected", field="name")
        return found[0]

    @property
    def sign(self) -> float:
        """-1 for a ramp that rises."""
        return -1.0 if self.mirror.is_p else 1.0

    @property
    def i_in(self) -> float:
        """Current of the input, A."""
        return self.settings.i_in or I_SQUARE_A * self.mirror.squares * self.mirror.reference

    @property
    def i_ramp(self) -> float:
        """What the capacitor should be charged by, A."""
        return self.i_in * self.mirror.units[RAMP] / self.mirror.reference

    @property
    def c_f(self) -> float:
        """Nominal capacitance of the plate, F."""
        return cap_mismatch(self.cap.device).capacitance_f(self.cap.w_um, self.cap.l_um) * self.cap.m

    @property
    def slope(self) -> float:
        """What the slope should be, V/s, positive."""
        return self.i_ramp / self.c_f

    @cached_property
    def volts(self) -> tuple[float, float, float]:
        """Reset level, and where the range in use begins and ends. Raises InputError for a range the other way."""
        given = (self.settings.v_rest, self.settings.v_from, self.settings.v_to)
        usual = RISING_V if self.mirror.is_p else FALLING_V
        rest, start, stop = (u if v is None else v for v, u in zip(given, usual, strict=True))
        if self.sign * (rest - start) < 0 or self.sign * (start - stop) <= 0:
            way = "fall" if self.sign > 0 else "rise"
            said = f"v_rest = {rest:g}, v_from = {start:g}, v_to = {stop:g}: must {way} in this order"
            raise InputError(said, field="settings.v_to", remedy="--set v_to=" + f"{usual[2]:g}")
        return rest, start, stop

    @property
    def span_s(self) -> float:
        """Time that the ramp should take from the reset level to the end of its range."""
        return abs(self.volts[2] - self.volts[0]) / self.slope

    def lines(self, switch: Sequence[str], i_in: float | None = None) -> list[str]:
        """The bench's lines with those of the `switch`; `i_in` (A) where it is another one."""
        rails = [f"v_vdd vdd 0 {self.settings.vdd!r}", "v_vss vss 0 0", f"v_rest rest 0 {self.volts[0]!r}"]
        current = self.i_in if i_in is None else i_in
        return [TIGHT, *rails, *switch, f"i_in 0 {INPUT} {self.sign * current!r}"]

    def switch(self, on: bool) -> list[str]:
        """The switch held on or off."""
        high, low = self.settings.vdd, 0.0
        return [f"v_en en 0 {high if on else low!r}", f"v_enb enb 0 {low if on else high!r}"]

    def switched(self, *, on: bool) -> list[str]:
        """The switch turned on, or off, at START_S."""
        before, after = ((0.0, self.settings.vdd), (self.settings.vdd, 0.0))[:: 1 if on else -1]
        return [
            f"v_{pin} {pin} 0 {a!r} pwl(0 {a!r} {START_S!r} {a!r} {START_S + EDGE_S!r} {b!r})"
            for pin, a, b in (("en", *before), ("enb", *after))
        ]
