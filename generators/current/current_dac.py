"""A binary current DAC: unit transistors about one centre, and a switch for each bit."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, LengthUm, Spec
from analoom.cells.model.registry import cell_name, register
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk import devices
from analoom.pdk.devices import MosName

from .below import asked, few_units, mirror_of, units_in_rows

MOST_BITS = 6
"""A seventh bit wants twice the area for each half of an LSB: a second, scaled DAC does better."""
FINGERS = 2
RAILS = {"n": "vss", "p": "vdd"}
"""Where sources and bodies of a polarity lie."""


class CurrentDacSpec(Spec):
    """`w` and `l` are those of one unit of two fingers; bit k has 2^k of them."""

    device: MosName = Field("nfet_01v8", description="flavour of the units: n ones sink, p ones source")
    w: LengthUm = Field(2.0, description="total gate width of one unit", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(2.0, description="gate length of a unit", json_schema_extra=GATE_LENGTH)  # noqa: E741
    bits: int = Field(4, ge=1, le=MOST_BITS, description="bits: the current is code times I_in by `reference`")
    reference: int = Field(2, ge=1, le=32, description="units that the input current flows through")
    rows: int = Field(3, ge=1, le=8, description="rows of units about one centre")
    switch: Literal["n", "p"] = Field("n", description="switches: n conduct at a high level, p at a low one")
    steer: bool = Field(False, description="each bit leads to `out` or to `dump`, by a pair of switches c and cb")
    w_switch: LengthUm = Field(
        0.84,
        description="gate width of the switch of one unit, so 2^k as much of bit k",
        json_schema_extra=GATE_WIDTH,
    )
    l_switch: LengthUm = Field(0.15, description="gate length of the switches", json_schema_extra=GATE_LENGTH)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        few_units("reference", self.reference, sum(self.ratios))
        asked(CurrentMirrorSpec, self.units, {})
        switch = MatchedPairSpec if self.steer else MosfetSpec
        asked(switch, self.switch_size(0), {"w": "w_switch", "l": "l_switch"})
        return self

    @property
    def ratios(self) -> tuple[int, ...]:
        """Units of the input and of each bit."""
        return (self.reference, *(2**k for k in range(self.bits)))

    @property
    def units(self) -> dict[str, object]:
        """Fields of the mirror."""
        return dict(units_in_rows(self.device, (self.w, self.l), self.ratios, self.rows))

    def switch_size(self, bit: int) -> dict[str, object]:
        """Fields of a bit's switch: alike for each unit, so that the drops are."""
        device = "nfet_01v8" if self.switch == "n" else "pfet_01v8"
        units = 2**bit
        return {"device": device, "w": round(self.w_switch * units, 3), "l": self.l_switch, "nf": FINGERS * units}

    @property
    def rail(self) -> str:
        """Where the units' sources lie."""
        return RAILS[devices.mos(self.device).polarity]


@register(
    CurrentDacSpec,
    system="current_source",
    kind="current_dac",
    examples=[
        {"device": "pfet_01v8", "switch": "p", "bits": 3},
        {"bits": 3, "steer": True, "reference": 1},
        {"bits": 2, "w": 1.0, "l": 4.0, "switch": "p", "rows": 1},
        {"bits": 6, "w": 1.0, "l": 1.0, "reference": 4, "rows": 4},
    ],
)
def current_dac(spec: CurrentDacSpec) -> Cell:
    """A binary current DAC of unit transistors about one centre: n units sink, p units source code times I_in.

    Pins: `in` takes the current of `reference` units; `out`, with `steer` also `dump`; the bits `c0`, `c1`, ... (and
    `cb0`, ... that steer to `dump`); the rails in use, `vss` and `vdd`.
    """
    floor = Floorplan(cell_name("current_dac", spec))
    legs = {f"out{k + 1}": f"leg{k}" for k in range(spec.bits)}
    rail = {"s": spec.rail, "b": spec.rail}
    units = floor.part("units", mirror_of(spec.units), {"in": "in", **legs, **rail})
    switches = floor.row(*(_switch(floor, spec, k) for k in _outward(spec.bits)))
    rails = [net for net in ("vss", "vdd") if net in (spec.rail, RAILS[spec.switch])]
    for net in rails:
        floor.supply(net)
    lines = [f"{name}{k}" for k in range(spec.bits) for name in (("c", "cb") if spec.steer else ("c",))]
    floor.pins(
        left=["in", *lines[: len(lines) // 2]],
        right=["out", *(["dump"] if spec.steer else []), *lines[len(lines) // 2 :]],
        bottom=[net for net in rails if net == "vss"],
        top=[net for net in rails if net == "vdd"],
    )
    rows = (units, switches) if spec.rail == "vss" else (switches, units)
    return floor.cell(floor.stack(*rows), spec, kind="current_dac")


def _outward(bits: int) -> list[int]:
    """Bits from left to right: the largest in the middle, where its units' centre is."""
    return [*range(bits % 2, bits, 2), *reversed(range(1 - bits % 2, bits, 2))]


def _switch(floor: Floorplan, spec: CurrentDacSpec, bit: int):
    body, leg = RAILS[spec.switch], f"leg{bit}"
    if spec.steer:
        pair = matched_pair(MatchedPairSpec.parse(spec.switch_size(bit)))
        nets = {"d1": "out", "g1": f"c{bit}", "d2": "dump", "g2": f"cb{bit}", "s": leg, "b": body}
        return floor.part(f"sw{bit}", pair, nets)
    cell = mosfet(MosfetSpec.parse(spec.switch_size(bit)))
    return floor.part(f"sw{bit}", cell, {"d": "out", "g": f"c{bit}", "s": leg, "b": body})
