"""What somas and synapses are: the size of their unit device, the same for all, and the current it is meant for."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.model.cell import LengthUm, Spec

LEAST_W_UM = 1.0
"""Units as wide as the wires over them ask: three tracks beside the switches."""
MOST_W_UM = 1.68
"""The diode of a soma's input lies below the rail of vdd as latches do, and is no higher than their row allows."""


class CurrentUnitSpec(Spec):
    """The unit device: one n and one p transistor of this size, of which all mirrors are made."""

    w: LengthUm = Field(
        1.0, ge=LEAST_W_UM, le=MOST_W_UM, description="gate width of a unit", json_schema_extra={"unit": "um"}
    )
    l: LengthUm = Field(  # noqa: E741
        1.0, ge=0.5, le=4.0, description="gate length of a unit", json_schema_extra={"unit": "um"}
    )
    unit_current: float = Field(
        25e-9, ge=1e-10, le=1e-6, description="current of a unit at full scale", json_schema_extra={"unit": "A"}
    )


class CurrentSomaSpec(CurrentUnitSpec):
    """A soma of four units a transistor."""


class CurrentSynapseSpec(CurrentUnitSpec):
    """A synapse of 4, 2 and 1 units of both polarities; its code from -7 to 7 is written, no part of the spec."""
