"""The bench of a current DAC: a current into `in`, outputs held at one voltage, bits at their levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

from .mirrors import MirrorParts, mirror_parts

INPUT, OUTPUT, DUMP = "in", "out", "dump"
I_SQUARE_A = 1e-6
"""Current of a unit by its W/L where none is asked for: moderate to strong inversion."""
TIGHT = ".option reltol=1e-5 abstol=1e-16 vntol=1e-8 gmin=1e-18"
"""Steps of nA to be told to a thousandth, and leakage of fA: at the usual gmin the simulator itself passes fA."""


class DacSettings(Spec):
    """Where a DAC is measured."""

    i_unit: float | None = Field(
        None,
        gt=0,
        le=1e-3,
        description="current of one unit (default 1 uA times its W/L)",
        json_schema_extra={"unit": "A"},
    )
    v_out: float = Field(0.9, ge=0, le=1.95, description="voltage at the outputs", json_schema_extra={"unit": "V"})
    vdd: float = Field(VDD_V, ge=1.4, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_on: float | None = Field(
        None,
        ge=0,
        le=1.95,
        description="level that turns a switch on (default the rail); one between lets it cascode",
        json_schema_extra={"unit": "V"},
    )


@dataclass(frozen=True)
class DacBench:
    """A DAC with its settings filled in."""

    cell: Cell
    settings: DacSettings

    @cached_property
    def mirror(self) -> MirrorParts:
        """Its units."""
        return mirror_parts(self.cell, INPUT)

    @cached_property
    def bits(self) -> int:
        """Number of code pins."""
        return sum(1 for port in self.cell.circuit.ports if port[0] == "c" and port[1:].isdigit())

    @property
    def codes(self) -> int:
        return int(2**self.bits)

    @cached_property
    def legs(self) -> tuple[str, ...]:
        """The net between each bit's units and its switch. Raises InputError where a bit has no switch."""
        switches = [f for f in flat_devices(self.cell.circuit) if isinstance(f.device, Mos)]
        by_gate = {f.nets["g"]: f for f in switches if f.nets["d"] != f.nets["s"]}
        names = [f"c{k}" for k in range(self.bits)]
        if missing := [name for name in names if name not in by_gate]:
            raise InputError(f"{self.cell.name} has no switch on {missing[0]}", field="name")
        return tuple(by_gate[name].nets["s"] for name in names)

    @cached_property
    def switch_is_p(self) -> bool:
        """Whether a low level turns a bit on."""
        first = next(f for f in flat_devices(self.cell.circuit) if f.nets.get("g") == "c0")
        return isinstance(first.device, Mos) and first.device.device.is_p

    @property
    def sign(self) -> float:
        """-1 for a DAC that sources: currents are counted positive either way."""
        return -1.0 if self.mirror.is_p else 1.0

    @property
    def i_unit(self) -> float:
        """Current of one unit, A."""
        return self.settings.i_unit or I_SQUARE_A * self.mirror.squares

    @property
    def i_in(self) -> float:
        """Current of the input, A."""
        return self.i_unit * self.mirror.reference

    @property
    def v_ds(self) -> float:
        """From the units' sources to the output, V."""
        return self.settings.vdd - self.settings.v_out if self.mirror.is_p else self.settings.v_out

    def level(self, on: bool) -> float:
        """Voltage of a switch's gate."""
        low, high = 0.0, self.settings.vdd
        rail_on, rail_off = (low, high) if self.switch_is_p else (high, low)
        return (rail_on if self.settings.v_on is None else self.settings.v_on) if on else rail_off

    def levels(self, code: int) -> dict[str, float]:
        """Voltage of each code pin, of those that steer to `dump` the opposite."""
        found = {}
        for port in self.cell.circuit.ports:
            stem, bit = port.rstrip("0123456789"), port.lstrip("cb")
            if stem in ("c", "cb") and bit:
                found[port] = self.level(bool(code >> int(bit) & 1) == (stem == "c"))
        return found

    def lines(self, code: int, step: Sequence[str] = ()) -> list[str]:
        """The bench's lines at a code; the output's current flows through `v_out`. `step`: lines for code pins."""
        ports = self.cell.circuit.ports
        held = [f"v_{p} {p} 0 {self.settings.v_out!r}" for p in (OUTPUT, DUMP) if p in ports]
        rails = [f"v_{p} {p} 0 {v!r}" for p, v in (("vdd", self.settings.vdd), ("vss", 0.0)) if p in ports]
        bits = step or [f"v_{p} {p} 0 {v!r}" for p, v in self.levels(code).items()]
        return [TIGHT, *rails, *held, *bits, f"i_in 0 {INPUT} {self.sign * self.i_in!r}"]
