"""What a user may change of a synapse's read, and the sources that drive its inputs.

How a synapse is read, its cell says itself: `analoom.cells.model.reading`.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Spec
from analoom.cells.model.reading import Reading
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError, SpecError

LEAST_A = 1e-12
"""Least current that a reading must give at the full input: ngspice's abstol, by which its currents are settled, and
about what a transistor passes that is off. Its gmin of 1e-15 S alone gives 2 fA."""


class ReadSettings(Spec):
    """Read voltage and weight range; where left out, the synapse's reading gives them."""

    v_read: float | None = Field(
        None,
        gt=0,
        le=VDD_V,
        description="input at full scale (by default as the synapse says)",
        json_schema_extra={"unit": "V"},
    )
    weight_low: float | None = Field(
        None,
        ge=0,
        le=VDD_V,
        description="lowest stored voltage (by default as the synapse says)",
        json_schema_extra={"unit": "V"},
    )
    weight_high: float | None = Field(
        None,
        ge=0,
        le=VDD_V,
        description="highest stored voltage (by default as the synapse says)",
        json_schema_extra={"unit": "V"},
    )

    t_read: float = Field(1e-7, ge=1e-8, le=1e-3, description="length of a read pulse", json_schema_extra={"unit": "s"})

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.weight_low is not None and self.weight_high is not None and self.weight_low >= self.weight_high:
            raise SpecError("weight_low", self.weight_low, f"below weight_high = {self.weight_high}", fix=0.0)
        return self

    def of(self, reading: Reading) -> tuple[float, float, float]:
        """(v_read, lowest, highest weight) in V. Raises SpecError for an empty range and an input beyond the supply."""
        low = reading.weights_v[0] if self.weight_low is None else self.weight_low
        high = reading.weights_v[1] if self.weight_high is None else self.weight_high
        if low >= high:
            raise SpecError("weight_low", low, f"below weight_high = {high}", fix=0.0)
        v_read = reading.v_read if self.v_read is None else self.v_read
        most = min(line.rest_v if line.sign < 0 else VDD_V - line.rest_v for line in reading.inputs.values())
        if self.v_read is not None and v_read > most:
            raise SpecError("v_read", v_read, f"at most {most:g}", "inputs stay between ground and supply", fix=most)
        return v_read, low, high


def input_sources(reading: Reading, suffix: str = "", source: str = "vin") -> list[str]:
    """Lines that drive the inputs numbered `suffix` about their rest by the source `source` (V, 0 to start)."""
    lines = [f"{source} in_{source} 0 0"]
    for name, line in reading.inputs.items():
        lines.append(f"b_{name}{suffix} {name}{suffix} 0 v = {line.rest_v} + {line.sign} * v(in_{source})")
    return lines


def require_current(synapse: str, reading: Reading, range_v: tuple[float, float, float], most_a: float) -> None:
    """Raises InputError when `most_a`, the most that the input moves the column current over the range, is none."""
    if most_a >= LEAST_A:
        return
    v_read, low, high = range_v
    lines = ", ".join(
        f"{n} {line.rest_v:g} to {line.rest_v + line.sign * v_read:g} V" for n, line in reading.inputs.items()
    )
    raise InputError(
        f"{synapse}: its reading gives no current: with {lines}, {reading.column} at {reading.column_rest_v:g} V and "
        f"{low:g} to {high:g} V on {reading.stored} the column current moves by {most_a:.2g} A at most; below "
        f"{LEAST_A:g} A it is not told from zero",
        field="reading",
        remedy="check the cell's Reading, or set v_read, weight_low and weight_high",
    )
