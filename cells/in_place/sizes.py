"""What the blocks share: fields of sizes (um) and of currents, transistors of low threshold, crossed fingers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from analoom.cells.backprop.sizes import LEAST_L_UM, LEAST_W_UM, MOST_L_UM
from analoom.cells.model.circuit import Mos
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.devices import MOS
from analoom.pdk.errors import SpecError
from analoom.pdk.units import to_nm

LOW_N, LOW_P = MOS["nfet_01v8_lvt"], MOS["pfet_01v8_lvt"]
MOST_FINGER_UM, MOST_LOW_FINGER_UM = 8.0, 4.0
"""Widest finger, and that of the row beside vss below another row of n-types: rule LU.2, 15 um to a tap."""
GRID_NM = 10
"""Of a finger's width: contacts lie in its middle."""


def total_width(default: float, nf: int, of: str, most_um: float = MOST_FINGER_UM) -> Any:
    """The field of a gate width that is that of `nf` fingers together, each of `most_um` at most."""
    said = f"gate width of {of}" + (f", {nf} fingers together" if nf > 1 else "")
    low, high = round(LEAST_W_UM * nf, 3), most_um * nf
    return Field(default, ge=low, le=high, description=said, json_schema_extra={"unit": "um"})


def gate_length(default: float, of: str) -> Any:
    """The field of a gate length."""
    said = f"gate length of {of}"
    return Field(default, ge=LEAST_L_UM, le=MOST_L_UM, description=said, json_schema_extra={"unit": "um"})


def meant_current(default: float, most: float, of: str) -> Any:
    """The field of a current that the cell is meant for, A; nothing drawn depends on it."""
    return Field(default, ge=1e-8, le=most, description=of, json_schema_extra={"unit": "A"})


def finger_nm(field: str, w_um: float, nf: int) -> int:
    """Width of one of `nf` fingers, nm. Raises SpecError for one off the grid of contacts."""
    each = to_nm(field, w_um) / nf
    if each % GRID_NM:
        fix = max(round(each / GRID_NM) * GRID_NM, 1000 * LEAST_W_UM) * nf / 1000
        raise SpecError(field, w_um, f"a multiple of {GRID_NM / 1000:g} um a finger of {nf}", "x.1b", fix=round(fix, 3))
    return int(each)


def low_nmos(name: str, nets: tuple[str, str, str], w_um: float, l_um: float, nf: int = 1) -> Mos:
    """An n-type of low threshold by drain, gate and source; the body is on vss."""
    return Mos(name, LOW_N, w_um, l_um, dict(zip("dgsb", (*nets, VSS), strict=True)), nf)


def low_pmos(name: str, nets: tuple[str, str, str], w_um: float, l_um: float, nf: int = 1) -> Mos:
    """A p-type of low threshold by drain, gate and source; the body is on vdd."""
    return Mos(name, LOW_P, w_um, l_um, dict(zip("dgsb", (*nets, VDD), strict=True)), nf)


def crossed(one: str, other: str, middle: str, gates: tuple[str, str], times: int) -> tuple[list[str], list[str]]:
    """Regions and gates of a chain of two transistors that share a centre, fingers in the order A B B A, `times` over.

    `one` and `other` are their drains, `middle` the region between two unlike ones.
    """
    regions, found = [one], list[str]()
    for _ in range(times):
        regions += [middle, other, middle, one]
        found += [gates[0], gates[1], gates[1], gates[0]]
    return regions, found
