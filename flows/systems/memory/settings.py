"""How memories are measured: supply, loads, and how long each phase takes."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import Spec

EDGE_S = 1e-10
"""Rise and fall time of every driven line."""
QUICK = ".option method=gear reltol=1e-3 chgtol=1e-16 abstol=1e-12"
"""For arrays: energies and steps change by a hundredth, and it takes a third of the time."""
ACCURATE = ".option method=gear reltol=1e-4 chgtol=1e-17 abstol=1e-14"


class Settings(Spec):
    """Of a latch and of an array alike. Defaults are assumptions about what surrounds them."""

    vdd: float = Field(1.8, ge=0.6, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    c_load: float = Field(
        5e-15, ge=1e-16, le=1e-12, description="load of each bit that comes out", json_schema_extra={"unit": "F"}
    )
    t_phase: float = Field(
        4e-9,
        ge=1e-9,
        le=1e-6,
        description="time of a write, of a read, and of a bit of the register",
        json_schema_extra={"unit": "s"},
    )


class LatchSettings(Settings):
    """Of a latch alone, whose bit lines are not drawn."""

    c_bit: float = Field(
        20e-15, ge=1e-16, le=1e-11, description="capacitance of each bit line", json_schema_extra={"unit": "F"}
    )
    dip: float = Field(
        0.5, ge=0, le=1.95, description="level to which the supply drops for 10 ns", json_schema_extra={"unit": "V"}
    )
