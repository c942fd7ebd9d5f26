"""What a crossbar trained in place is made of: its layers, the synapse, and which of its blocks are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from analoom.cells.model.cell import Cell, Spec
from analoom.generators.crossbar.spec import CrossbarSpec, chosen_synapse, synapse_field
from analoom.pdk.errors import SpecError

Ideal = Literal["ideal"]
Block = Literal["ideal", "drawn"]

MOST = 64
"""Inputs, hidden columns or outputs: beyond it the router between the crossbars is at its end."""


def _block(text: str, drawn: str = ", or drawn") -> Any:
    return Field("ideal", description=f"{text}: an element of the test bench{drawn}")


SYNAPSE = {"cell": "synapse_cs", "vt": "lvt"}


def _synapse(given: Any) -> dict[str, Any]:
    """As of a crossbar, but fields without a `cell` are those of the default one."""
    return synapse_field(SYNAPSE | given if isinstance(given, dict) and "cell" not in given else given)


class TrainedCrossbarSpec(Spec):
    """Two crossbars, the columns of the first of which drive the rows of the second through amplifiers."""

    dims: tuple[Annotated[int, Field(ge=1, le=MOST)], ...] = Field((3, 8, 1), description="inputs, hidden, outputs")
    synapse: Annotated[dict[str, Any], BeforeValidator(_synapse)] = Field(
        SYNAPSE,
        description="the cell at each crossing, as of a crossbar; of one transistor: two of it, a row line each",
    )
    clamp: Block = _block("what keeps a hidden column above rest")
    nudge: Block = _block("what pulls an output column to its target")
    amplifier: Block = _block("what brings a hidden column to the second layer's rows, and their currents back")
    update: Ideal = _block("what measures a column's step, holds phases and moves weights", "")
    load: Block = _block("what holds an output column at rest")

    @model_validator(mode="after")
    def _two_layers(self) -> TrainedCrossbarSpec:
        if len(self.dims) != 3:
            raise SpecError("dims", list(self.dims), "three numbers: inputs, hidden, outputs", fix=[3, 8, 1])
        return self

    @property
    def unit(self) -> Cell:
        """The synapse."""
        return chosen_synapse(CrossbarSpec(rows=1, cols=1, synapse=self.synapse))

    @property
    def lines(self) -> int:
        """Rows of a crossbar to a signal: one of both signs, or one each where a synapse reads one row line."""
        return 2 if len(self.unit.require_reading().inputs) == 1 else 1

    def layer(self, number: int) -> CrossbarSpec:
        """The crossbar of layer 1 or 2."""
        rows, cols = self.dims[number - 1 : number + 1]
        return CrossbarSpec(rows=self.lines * rows, cols=cols, synapse=self.synapse)

    @property
    def ideal(self) -> tuple[str, ...]:
        """Blocks that are no part of the layout."""
        return tuple(self._blocks("ideal"))

    @property
    def drawn(self) -> tuple[str, ...]:
        """Blocks that are."""
        return tuple(self._blocks("drawn"))

    def _blocks(self, how: Block) -> Iterator[str]:
        yield from (name for name in BLOCKS if getattr(self, name) == how)


BLOCKS = ("clamp", "nudge", "amplifier", "update", "load")
"""Fields that say of a block whether it is ideal or drawn."""
