"""A square MIM capacitor: met3 bottom plate, capm top plate, met4 on via3 above it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from analoom.pdk import rules
from analoom.pdk.devices import MIM_M3
from analoom.pdk.layers import Layer
from analoom.pdk.units import to_nm

from .cell import Cell, Kind, LengthUm, Pin, Spec, draw_pin
from .circuit import Cap, Circuit
from .draw import Box, Drawing
from .registry import cell_name, register

LARGEST_UM = 50.0
"""Largest plate side drawn, in um: beyond it an array of units does better (no rule bounds it)."""

TAB_NM = rules.CAPM_TO_VIA2.value_nm + rules.VIA2_SIZE.value_nm + rules.MET3_ENCLOSES_VIA2.value_nm
"""How far the bottom plate reaches past capm on its upper side, so that via2 finds room beside capm (capm.8)."""


class UnitCapSpec(Spec):
    """A square `cap_mim_m3_1`."""

    w: Annotated[
        LengthUm,
        Field(
            ge=rules.CAPM_WIDTH.value_nm / 1000,
            le=LARGEST_UM,
            description="side of the square top plate",
            json_schema_extra={"unit": "um"},
        ),
    ] = 2.0

    @property
    def w_nm(self) -> int:
        return to_nm("w", self.w)


@register(UnitCapSpec, kind=Kind.CAPACITOR, examples=[{"w": 1.0}, {"w": 5.0}])
def unit_cap(spec: UnitCapSpec) -> Cell:
    """A square MIM capacitor with top plate on met4 and bottom plate on met3.

    The origin is the lower left corner of capm. The bottom plate reaches out above it (`via2_area`), because neither
    via2 nor via3 to the bottom plate may lie under capm.
    """
    name = cell_name("unit_cap", spec)
    drawing = Drawing(name)
    plate = _plates(drawing, spec.w_nm)
    pins = (Pin("top", Layer.MET4, plate), Pin("bottom", Layer.MET3, via2_area(spec)))
    return Cell(
        name=name,
        kind=Kind.CAPACITOR,
        spec=spec,
        layout=drawing.cell,
        circuit=_circuit(name, spec),
        pins=tuple(draw_pin(drawing, pin) for pin in pins),
        notes={"plate_area_um2": round(spec.w * spec.w, 6)},
    )


def bottom_box(spec: UnitCapSpec) -> Box:
    """The met3 bottom plate in the cell's coordinates, nm."""
    edge = rules.CAPM_ENCLOSED_BY_MET3.value_nm
    return Box(-edge, -edge, spec.w_nm + edge, spec.w_nm + TAB_NM)


def via2_area(spec: UnitCapSpec) -> Box:
    """Where via2 (or via3) to the bottom plate may lie: beside capm, inside met3; nm."""
    bottom = spec.w_nm + rules.CAPM_TO_VIA2.value_nm
    return Box(0, bottom, spec.w_nm, bottom + rules.VIA2_SIZE.value_nm)


def _plates(drawing: Drawing, w_nm: int) -> Box:
    edge = rules.CAPM_ENCLOSED_BY_MET3.value_nm
    drawing.box(Layer.MET3, -edge, -edge, w_nm + edge, w_nm + TAB_NM)
    plate = drawing.box(Layer.CAPM, 0, 0, w_nm, w_nm)
    inside = plate.enlarged(-rules.CAPM_ENCLOSES_VIA3.value_nm, -rules.CAPM_ENCLOSES_VIA3.value_nm)
    drawing.cuts(Layer.VIA3, inside, rules.VIA3_SIZE.value_nm, rules.VIA3_SPACE.value_nm)
    return drawing.add(Layer.MET4, plate)


def _circuit(name: str, spec: UnitCapSpec) -> Circuit:
    device = Cap("c", MIM_M3, spec.w, spec.w, {"top": "top", "bottom": "bottom"})
    return Circuit(name, ("top", "bottom"), devices=(device,))
