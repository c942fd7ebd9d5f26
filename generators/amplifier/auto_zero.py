"""An inverting input that forgets its amplifier's offset: a capacitor before the gate, and three switches.

While `az` is high, `hold` ties the gate to the output and, `run` being low, `zero` the capacitor's other plate to the
non-inverting input: the capacitor takes the offset. `az` falls first, so that only the switch `hold` lets charge go to
the gate, half of which its dummy takes up; then `run` rises, and `through` joins the plate to the inverting input.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analoom.cells.capacitor.unit_cap import LARGEST_UM, UnitCapSpec, unit_cap
from analoom.cells.model.cell import LengthUm, Spec, ruled_length
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch
from analoom.generators.placing.arrange import Piece
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk import rules
from analoom.pdk.errors import SpecError

PHASES = ("az", "azb", "run", "runb")
GATE, PLATE = "gate", "plate"
"""The gate behind the capacitor, and the capacitor's other plate."""


class AutoZeroSpec(Spec):
    """What an auto-zeroed input adds."""

    auto_zero: bool = Field(
        False, description="store the offset on a capacitor before a gate, by the phases az and run"
    )
    w_hold: LengthUm = ruled_length(32.0, rules.CAPM_WIDTH, LARGEST_UM, "side of the capacitor that holds the offset")
    w_switch: LengthUm = Field(
        0.84, ge=0.84, le=20.0, description="width of its switches", json_schema_extra={"unit": "um"}
    )


def check_auto_zero(spec: AutoZeroSpec, *more: str) -> None:
    """Raises SpecError for sizes that cannot be drawn, and for sizes of what is not there, the fields `more` among
    them."""
    hold_spec(spec)
    switch_spec(spec, dummy=True)
    for field in ("w_hold", "w_switch", *more):
        if not spec.auto_zero and getattr(spec, field) != type(spec).model_fields[field].default:
            raise SpecError(field, getattr(spec, field), "left out without auto_zero", instead="auto_zero=true")


def hold_spec(spec: AutoZeroSpec) -> UnitCapSpec:
    """Of the capacitor. Raises SpecError."""
    return UnitCapSpec.parse({"w": spec.w_hold})


def switch_spec(spec: AutoZeroSpec, *, dummy: bool) -> AnalogSwitchSpec:
    """Of a switch. Raises SpecError under the name of the field here."""
    try:
        return AnalogSwitchSpec.parse({"w": spec.w_switch, "dummy": dummy})
    except SpecError as error:
        _, equals, value = (error.remedy or "").partition("=")
        raise SpecError("w_switch", error.value, error.bound, error.rule, fix=value if equals else None) from None


def auto_zero_parts(
    floor: Floorplan, spec: AutoZeroSpec, ends: tuple[str, str, str], hold_at: Literal["top", "bottom"]
) -> Piece:
    """Declares the capacitor and its switches; `ends`: the input that passes, the other one, and the net that `hold`
    ties to the gate.

    `hold` is turned, so that its clocks' wires couple alike to the gate; it lies at the `hold_at` of the switches.
    """
    passes, other, output = ends
    supplies = {net: net for net in ("vdd", "vss")}
    hold = {"a": output, "b": GATE, "en": "az", "enb": "azb", **supplies}
    zero = {"a": other, "b": PLATE, "en": "runb", "enb": "run", **supplies}
    through = {"a": passes, "b": PLATE, "en": "run", "enb": "runb", **supplies}
    plain, quiet = (analog_switch(switch_spec(spec, dummy=dummy)) for dummy in (False, True))
    holding = floor.part("hold", quiet, hold, "y")
    others = floor.part("zero", plain, zero), floor.part("through", plain, through)
    switches = floor.stack(*others, holding) if hold_at == "top" else floor.stack(holding, *others)
    return floor.row(floor.part("held", unit_cap(hold_spec(spec)), {"top": GATE, "bottom": PLATE}), switches)
