"""A diode that leads away what a net's wires collect while they are etched: n-diffusion in the substrate, and a tap."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import Cell, LengthUm, Pin, Spec, draw_pin
from analoom.cells.model.circuit import Circuit, Diode
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, hull
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.tap_strip import HEIGHT_NM as TAP_NM
from analoom.pdk import rules
from analoom.pdk.devices import DIODES
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import MCON, VIA

DEVICE = DIODES["diode_pw2nd_05v5"]
CUT_NM, AROUND_NM = rules.LICON_SIZE.value_nm, rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
LEAST_UM = (CUT_NM + 2 * AROUND_NM) / 1000
"""One contact, far enough inside on all sides."""
TAP_PAST_NM = rules.TAP_ENCLOSES_LICON_ENDS.value_nm - AROUND_NM
"""How far the tap reaches past the diffusion at both ends, so that its contacts stand below the diode's."""
TO_TAP_NM = snap_up(
    max(
        rules.DIFF_SPACE.value_nm,
        rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.IMPLANT_TO_OPPOSITE_DIFF.value_nm,
    ),
    CUT_GRID_NM,
)
"""From the diffusion to the tap below it: that of each, and of each from the other's implant."""


class AntennaDiodeSpec(Spec):
    """Sides of the diffusion. One of 0.65 um has 0.42 um2: 2369 times the gate area on each metal instead of 400."""

    w: LengthUm = Field(
        0.65, ge=LEAST_UM, le=20.0, description="width of the diffusion", json_schema_extra={"unit": "um"}
    )
    l: LengthUm = Field(  # noqa: E741
        0.65, ge=LEAST_UM, le=20.0, description="height of the diffusion", json_schema_extra={"unit": "um"}
    )


@register(AntennaDiodeSpec, system="ties", kind="diode", examples=[{"w": 0.29, "l": 0.29}, {"w": 2.0}])
def antenna_diode(spec: AntennaDiodeSpec) -> Cell:
    """A diode from the substrate `a` to the net `c`, which may then have more wire for its gates; a substrate tap."""
    name = cell_name("antenna_diode", spec)
    drawing, sides = Drawing(name), (to_nm("w", spec.w), to_nm("l", spec.l))
    pins = (_cathode(drawing, Box(0, 0, *sides)), _anode(drawing, sides[0]))
    device = Diode("d", DEVICE, spec.w, spec.l, {"a": "a", "c": "c"})
    return Cell(name, "diode", spec, drawing.cell, Circuit(name, ("c", "a"), (device,)), pins)


def _cathode(drawing: Drawing, diff: Box) -> Pin:
    """Diffusion under the diode's mark, full of contacts, met1 over them."""
    around = rules.IMPLANT_ENCLOSES_DIFF.value_nm
    for layer, by_nm in ((Layer.DIFF, 0), (Marker.DIODE, 0), (Layer.NSDM, around)):
        drawing.add(layer, diff.enlarged(by_nm, by_nm))
    cuts = _contacts(drawing, diff.enlarged(-AROUND_NM, -AROUND_NM))
    met1 = drawing.add(Layer.MET1, _holding_a_via(hull(cuts).enlarged(MCON.above.ends_nm, MCON.above.ends_nm)))
    return draw_pin(drawing, Pin("c", Layer.MET1, met1))


def _holding_a_via(pad: Box) -> Box:
    """The pad, as wide as a via up from it asks."""
    return pad.enlarged(max(snap_up((VIA.below.long_nm - pad.width()) / 2), 0), 0)


def _anode(drawing: Drawing, w_nm: int) -> Pin:
    """The tap of the substrate, with as many contacts as the diode has side by side, under met1."""
    tap = Box(-TAP_PAST_NM, -TO_TAP_NM - TAP_NM, w_nm + TAP_PAST_NM, -TO_TAP_NM)
    around = rules.IMPLANT_ENCLOSES_DIFF.value_nm
    for layer, by_nm in ((Layer.TAP, 0), (Layer.MET1, 0), (Layer.PSDM, around)):
        drawing.add(layer, tap.enlarged(by_nm, by_nm))
    _contacts(drawing, tap.enlarged(-TAP_PAST_NM - AROUND_NM, -AROUND_NM))
    return draw_pin(drawing, Pin("a", Layer.MET1, tap, "ground"))


def _contacts(drawing: Drawing, room: Box) -> list[Box]:
    """Contacts up to met1 in `room`, with the li1 between."""
    cuts = drawing.cuts(Layer.LICON, room, CUT_NM, MCON.space_nm)
    for cut in cuts:
        drawing.add(Layer.MCON, cut)
    drawing.add(Layer.LI1, hull(cuts).enlarged(rules.LI_ENCLOSES_LICON_ENDS.value_nm, 0))
    return cuts
