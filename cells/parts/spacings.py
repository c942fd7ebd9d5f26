"""What diffusions, taps and wells ask of each other: below a thin gate oxide, and below a thick one (5 V)."""

from __future__ import annotations

from dataclasses import dataclass

from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up


@dataclass(frozen=True)
class Spacings:
    """In nm: between diffusions, from a diffusion to the tap ring around it, what an n-well encloses a tap by, from a
    p-tap to an n-well (on the grid of the cuts), and between n-wells. `thick` ones lie in hvi."""

    thick: bool
    diff: int
    diff_to_ring: int
    tap_in_nwell: int
    ptap_to_nwell: int
    nwell: int


THIN = Spacings(
    thick=False,
    diff=rules.DIFF_SPACE.value_nm,
    diff_to_ring=rules.DIFF_SPACE.value_nm,
    tap_in_nwell=rules.NWELL_ENCLOSES_NTAP.value_nm,
    ptap_to_nwell=snap_up(rules.PTAP_TO_NWELL.value_nm, CUT_GRID_NM),
    nwell=rules.NWELL_SPACE.value_nm,
)
THICK = Spacings(
    thick=True,
    diff=rules.HV_DIFF_SPACE.value_nm,
    diff_to_ring=max(rules.HV_NDIFF_TO_PTAP.value_nm, 2 * rules.HVNTM_MARGIN_NM),
    tap_in_nwell=rules.HVNWELL_ENCLOSES_NTAP.value_nm,
    ptap_to_nwell=snap_up(rules.PTAP_TO_HVNWELL.value_nm, CUT_GRID_NM),
    nwell=rules.HVNWELL_SPACE.value_nm,
)
"""A p-diffusion keeps as far from its n-tap ring as an n-diffusion from its p-taps: Magic's diff/tap.15b asks it of
both. The ring lies outside hvntm (hvntm.6a), which encloses the n-diffusion."""


def spacings(thick: bool) -> Spacings:
    """Those of the oxide."""
    return THICK if thick else THIN
