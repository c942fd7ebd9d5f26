"""The bench of a bias: the reference current from the supply into `in`, each output held at a voltage of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from analoom.cells.model.cell import Cell, Spec
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

from .dac_lines import I_SQUARE_A, TIGHT
from .mirrors import MirrorParts, mirror_parts

INPUT = "in"


class BiasSettings(Spec):
    """Where a bias is measured."""

    i_in: float | None = Field(
        None,
        gt=0,
        le=1e-3,
        description="reference current (default 1 uA times W/L of the input's n units together)",
        json_schema_extra={"unit": "A"},
    )
    v_n: float = Field(0.9, ge=0, le=1.95, description="voltage at the sinks n1, ...", json_schema_extra={"unit": "V"})
    v_p: float = Field(
        0.9, ge=0, le=1.95, description="voltage at the sources p1, ...", json_schema_extra={"unit": "V"}
    )
    vdd: float = Field(VDD_V, ge=1.4, le=1.95, description="supply", json_schema_extra={"unit": "V"})


@dataclass(frozen=True)
class BiasBench:
    """A bias with its settings filled in."""

    cell: Cell
    settings: BiasSettings

    @cached_property
    def sinks(self) -> MirrorParts:
        """The n mirror."""
        return mirror_parts(self.cell, INPUT)

    @cached_property
    def fold(self) -> str:
        """The net that an n output and the p diode share. Raises InputError where there is none."""
        inner = [net for net in self.sinks.units if net not in self.cell.circuit.ports]
        if len(inner) != 1:
            raise InputError(f"{self.cell.name} has {len(inner)} folds where one is expected", field="name")
        return inner[0]

    @cached_property
    def sources(self) -> MirrorParts:
        """The p mirror."""
        return mirror_parts(self.cell, self.fold)

    @cached_property
    def ratios(self) -> dict[str, float]:
        """Each output's current by that of the input, by pin: sinks, then sources."""
        low, high = self.sinks, self.sources
        found = {net: n / low.reference for net, n in low.units.items() if net not in (INPUT, self.fold)}
        folded = low.units[self.fold] / low.reference / high.reference
        return found | {net: n * folded for net, n in high.units.items() if net != self.fold}

    @property
    def i_in(self) -> float:
        """The reference current, A."""
        return self.settings.i_in or I_SQUARE_A * self.sinks.squares * self.sinks.reference

    def is_sink(self, pin: str) -> bool:
        """Whether an output takes current."""
        return pin in self.sinks.units

    def held_v(self, pin: str) -> float:
        """Voltage at an output."""
        return self.settings.v_n if self.is_sink(pin) else self.settings.v_p

    def current_a(self, found: dict, pin: str):
        """Current of an output of results by name, positive."""
        return (-1.0 if self.is_sink(pin) else 1.0) * found[f"v_{pin}#branch"]

    def lines(self) -> list[str]:
        """The bench's lines; an output's current flows through `v_<pin>`, the supply's through `v_vdd`."""
        rails = [f"v_vdd vdd 0 {self.settings.vdd!r}", "v_vss vss 0 0"]
        held = [f"v_{pin} {pin} 0 {self.held_v(pin)!r}" for pin in self.ratios]
        return [TIGHT, *rails, *held, f"i_in vdd {INPUT} {self.i_in!r}"]
