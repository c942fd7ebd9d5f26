"""A ramp: a mirrored current onto a MIM capacitor, and a switch that resets it."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.capacitor.unit_cap import UnitCapSpec, unit_cap
from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH
from analoom.cells.model.cell import Cell, LengthUm, Spec
from analoom.cells.model.registry import cell_name, register
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk import devices
from analoom.pdk.devices import MosName

from .below import asked, few_units, mirror_of, units_in_rows


class RampSpec(Spec):
    """`w` and `l` are those of one unit of two fingers; the slope is units by `reference` times I_in by C."""

    device: MosName = Field("nfet_01v8", description="flavour of the mirror: n ones fall, p ones rise")
    w: LengthUm = Field(2.0, description="total gate width of one unit", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(4.0, description="gate length of a unit", json_schema_extra=GATE_LENGTH)  # noqa: E741
    reference: int = Field(2, ge=1, le=32, description="units that the input current flows through")
    units: int = Field(2, ge=1, le=64, description="units that the capacitor is charged by")
    rows: int = Field(2, ge=1, le=8, description="rows of units about one centre")
    w_cap: LengthUm = Field(20.0, ge=2.0, le=50.0, description="side of the capacitor's square plate")
    w_switch: LengthUm = Field(2.0, description="width of each transistor of the reset switch")
    l_switch: LengthUm = Field(0.15, description="gate length of the reset switch")

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        few_units("units", self.units, self.reference + self.units)
        asked(CurrentMirrorSpec, self.mirror, {})
        asked(UnitCapSpec, {"w": self.w_cap}, {"w": "w_cap"})
        asked(AnalogSwitchSpec, self.reset, {"w": "w_switch", "l": "l_switch"})
        return self

    @property
    def mirror(self) -> dict[str, object]:
        """Fields of the mirror."""
        return dict(units_in_rows(self.device, (self.w, self.l), (self.reference, self.units), self.rows))

    @property
    def reset(self) -> dict[str, object]:
        """Fields of the switch, which has a dummy on the side of the capacitor."""
        return {"w": self.w_switch, "l": self.l_switch}

    @property
    def rail(self) -> str:
        """Where the mirror's sources lie."""
        return "vdd" if devices.mos(self.device).is_p else "vss"


@register(
    RampSpec,
    system="current_source",
    kind="ramp",
    examples=[{"device": "pfet_01v8"}, {"w_cap": 35.0, "reference": 1, "units": 8, "w": 1.0, "l": 4.0}],
)
def ramp(spec: RampSpec) -> Cell:
    """A ramp: a mirrored current onto a MIM capacitor, with a reset switch and its dummy. n mirrors fall, p ones rise.

    Pins: `in` takes the input current, `ramp` is the capacitor's, `rest` the level that it is reset to while `en` is
    high and `enb` low; `vdd`, `vss`.
    """
    floor = Floorplan(cell_name("ramp", spec))
    rail = {"s": spec.rail, "b": spec.rail}
    mirror = floor.part("mirror", mirror_of(spec.mirror), {"in": "in", "out1": "ramp", **rail})
    switch = floor.part(
        "reset",
        analog_switch(AnalogSwitchSpec.parse(spec.reset)),
        {"a": "rest", "b": "ramp", "en": "en", "enb": "enb", "vdd": "vdd", "vss": "vss"},
    )
    plate = floor.part("cap", unit_cap(UnitCapSpec(w=spec.w_cap)), {"top": "ramp", "bottom": "vss"})
    floor.supply("vdd")
    floor.supply("vss")
    floor.pins(left=["in", "rest", "en", "enb"], right=["ramp"], bottom=["vss"], top=["vdd"])
    column = (mirror, switch) if spec.rail == "vss" else (switch, mirror)
    return floor.cell(floor.row(floor.stack(*column), plate), spec, kind="ramp")
