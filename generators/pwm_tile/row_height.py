"""How high the drivers beside a row are: that of the pulse leaves room for its well and the taps of the next row."""

from __future__ import annotations

from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.pulse_width.plan import pwm_plan
from analoom.cells.strip.sizes import TAP_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up

from .spec import PwmTileSpec

TAPS_NM = snap_up(TAP_NM + 2 * rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.PSDM_SPACE.value_nm, CUT_GRID_NM)
"""From a rail to the next beside it: two taps with their implants."""


def pulse_height(spec: PwmTileSpec) -> int:
    """Rail to rail of the pulse's driver, nm."""
    return pwm_plan(spec.cell).height - TAPS_NM
