"""What a crossbar is made of: its size and the synapse at each crossing, given by name or with fields of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.registry import entries, entry, find
from analoom.pdk.errors import SpecError, nearest

DEFAULT_SYNAPSE = "synapse_2t1c"

MOST_LINES = 4096
"""Largest number of rows or columns: at a pitch of 3 um a line is 12 mm long, more than a shuttle's die."""


def synapse_field(given: Any) -> dict[str, Any]:
    """`given` (a name, or a mapping with `cell`) as a mapping of `cell` and the fields that differ from the defaults.

    Raises SpecError naming `synapse.cell` or `synapse.<field>`.
    """
    if not isinstance(given, str | Mapping):
        bound = "a synapse's name, or a mapping with `cell` and its fields"
        raise SpecError("synapse", given, bound, fix=DEFAULT_SYNAPSE)
    fields = {"cell": given} if isinstance(given, str) else dict(given)
    name = fields.pop("cell", DEFAULT_SYNAPSE)
    found = find(name) if isinstance(name, str) else None
    if found is None or found.kind != "synapse":
        known = [n for n, e in entries().items() if e.kind == "synapse"]
        fix = nearest(str(name), known) or DEFAULT_SYNAPSE
        raise SpecError("synapse.cell", name, "one of " + ", ".join(known), fix=fix)
    spec = _nested(found.spec_type, fields)
    return {"cell": name, **spec.model_dump(mode="json", exclude_defaults=True)}


def _nested(spec_type: type[Spec], fields: Mapping[str, Any]) -> Spec:
    try:
        return spec_type.parse(fields, prefix="synapse.")
    except SpecError as error:
        if error.field is None or error.field.startswith("synapse"):
            raise
        raise error.under("synapse") from None


class CrossbarSpec(Spec):
    """The weights are no part of it: they are inputs of a simulation."""

    rows: int = Field(16, ge=1, le=MOST_LINES, description="number of rows (inputs)")
    cols: int = Field(16, ge=1, le=MOST_LINES, description="number of columns (outputs)")
    synapse: Annotated[dict[str, Any], BeforeValidator(synapse_field)] = Field(
        {"cell": DEFAULT_SYNAPSE},
        description="the cell at each crossing: `cell`, the name of a registered synapse, and fields of its spec",
    )


def chosen_synapse(spec: CrossbarSpec) -> Cell:
    """The cell at each crossing."""
    fields = dict(spec.synapse)
    found = entry(fields.pop("cell"))
    return found.build(found.spec_type.parse(fields, prefix="synapse."))
