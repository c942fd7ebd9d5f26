"""The bench of a PTAT bias: a resistor on `r`, outputs held at a voltage, a supply that comes up; and its core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from pydantic import Field

from analoom.flows.bench.operating_point import DevicePoint, thermal_voltage_v
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.pdk.errors import InputError

from .bias_lines import BiasBench, BiasSettings
from .dac_lines import TIGHT
from .mirrors import MirrorParts, mirror_parts

RESISTOR_PIN = "r"
I_SQUARE_A = 25e-9
"""Current by W/L of the core where none is asked for: weak inversion."""
TEMP_DEGC = 27.0


class PtatSettings(BiasSettings):
    """Where a PTAT bias is measured."""

    i_in: float | None = Field(
        None,
        gt=0,
        le=1e-3,
        description="current at 27 degC that R is chosen for, U_T ln K / R (default 25 nA times the core's W/L)",
        json_schema_extra={"unit": "A"},
    )


@dataclass(frozen=True)
class PtatBench(BiasBench):
    """A PTAT bias with its settings filled in; `i_in` is the current of the law at `temp_degc`."""

    temp_degc: float = TEMP_DEGC

    @cached_property
    def on_resistor(self) -> list[FlatDevice]:
        """The devices on the resistor, alike and parallel. Raises InputError where there are none."""
        found = [f for f in flat_devices(self.cell.circuit) if f.nets.get("s") == RESISTOR_PIN]
        if not found:
            raise InputError(f"{self.cell.name} has no device on {RESISTOR_PIN}", field="name")
        return found

    @property
    def fold(self) -> str:
        """The net that they share with the p diode."""
        return self.on_resistor[0].nets["d"]

    @property
    def gate(self) -> str:
        """The net of the core's gates."""
        return self.on_resistor[0].nets["g"]

    @property
    def units_on_resistor(self) -> int:
        """Their units."""
        return sum(f.device.m for f in self.on_resistor)

    @cached_property
    def sinks(self) -> MirrorParts:
        """The n mirror, with the core's diode as its input."""
        return mirror_parts(self.cell, self.gate)

    @cached_property
    def ratios(self) -> dict[str, float]:
        """Each output's current by that of the core, by pin: sinks, then sources."""
        ports = self.cell.circuit.ports
        return {
            net: n / mirror.reference
            for mirror in (self.sinks, self.sources)
            for net, n in mirror.units.items()
            if net in ports
        }

    @property
    def ratio(self) -> float:
        """K."""
        return self.units_on_resistor / self.sinks.reference

    @property
    def i_27_a(self) -> float:
        """Current of the law at 27 degC, A."""
        return self.settings.i_in or I_SQUARE_A * self.sinks.squares * self.sinks.reference

    @property
    def r_ohm(self) -> float:
        """The resistor of that current, ohm."""
        return thermal_voltage_v(TEMP_DEGC) * log(self.ratio) / self.i_27_a

    @property
    def i_in(self) -> float:
        """Current of the law, U_T ln K / R, A."""
        return thermal_voltage_v(self.temp_degc) * log(self.ratio) / self.r_ohm

    def lines(self, rise_s: float | None = None) -> list[str]:
        """The bench's lines; `rise_s`: the supply comes up in that time, in a transient."""
        vdd = self.settings.vdd
        rise = "" if rise_s is None else f" pwl(0 0 {rise_s!r} {vdd!r})"
        held = [f"v_{pin} {pin} 0 {self.held_v(pin)!r}" for pin in self.ratios]
        resistor = f"r_r {RESISTOR_PIN} 0 {self.r_ohm!r}"
        return [TIGHT, f"v_vdd vdd 0 dc {vdd!r}{rise}", "v_vss vss 0 0", *held, resistor]


@dataclass(frozen=True)
class CorePoint:
    """Currents (A) of the diode and of the fold; `r` of slopes from the gate, and `divisor` of errors in the loop."""

    i_diode: float
    i_fold: float
    r: float
    divisor: float


def core_point(points: Sequence[DevicePoint], bench: PtatBench) -> CorePoint:
    """The core at the operating `points` of its cell."""
    by_name = {point.name: point for point in points}
    diode = by_name[_name(_diode(bench))]
    wide = [by_name[_name(flat)] for flat in bench.on_resistor]
    current, gm_s = (sum(getattr(point, of) for point in wide) for of in ("id_a", "gm_s"))
    source_s = gm_s + sum(point.gmbs_s + point.gds_s for point in wide)
    r = gm_s / current / (diode.gm_s / diode.id_a)
    return CorePoint(diode.id_a, current, r, 1 + source_s * bench.r_ohm - r)


def _diode(bench: PtatBench) -> FlatDevice:
    """The core's diode."""
    gate = bench.gate
    return next(f for f in flat_devices(bench.cell.circuit) if f.nets.get("g") == gate == f.nets.get("d"))


def _name(flat: FlatDevice) -> str:
    """A device's name in a table of operating points."""
    return flat.dotted
