"""Lengths: specs speak micrometres, drawing code integer nanometres on the manufacturing grid."""

from __future__ import annotations

from .errors import SpecError

GRID_NM = 5
"""Manufacturing grid in nm. Source: rule x.1b, `ongrid(0.005)` in sky130A_mr.drc."""

CUT_GRID_NM = 10
"""Cuts stand on this grid: Magic reads GDS contacts in steps of 10 nm (`scalefactor`, cifinput) and moves others."""

DBU_UM = 0.001
"""Database unit of every layout written here, in um."""


def to_nm(field: str, value_um: float) -> int:
    """`value_um` in nm, refused with `SpecError(field)` when it is off the 5 nm grid."""
    nm = round(value_um * 1000)
    if abs(nm - value_um * 1000) > 1e-6 or nm % GRID_NM:
        near_um = to_um(max(round(nm / GRID_NM), 1) * GRID_NM)
        raise SpecError(field, value_um, f"a multiple of {GRID_NM / 1000} um", "x.1b manufacturing grid", fix=near_um)
    return nm


def to_um(value_nm: int) -> float:
    """nm as um, rounded so that 150 gives 0.15."""
    return round(value_nm / 1000, 6)


def snap_up(value_nm: float, grid_nm: int = GRID_NM) -> int:
    """The smallest grid multiple that is at least `value_nm`."""
    return int(-(-value_nm // grid_nm) * grid_nm)
