"""What a crossbar is trained with: constants of its blocks, its layers and its synapse."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Cell, Spec
from analoom.generators.crossbar.spec import CrossbarSpec, chosen_synapse
from analoom.pdk.errors import SpecError

from .errors import BlockErrors

MOST_V = 0.45
"""Farthest that rows and columns may go from rest: half the supply."""

Rate = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
"""1/V. The largest: a step of 0.1 V by a move of 1 uV on a row of 0.1 V."""


def of(default: float | None, unit: str, text: str, **bounds: float) -> Any:
    return Field(default, description=text, json_schema_extra={"unit": unit}, **bounds)  # type: ignore[call-overload]


class Constants(Spec):
    """Of the blocks around both layers, and of the steps of weights."""

    told_as: ClassVar[str] = ""
    """What goes before a field's name where it is refused."""

    swing: float = of(0.1, "V", "input at full scale", gt=0, le=0.4)
    gain: float = of(1.0, "V/V", "of an amplifier forwards; its current comes back divided by it", gt=0, le=10)
    load: float = of(1e-4, "S", "from an output column to rest", ge=0, le=1)
    leak: float = of(0.0, "S", "from a hidden column to rest", ge=0, le=1)
    clamp: float = of(1e-3, "S", "slope of the clamp that keeps hidden columns above rest; 0: none", ge=0, le=1)
    clamp_v: float = of(2e-3, "V", "over which the clamp comes on", gt=0, le=0.1)
    bias: float = of(0.0, "V", "one more row of the second layer, at this voltage; 0: none", ge=0, le=0.4)
    nudge: float = of(5e-4, "S", "current into an output column by how far it is from its target", ge=0, le=1)
    phases: Literal["free", "both"] = Field(
        "free", description="what a nudge is compared with: none, or a nudge the other way"
    )
    rate: tuple[Rate, Rate] = Field(
        (20.0, 3.0), description="step of a weight by layer: by V of the column and V of the row, 1/V"
    )
    momentum: float = of(0.0, "frac", "part of a step that the next one has again", ge=0, lt=1)
    decay: float = of(0.0, "frac", "part of a weight's way to its middle that it loses a sample", ge=0, lt=1)
    device: Literal["table", "linear"] = Field(
        "table", description="the transistors, or conductances as theirs with no voltage across: an ideal synapse"
    )
    errors: BlockErrors = Field(BlockErrors(), description="what drawn blocks do otherwise than ideal ones")
    reach: float | None = Field(
        None,
        gt=0,
        le=MOST_V,
        description="farthest that a row or column may go from rest, the larger of swing and gain times it by default",
        json_schema_extra={"unit": "V"},
    )

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.ends_v > MOST_V:
            bound = f"such that gain times swing stays within {MOST_V} V"
            raise SpecError(f"{self.told_as}gain", self.gain, bound, fix=1.0)
        given = max(self.swing, self.bias)
        if self.ends_v < given:
            bound = f"at least the larger of swing and bias, {given:g} V, as transistors have tables within it"
            raise SpecError(f"{self.told_as}reach", self.reach, bound, fix=given)
        return self

    @property
    def ends_v(self) -> float:
        """How far from rest the transistors' tables reach."""
        return self.reach or max(self.swing, self.gain * self.swing, self.bias)


class TrainingBench(Constants):
    """Two layers of synapses: inputs on rows, hidden columns with amplifiers, output columns with a load."""

    dims: tuple[Annotated[int, Field(ge=1, le=256)], ...] = Field((3, 8, 1), description="inputs, hidden, outputs")
    synapse: dict[str, Any] = Field({"cell": "synapse_cs"}, description="the cell at each crossing, as of a crossbar")

    @model_validator(mode="after")
    def _two_layers(self) -> TrainingBench:
        if len(self.dims) != 3:
            raise SpecError("dims", list(self.dims), "three numbers: inputs, hidden, outputs", fix=[3, 8, 1])
        return self

    @property
    def shapes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Rows and columns of each layer."""
        inputs, hidden, outputs = self.dims
        return (inputs, hidden), (hidden + (self.bias > 0), outputs)

    def cell(self) -> Cell:
        """The synapse."""
        return chosen_synapse(CrossbarSpec.parse({"rows": 1, "cols": 1, "synapse": self.synapse}))
