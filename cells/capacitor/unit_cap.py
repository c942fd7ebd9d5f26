"""A unit capacitor: a square MIM capacitor on met3, on met4 or on both, or one of metal fingers."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from analoom.cells.model.cell import Cell, LengthUm, Pin, Spec, draw_pin, least_by
from analoom.cells.model.circuit import Cap, Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.pdk import rules
from analoom.pdk.devices import MIM_M3, MIM_M4
from analoom.pdk.units import to_nm, to_um

from . import fingers as finger_cap
from . import mim_m3, mim_m4, mim_stack
from .fingers import FingerSpec
from .outline import UnitOutline

LARGEST_UM = 50.0
"""Largest plate side drawn, in um: beyond it an array of units does better (no rule bounds it)."""

UnitDevice = Literal["cap_mim_m3_1", "cap_mim_m3_2", "stacked", "mom"]
SMALLEST: dict[str, tuple[int, str]] = {
    "cap_mim_m3_1": (mim_m3.LEAST_NM, rules.CAPM_WIDTH.id),
    "cap_mim_m3_2": (mim_m4.LEAST_NM, f"{rules.VIA4_SIZE.id} and {rules.CAP2M_ENCLOSES_VIA4.id}"),
    "stacked": (mim_stack.LEAST_NM, f"{rules.MET5_WIDTH.id} and {rules.MET5_SPACE.id}"),
}
"""Smallest side of each MIM unit in nm, and the rules that say so."""


class UnitCapSpec(Spec):
    """A unit capacitor: `w` sizes the MIM units, `fingers` the metal-finger unit."""

    device: Annotated[
        UnitDevice,
        Field(description="MIM on met3, MIM on met4, both stacked in parallel, or metal fingers without a model"),
    ] = "cap_mim_m3_1"
    w: Annotated[
        LengthUm,
        Field(
            ge=rules.CAPM_WIDTH.value_nm / 1000,
            le=LARGEST_UM,
            description="side of the square top plate of a MIM unit",
            json_schema_extra=least_by(rules.CAPM_WIDTH),
        ),
    ] = 2.0
    fingers: Annotated[FingerSpec, Field(description="size of a mom unit")] = FingerSpec()

    @field_validator("w")
    @classmethod
    def _large_enough(cls, value: float, info: ValidationInfo) -> float:
        device = info.data.get("device", "mom")
        least, rule = SMALLEST.get(device, (0, ""))
        if value * 1000 < least:
            raise ValueError(f"greater than or equal to {to_um(least):g} um for {device} ({rule})")
        if device == "mom" and "device" in info.data and value != cls.model_fields["w"].default:
            raise ValueError("left out for a mom unit, which fingers.count and fingers.length size")
        return value

    @field_validator("fingers")
    @classmethod
    def _of_a_mom(cls, value: FingerSpec, info: ValidationInfo) -> FingerSpec:
        if info.data.get("device", "mom") != "mom" and value != FingerSpec():
            raise ValueError("left out but for device mom")
        return value

    @property
    def w_nm(self) -> int:
        return to_nm("w", self.w)

    @property
    def outline(self) -> UnitOutline:
        """What an array needs to know of the unit."""
        match self.device:
            case "cap_mim_m3_1":
                return mim_m3.outline(self.w_nm)
            case "cap_mim_m3_2":
                return mim_m4.outline(self.w_nm)
            case "stacked":
                return mim_stack.outline(self.w_nm)
            case "mom":
                return finger_cap.outline(self.fingers.size)


@register(
    UnitCapSpec,
    system="capacitor",
    kind="capacitor",
    examples=[
        {"w": 1.0},
        {"w": 5.0},
        {"device": "cap_mim_m3_2", "w": 1.2},
        {"device": "stacked", "w": 4.0},
        {"device": "mom", "fingers": {"c": 5.0}},
        {"device": "mom", "fingers": {"count": 4, "length": 2.5, "layers": "met1-met4"}},
    ],
)
def unit_cap(spec: UnitCapSpec) -> Cell:
    """A unit capacitor with its plates, or fingers, on `top` and `bottom`.

    A MIM unit's origin is the lower left corner of its plate; the bottom plate reaches out above it, because no via to
    it may lie under the top plate. `stacked` is both devices in parallel. `mom` has no device: its circuit is two nets,
    its capacitance is what the extraction finds.
    """
    name = cell_name("unit_cap", spec)
    drawing = Drawing(name)
    pins = _drawn(drawing, spec)
    return _cell(name, spec, drawing, tuple(draw_pin(drawing, pin) for pin in pins))


@cache
def array_unit(spec: UnitCapSpec) -> Cell:
    """The unit as arrays place it: of `cap_mim_m3_2` and `mom` without what brings `top` out of a unit alone."""
    if spec.device not in ("cap_mim_m3_2", "mom"):
        return unit_cap(spec)
    name = f"{cell_name('unit_cap', spec)}_open"
    drawing = Drawing(name)
    is_mom = spec.device == "mom"
    pins = finger_cap.draw(drawing, spec.fingers.size) if is_mom else mim_m4.draw(drawing, spec.w_nm)
    return _cell(name, spec, drawing, tuple(draw_pin(drawing, pin) for pin in pins))


def plate_area_um2(spec: UnitCapSpec) -> float:
    """Area of the MIM plates, of both in a stack; of a mom unit the area inside its frame's outline; um2."""
    if spec.device == "mom":
        return spec.outline.plate.area() / 1e6
    return spec.w * spec.w * (2 if spec.device == "stacked" else 1)


