"""How a synapse or an array of them is biased to be read: which lines carry the input, where they rest, what is held.

Two ways of reading are known by their pins. `row`: the input voltage on the row, the column held at VSS, a
conductance. `rowp` and `rown`: the input up and down about half the supply, the column held there, a signed current.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Cell, Spec
from analoom.pdk.errors import InputError, SpecError

VDD_V = 1.8
STORAGE_NODE = "sn"
COLUMN, WORD, BIT = "col", "wwl", "wbl"


@dataclass(frozen=True)
class ReadStyle:
    """`inputs` maps each input line to the sign of the input on it; `rest_v` is where inputs and columns rest.

    `v_read` (V), `weights_v` (low, high) are defaults. `supplies_v` are the lines that never move.
    """

    inputs: Mapping[str, float]
    rest_v: float
    v_read: float
    weights_v: tuple[float, float]
    supplies_v: Mapping[str, float]

    def at(self, vdd_v: float) -> ReadStyle:
        """This way of reading at another supply: what rests at half of it or reaches up to it moves along."""
        scale = vdd_v / VDD_V
        low, high = self.weights_v
        moved = {line: v * scale for line, v in self.supplies_v.items()}
        return replace(
            self, rest_v=self.rest_v * scale, weights_v=(low, vdd_v if high == VDD_V else high), supplies_v=moved
        )


_SUPPLIES = {"vss": 0.0, "vc": 0.0, "vdd": VDD_V}
CONDUCTANCE = ReadStyle({"row": 1.0}, 0.0, 0.05, (0.7, 1.0), _SUPPLIES)
SIGNED = ReadStyle({"rowp": 1.0, "rown": -1.0}, VDD_V / 2, 0.1, (0.0, VDD_V), _SUPPLIES)


def read_style(lines: Sequence[str]) -> ReadStyle:
    """The way to read a cell with these lines (pins without their number). Raises InputError when none fits."""
    for style in (CONDUCTANCE, SIGNED):
        if set(style.inputs) <= set(lines) and COLUMN in lines:
            return style
    raise InputError(
        f"a synapse needs the pins row or rowp and rown, and {COLUMN}; not {', '.join(lines)}", field="name"
    )


def storage_node(synapse: Cell) -> str:
    """Name of the stored node inside a synapse's circuit."""
    return str(synapse.notes.get("storage_node", STORAGE_NODE))


class ReadSettings(Spec):
    """Read voltage and weight range; where left out, the way the synapse is read gives them."""

    v_read: float | None = Field(
        None,
        gt=0,
        le=VDD_V / 2,
        description="input at full scale (default 0.05, signed 0.1)",
        json_schema_extra={"unit": "V"},
    )
    weight_low: float | None = Field(
        None,
        ge=0,
        le=VDD_V,
        description="lowest stored voltage (default 0.7, signed 0)",
        json_schema_extra={"unit": "V"},
    )
    weight_high: float | None = Field(
        None,
        ge=0,
        le=VDD_V,
        description="highest stored voltage (default 1.0, signed 1.8)",
        json_schema_extra={"unit": "V"},
    )

    t_read: float = Field(1e-7, ge=1e-8, le=1e-3, description="length of a read pulse", json_schema_extra={"unit": "s"})

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.weight_low is not None and self.weight_high is not None and self.weight_low >= self.weight_high:
            raise SpecError("weight_low", self.weight_low, f"below weight_high = {self.weight_high}")
        return self

    def of(self, style: ReadStyle) -> tuple[float, float, float]:
        """(v_read, lowest, highest weight) in V. Raises SpecError when the range is empty."""
        low = style.weights_v[0] if self.weight_low is None else self.weight_low
        high = style.weights_v[1] if self.weight_high is None else self.weight_high
        if low >= high:
            raise SpecError("weight_low", low, f"below weight_high = {high}")
        return style.v_read if self.v_read is None else self.v_read, low, high


def input_sources(style: ReadStyle, suffix: str = "", source: str = "vin") -> list[str]:
    """Lines that drive the inputs numbered `suffix` about their rest by the source `source` (V, 0 to start)."""
    lines = [f"{source} in_{source} 0 0"]
    for line, sign in style.inputs.items():
        lines.append(f"b_{line}{suffix} {line}{suffix} 0 v = {style.rest_v} + {sign} * v(in_{source})")
    return lines
