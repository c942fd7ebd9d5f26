"""A reference of its own: a weak-inversion core whose current is proportional to absolute temperature, and mirrors.

Two n devices of ratio K under one gate carry the same current; the wider one stands on a resistor, which sees
U_T ln K, so I = U_T ln K / R. The loop has a second state, without current: two p diodes in series trickle onto a gate
that pulls the fold down until the n mirror takes the trickle away. Source: E. Vittoz, J. Fellrath, IEEE J. Solid-State
Circuits 12 (1977) 224.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, LengthUm
from analoom.cells.model.registry import cell_name, register
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec
from analoom.generators.wiring.floorplan import Floorplan

from .below import asked, few_units, mirror_of, units_in_rows
from .bias import FOLD, BiasSpec, numbered

FINGERS = 2
CORE, WAKE = "in", "wake"
"""The gates of the core, and the net that starts it."""


class PtatBiasSpec(BiasSpec):
    """A bias without a reference current: `reference` counts the units of the core's narrower device."""

    w: LengthUm = Field(8.0, description="total gate width of an n unit", json_schema_extra=GATE_WIDTH)
    ratio: int = Field(8, ge=2, le=32, description="K: units of the core's device on the resistor, by `reference`")
    w_start: LengthUm = Field(0.84, description="gate width of the start-up's diodes", json_schema_extra=GATE_WIDTH)
    l_start: LengthUm = Field(8.0, description="gate length of the start-up's diodes", json_schema_extra=GATE_LENGTH)

    @model_validator(mode="after")
    def _core_drawable(self) -> Self:
        few_units("ratio", self.ratio, self.ratio * self.reference)
        asked(CurrentMirrorSpec, self.below, {})
        asked(MosfetSpec, self.core, {})
        asked(MosfetSpec, self.trickle, {"w": "w_start", "l": "l_start"})
        return self

    @property
    def below(self) -> dict[str, object]:
        """Fields of the n mirror: the core's diode, sinks, and what takes the trickle away."""
        ratios = (self.reference, *self.sinks, self.reference)
        return dict(units_in_rows("nfet_01v8", (self.w, self.l), ratios, self.rows))

    @property
    def above(self) -> dict[str, object]:
        """Fields of the p mirror: the fold, sources, and the core's diode."""
        ratios = (self.reference, *self.sources, self.reference)
        return dict(units_in_rows("pfet_01v8", (self.w_p, self.l_p), ratios, self.rows))

    @property
    def core_rows(self) -> int:
        """Rows that the units on the resistor are dealt to, half of them below the n mirror and half above."""
        units = self.ratio * self.reference
        return max(rows for rows in range(1, 2 * self.rows + 1) if units % rows == 0)

    @property
    def core(self) -> dict[str, object]:
        """Fields of a row of the units on the resistor."""
        units = self.ratio * self.reference // self.core_rows
        return {"w": self.w, "l": self.l, "nf": FINGERS, "m": units}

    @property
    def trickle(self) -> dict[str, object]:
        """Fields of a diode of the start-up."""
        return {"device": "pfet_01v8", "w": self.w_start, "l": self.l_start}


@register(
    PtatBiasSpec,
    system="current_source",
    kind="ptat_bias",
    examples=[{"sinks": (1,), "sources": (1,), "reference": 1, "ratio": 4, "rows": 1}],
)
def ptat_bias(spec: PtatBiasSpec) -> Cell:
    """Bias currents proportional to absolute temperature: I = U_T ln K / R in each of `reference` units, and mirrors.

    Pins: `r` for the resistor R to `vss`, which stands beside; `n1`, `n2`, ... sink, `p1`, `p2`, ... source; `vss`,
    `vdd`.
    """
    floor = Floorplan(cell_name("ptat_bias", spec))
    sinks, sources = numbered("n", spec.sinks), numbered("p", spec.sources)
    low = dict(zip(numbered("out", (*sinks, WAKE)), (*sinks, WAKE), strict=True))
    high = dict(zip(numbered("out", (*sources, CORE)), (*sources, CORE), strict=True))
    below = floor.part("sinks", mirror_of(spec.below), {"in": CORE, **low, "s": "vss", "b": "vss"})
    above = floor.part("sources", mirror_of(spec.above), {"in": FOLD, **high, "s": "vdd", "b": "vdd"})
    wide, on_r = mosfet(MosfetSpec.parse(spec.core)), {"d": FOLD, "g": CORE, "s": "r", "b": "vss"}
    core = [floor.part(f"core{k}", wide, on_r) for k in range(1, spec.core_rows + 1)]
    trickle = mosfet(MosfetSpec.parse(spec.trickle))
    upper = floor.part("upper", trickle, {"d": "half", "g": "half", "s": "vdd", "b": "vdd"})
    lower = floor.part("lower", trickle, {"d": WAKE, "g": WAKE, "s": "half", "b": "vdd"})
    kick = floor.part("kick", mosfet(MosfetSpec()), {"d": FOLD, "g": WAKE, "s": "vss", "b": "vss"})
    floor.supply("vdd")
    floor.supply("vss")
    floor.pins(left=["r"], right=[*sinks, *sources], bottom=["vss"], top=["vdd"])
    half = len(core) // 2
    start = floor.row(upper, kick, lower)
    return floor.cell(floor.stack(*core[:half], below, *core[half:], start, above), spec, kind="ptat_bias")
