"""A square MIM capacitor: met3 bottom plate, capm top plate, met4 on via3 above it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from analoom.pdk import rules
from analoom.pdk.devices import MIM_M3
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_nm

from .cell import Cell, Kind, LengthUm, Pin, Spec, draw_pin, least_by
from .circuit import Cap, Circuit
from .draw import CUT_GRID_NM, Box, Drawing
from .registry import cell_name, register

LARGEST_UM = 50.0
"""Largest plate side drawn, in um: beyond it an array of units does better (no rule bounds it)."""


class UnitCapSpec(Spec):
    """A square `cap_mim_m3_1`."""

    w: Annotated[
        LengthUm,
        Field(
            ge=rules.CAPM_WIDTH.value_nm / 1000,
            le=LARGEST_UM,
            description="side of the square top plate",
            json_schema_extra=least_by(rules.CAPM_WIDTH),
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
    plate = _plates(drawing, spec)
    pins = (Pin("top", Layer.MET4, plate), Pin("bottom", Layer.MET3, _bottom_pin(spec)))
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
    """The met3 bottom plate, nm: past capm on all sides, farther on the upper one, where via2 needs room (capm.8)."""
    edge = rules.CAPM_ENCLOSED_BY_MET3.value_nm
    return Box(-edge, -edge, spec.w_nm + edge, via2_area(spec).top + rules.MET3_ENCLOSES_VIA2.value_nm)


def via2_area(spec: UnitCapSpec) -> Box:
    """Where via2 (or via3) to the bottom plate may lie: beside capm, inside met3; nm."""
    bottom = snap_up(spec.w_nm + rules.CAPM_TO_VIA2.value_nm, CUT_GRID_NM)
    return Box(0, bottom, spec.w_nm, bottom + rules.VIA2_SIZE.value_nm)


def _bottom_pin(spec: UnitCapSpec) -> Box:
    """The room for via2 and the plate's edge beyond it, where a wire comes in."""
    area = via2_area(spec)
    return Box(area.left, area.bottom, area.right, bottom_box(spec).top)


def _plates(drawing: Drawing, spec: UnitCapSpec) -> Box:
    drawing.add(Layer.MET3, bottom_box(spec))
    plate = drawing.box(Layer.CAPM, 0, 0, spec.w_nm, spec.w_nm)
    inside = plate.enlarged(-rules.CAPM_ENCLOSES_VIA3.value_nm, -rules.CAPM_ENCLOSES_VIA3.value_nm)
    drawing.cuts(Layer.VIA3, inside, rules.VIA3_SIZE.value_nm, rules.VIA3_SPACE.value_nm)
    return drawing.add(Layer.MET4, plate)


def _circuit(name: str, spec: UnitCapSpec) -> Circuit:
    device = Cap("c", MIM_M3, spec.w, spec.w, {"top": "top", "bottom": "bottom"})
    return Circuit(name, ("top", "bottom"), devices=(device,))
