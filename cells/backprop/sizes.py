"""Fields and devices that the parts share: sizes of transistors in um, and transistors by name, nets and size."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from analoom.cells.model.circuit import Mos
from analoom.cells.strip.gates import NFET, PFET, VDD, VSS

LEAST_L_UM, MOST_L_UM, LEAST_W_UM, MOST_W_UM = 0.5, 20.0, 0.42, 8.0
"""Gates long enough for a contact on each; contacts of a region every 0.34 um, one at least."""


def width(default: float, of: str) -> Any:
    """The field of a gate width."""
    return Field(
        default, ge=LEAST_W_UM, le=MOST_W_UM, description=f"gate width of {of}", json_schema_extra={"unit": "um"}
    )


def length(default: float, of: str) -> Any:
    """The field of a gate length."""
    return Field(
        default, ge=LEAST_L_UM, le=MOST_L_UM, description=f"gate length of {of}", json_schema_extra={"unit": "um"}
    )


def current(default: float, of: str) -> Any:
    """The field of a current that the cell is meant for; nothing drawn depends on it."""
    return Field(default, ge=1e-10, le=1e-6, description=of, json_schema_extra={"unit": "A"})


def nmos(name: str, nets: tuple[str, str, str], w_um: float, l_um: float, nf: int = 1) -> Mos:
    """An n-type by drain, gate and source; the body is on vss."""
    return Mos(name, NFET, w_um, l_um, dict(zip("dgsb", (*nets, VSS), strict=True)), nf)


def pmos(name: str, nets: tuple[str, str, str], w_um: float, l_um: float, nf: int = 1) -> Mos:
    """A p-type by drain, gate and source; the body is on vdd."""
    return Mos(name, PFET, w_um, l_um, dict(zip("dgsb", (*nets, VDD), strict=True)), nf)
