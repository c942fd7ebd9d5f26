"""How a network lies on crossbars: sizes and current of a cell, codes, pulses, and the swing of its read-out.

A code c is the column current c full_current / most at the full input. Inputs are pulses, 1 as long as `pulse`; a
column's charge lies on its integrator until a ramp takes it off, which lasts z pulses: z = step times the sum of codes
by inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, field_validator

from analoom.cells.model.cell import Spec
from analoom.generators.crossbar.spec import MOST_LINES, CrossbarSpec
from analoom.pdk.errors import SpecError

MOST, STEP = 15, 1 / 32
"""The largest code; and what a code of 1 is worth behind a layer, in pulses."""
SWING_V = 0.5
"""By how much the largest charge of a layer moves its integrators."""
SYNAPSE: Mapping[str, Any] = {"cell": "synapse_cs", "l": 0.5, "w_n": 2.0, "w_p": 2.0}
"""By the sweep of sizes in flows/README.md."""
Neurons = Annotated[int, Field(ge=1, le=MOST_LINES - 1)]
Longest = Annotated[float, Field(gt=0, le=1e4)]


class CrossbarNetworkSpec(Spec):
    """Layer after layer, each of one crossbar or several side by side; the weights are no part of it."""

    dims: tuple[Neurons, ...] = Field(
        (4, 7, 3), min_length=2, max_length=8, description="inputs, neurons of each hidden layer, outputs"
    )
    synapse: dict[str, Any] = Field(
        dict(SYNAPSE), description="the cell at each crossing: `cell`, the name of a registered synapse, and its fields"
    )
    full_current: float = Field(
        5e-8,
        gt=0,
        le=1e-3,
        description="column current of the largest weight at the full input",
        json_schema_extra={"unit": "A"},
    )
    pulse: float = Field(
        2.56e-6, ge=1e-7, le=1e-3, description="length of the full input", json_schema_extra={"unit": "s"}
    )
    ranges: tuple[Longest, ...] = Field(
        (),
        description="longest pulse of each layer, in pulses, by which integrators are sized; () for the most",
    )
    drop: float = Field(
        0.01,
        gt=0,
        le=0.5,
        description="most that lines may take of a column, all inputs and weights full: larger arrays are split",
        json_schema_extra={"unit": "frac"},
    )

    @field_validator("synapse", mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        """Fields without `cell` are of the cell here, beside its sizes here."""
        whole = {**SYNAPSE, **given} if isinstance(given, Mapping) and "cell" not in given else given
        return dict(CrossbarSpec.parse({"synapse": whole}).synapse)

    @field_validator("ranges", mode="after")
    @classmethod
    def _each(cls, given: tuple[float, ...], info: Any) -> tuple[float, ...]:
        layers = len(info.data.get("dims", ())) - 1
        if given and len(given) != layers:
            raise SpecError("ranges", list(given), f"one a layer, {layers}, or none")
        return given

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Rows and columns of each layer; the last row is the bias."""
        return [(n + 1, m) for n, m in pairwise(self.dims)]

    @property
    def code_a(self) -> float:
        """Column current of a code of 1."""
        return self.full_current / MOST

    @property
    def ramp_a(self) -> float:
        """Current of a ramp: it takes the charge of z = 1 off within a pulse."""
        return self.code_a / STEP

    @property
    def longest(self) -> tuple[float, ...]:
        """The longest pulse out of each layer, in pulses: `ranges`, else all weights and inputs full."""
        if self.ranges:
            return self.ranges
        found, before = [], 1.0
        for rows, _ in self.shapes:
            before = STEP * MOST * ((rows - 1) * before + 1)
            found.append(before)
        return tuple(found)

    @property
    def windows(self) -> tuple[float, ...]:
        """How long each layer's columns are held, in pulses: as long as the longest of its inputs, the bias one."""
        return (1.0, *(max(longest, 1.0) for longest in self.longest[:-1]))

    def c_int_f(self, layer: int) -> float:
        """The capacitor of an integrator of a layer, F."""
        return self.longest[layer] * self.ramp_a * self.pulse / SWING_V
