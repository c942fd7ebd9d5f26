"""Taps to fill a row: a block of substrate tap on the lower rail, one of n-well tap on the upper, as wide as asked.

Rails, their taps and the well reach the edges as those of CMOS strips do, so that a tap stands in a row of them.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Cell, LengthUm, Pin, Spec, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.model.registry import cell_name, register
from analoom.cells.strip.draw import SUPPLY_USE, draw_rail
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, CUT_NM, HALF_CUT_NM, RAIL_NM, TAP_NM, cut_middles_along
from analoom.pdk import rules
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_nm, to_um
from analoom.pdk.wire_levels import MCON

IMPLANT_NM, WELL_NM = rules.IMPLANT_ENCLOSES_DIFF.value_nm, rules.NWELL_ENCLOSES_NTAP.value_nm
SIDE_NM = snap_up(max(rules.DIFF_SPACE.value_nm / 2, rules.IMPLANT_TO_OPPOSITE_DIFF.value_nm), CUT_GRID_NM)
"""From the edge to a block: half the space to the diffusion beyond, and clear of implants that end at the edge."""
BETWEEN_NM = snap_up(rules.PTAP_TO_NWELL.value_nm + WELL_NM, 2 * CUT_GRID_NM)
"""Between the two blocks: the p-tap keeps off the well, the n-tap lies inside."""
ENDS_NM, AROUND_NM = rules.TAP_ENCLOSES_LICON_ENDS.value_nm, rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
LEAST_W_UM = to_um(snap_up(2 * (SIDE_NM + AROUND_NM) + CUT_NM, CUT_GRID_NM))
LEAST_H_UM = to_um(snap_up(2 * (TAP_NM // 2 + MCON.space_nm + CUT_NM + ENDS_NM) + BETWEEN_NM, CUT_GRID_NM))


class TapSpec(Spec):
    """Size of the room to fill: width, and from rail to rail."""

    w: LengthUm = Field(1.0, ge=LEAST_W_UM, le=50.0, description="width", json_schema_extra={"unit": "um"})
    h: LengthUm = Field(
        4.44,
        ge=LEAST_H_UM,
        le=50.0,
        description="height, from rail to rail: that of the row's strips (4.44 for `weight_bit`)",
        json_schema_extra={"unit": "um"},
    )

    @model_validator(mode="after")
    def _on_the_cut_grid(self) -> Self:
        for field, value_um in (("w", self.w), ("h", self.h)):
            if to_nm(field, value_um) % CUT_GRID_NM:
                fix = to_um(snap_up(to_nm(field, value_um), CUT_GRID_NM))
                bound = f"a multiple of {to_um(CUT_GRID_NM):g} um, the grid of contacts"
                raise SpecError(field, value_um, bound, rules.LICON_SIZE.id, fix=fix)
        return self


@register(TapSpec, system="ties", kind="tap", examples=[{"w": LEAST_W_UM, "h": LEAST_H_UM}, {"w": 6.0, "h": 3.03}])
def tap(spec: TapSpec) -> Cell:
    """Taps of the substrate (`vss`) and of the n-well (`vdd`) that fill a row, in any width and height."""
    name, w_nm, h_nm = cell_name("tap", spec), to_nm("w", spec.w), to_nm("h", spec.h)
    drawing, rails = Drawing(name), {VSS: AXIS_NM, VDD: AXIS_NM + h_nm}
    _wells(drawing, w_nm, rails)
    for y in rails.values():
        draw_rail(drawing, 0, w_nm, y)
    for net, block in _blocks(w_nm, rails).items():
        _block(drawing, block, rails[net], net)
    pins = tuple(draw_pin(drawing, _rail_pin(net, w_nm, y)) for net, y in rails.items())
    return Cell(
        name, "tap", spec, drawing.cell, Circuit(name, (VDD, VSS)), pins, fabric=Fabric((w_nm, h_nm), rails_nm=rails)
    )


def _blocks(w_nm: int, rails: dict[str, int]) -> dict[str, Box]:
    """Tap of each rail, from the middle of the rail to near the middle of the row."""
    middle = (rails[VSS] + rails[VDD]) // 2
    left, right = SIDE_NM, w_nm - SIDE_NM
    half = BETWEEN_NM // 2
    return {VSS: Box(left, rails[VSS], right, middle - half), VDD: Box(left, middle + half, right, rails[VDD])}


def _wells(drawing: Drawing, w_nm: int, rails: dict[str, int]) -> None:
    """The n-well and the implants of the rails' taps, which stick out at both ends as those of strips do."""
    half = TAP_NM // 2
    for net, implant in ((VSS, Layer.PSDM), (VDD, Layer.NSDM)):
        drawing.box(
            implant, -IMPLANT_NM, rails[net] - half - IMPLANT_NM, w_nm + IMPLANT_NM, rails[net] + half + IMPLANT_NM
        )
    bottom = _blocks(w_nm, rails)[VDD].bottom - WELL_NM
    drawing.box(Layer.NWELL, -WELL_NM, bottom, w_nm + WELL_NM, rails[VDD] + half + WELL_NM)


def _block(drawing: Drawing, block: Box, rail_y: int, net: str) -> None:
    """Tap, li1 and met1 over the whole block, contacts in the columns of the rail's, from there to its end."""
    for layer in (Layer.TAP, Layer.LI1, Layer.MET1):
        drawing.add(layer, block)
    drawing.add(Layer.PSDM if net == VSS else Layer.NSDM, block.enlarged(IMPLANT_NM, IMPLANT_NM))
    clear = HALF_CUT_NM + MCON.space_nm
    bottom, top = (rail_y + clear, block.top - ENDS_NM) if net == VSS else (block.bottom + ENDS_NM, rail_y - clear)
    for x in cut_middles_along(block.right + SIDE_NM):
        if min(x - block.left, block.right - x) >= HALF_CUT_NM + AROUND_NM:
            column = Box(x - HALF_CUT_NM, bottom, x + HALF_CUT_NM, top)
            for cut in drawing.cuts(Layer.LICON, column, CUT_NM, MCON.space_nm):
                drawing.add(Layer.MCON, cut)


def _rail_pin(net: str, w_nm: int, y: int) -> Pin:
    half = RAIL_NM // 2
    return Pin(net, Layer.MET1, Box(0, y - half, w_nm, y + half), SUPPLY_USE[net])