def _drawn(drawing: Drawing, spec: UnitCapSpec) -> tuple[Pin, Pin]:
    match spec.device:
        case "cap_mim_m3_1":
            return mim_m3.draw(drawing, spec.w_nm)
        case "cap_mim_m3_2":
            return mim_m4.draw_alone(drawing, spec.w_nm), mim_m4.draw(drawing, spec.w_nm)[1]
        case "stacked":
            return mim_stack.draw(drawing, spec.w_nm)
        case "mom":
            size = spec.fingers.size
            return finger_cap.draw_alone(drawing, size), finger_cap.draw(drawing, size)[1]


def _cell(name: str, spec: UnitCapSpec, drawing: Drawing, pins: tuple[Pin, ...]) -> Cell:
    return Cell(name, "capacitor", spec, drawing.cell, _circuit(name, spec), pins, notes=_notes(spec))


def _circuit(name: str, spec: UnitCapSpec) -> Circuit:
    lower, upper = {"top": "top", "bottom": "bottom"}, {"top": "bottom", "bottom": "top"}
    devices = {
        "cap_mim_m3_1": (Cap("c", MIM_M3, spec.w, spec.w, lower),),
        "cap_mim_m3_2": (Cap("c", MIM_M4, spec.w, spec.w, lower),),
        "stacked": (Cap("low", MIM_M3, spec.w, spec.w, lower), Cap("high", MIM_M4, spec.w, spec.w, upper)),
        "mom": (),
    }
    return Circuit(name, ("top", "bottom"), devices=devices[spec.device])


def _notes(spec: UnitCapSpec) -> dict[str, Any]:
    if spec.device != "mom":
        return {"plate_area_um2": round(plate_area_um2(spec), 6)}
    size, box = spec.fingers.size, spec.outline.plate
    bound, bound_of = size.extraction_error
    return {
        "fingers": size.count,
        "finger_length_um": to_um(size.length_nm),
        "frame_um": [to_um(box.width()), to_um(box.height())],
        "estimate_f": size.estimate_f(),
        "estimate_is": "what sized the fingers; the capacitance is the extraction's (analoom pex, sim --view post)",
        "extraction_error_frac": bound,
        "extraction_error_is": bound_of,
    }
