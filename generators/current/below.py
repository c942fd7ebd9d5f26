"""Specs of the cells below, and their refusals under the names that the fields have here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analoom.cells.model.cell import Cell, Spec
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.pdk.errors import SpecError

MOST_UNITS = 128
"""Units of one mirror: beyond it a block is longer than a millimetre at the usual sizes."""


def units_in_rows(
    device: str, size_um: tuple[float, float], ratios: tuple[int, ...], rows: int
) -> Mapping[str, object]:
    """Fields of a mirror of units of `size_um` (w, l) about one centre, in one row or more."""
    where = {"pattern": "centroid_2d", "rows": min(rows, sum(ratios))} if rows > 1 else {}
    return {"device": device, "w": size_um[0], "l": size_um[1], "ratios": ratios, **where}


def mirror_of(fields: Mapping[str, object]) -> Cell:
    """The mirror of these fields."""
    return current_mirror(CurrentMirrorSpec.parse(fields))


def asked(spec_type: type[Spec], fields: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Lets a cell below refuse its size. Raises SpecError under the field's name here."""
    try:
        spec_type.parse(fields)
    except SpecError as error:
        here = names.get(error.field or "", error.field or "")
        _, equals, value = (error.remedy or "").partition("=")
        raise SpecError(here, error.value, error.bound, error.rule, fix=value if equals else None) from None


def few_units(field: str, value: object, units: int) -> None:
    """Raises SpecError for a mirror of more than MOST_UNITS."""
    if units > MOST_UNITS:
        raise SpecError(field, value, f"such that a mirror has at most {MOST_UNITS} units (here {units})")
