"""What a weight of a tile of pulses is: its unit, a current source, and the current that it is meant for."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import LengthUm, Spec

MAGNITUDE_BITS = 3
"""Bits of a weight besides its sign: its latches, side by side, are as wide as two units."""


class PwmCellSpec(Spec):
    """The unit: an n transistor of this size, a current source; the weight from -7 to 7 is written, no part of it."""

    w: LengthUm = Field(1.0, ge=0.84, le=2.0, description="gate width of a unit", json_schema_extra={"unit": "um"})
    l: LengthUm = Field(  # noqa: E741
        4.0,
        ge=2.0,
        le=4.5,
        description="gate length of a unit: two side by side are as wide as four latches",
        json_schema_extra={"unit": "um"},
    )
    unit_current: float = Field(
        20e-9, ge=1e-9, le=200e-9, description="current of a unit", json_schema_extra={"unit": "A"}
    )
    weight_bits: int = Field(
        MAGNITUDE_BITS,
        ge=MAGNITUDE_BITS,
        le=MAGNITUDE_BITS,
        description="bits of a weight's magnitude, a latch each; one more holds its sign",
    )
