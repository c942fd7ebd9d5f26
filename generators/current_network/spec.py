"""What layers and networks of currents are: how many inputs and outputs, and the unit device of all."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from analoom.cells.current_mode.spec import CurrentSomaSpec as CurrentSomaSpec
from analoom.cells.current_mode.spec import CurrentSynapseSpec as CurrentSynapseSpec
from analoom.cells.current_mode.spec import CurrentUnitSpec

MOST_ROWS = 256
"""Rows that an address of eight bits tells apart."""
Neurons = Annotated[int, Field(ge=1, le=MOST_ROWS - 1)]


class CurrentLayerSpec(CurrentUnitSpec):
    """Rows of inputs, each with its soma, and columns of outputs; the last row is the bias, an input like any other."""

    rows: int = Field(5, ge=2, le=MOST_ROWS, description="inputs, the bias included, which is the last")
    cols: int = Field(7, ge=1, le=MOST_ROWS - 1, description="outputs")

    @property
    def soma(self) -> CurrentSomaSpec:
        """At the end of each row."""
        return CurrentSomaSpec(w=self.w, l=self.l, unit_current=self.unit_current)

    @property
    def synapse(self) -> CurrentSynapseSpec:
        """At each crossing."""
        return CurrentSynapseSpec(w=self.w, l=self.l, unit_current=self.unit_current)


class CurrentNetworkSpec(CurrentUnitSpec):
    """Layer after layer; the weights are no part of it: they are written."""

    dims: tuple[Neurons, ...] = Field(
        (4, 7, 3), min_length=2, max_length=8, description="inputs, neurons of each hidden layer, outputs"
    )

    @property
    def layers(self) -> tuple[CurrentLayerSpec, ...]:
        """The layers from the inputs on: one row more than inputs, for the bias."""
        return tuple(self._layer(k) for k in range(len(self.dims) - 1))

    @property
    def rows(self) -> int:
        """Rows of the largest layer: word lines, which run through all layers."""
        return max(self.dims[:-1]) + 1

    @property
    def address_bits(self) -> int:
        """Pairs of address lines."""
        return (self.rows - 1).bit_length()

    def _layer(self, k: int) -> CurrentLayerSpec:
        rows, cols = self.dims[k] + 1, self.dims[k + 1]
        return CurrentLayerSpec(rows=rows, cols=cols, w=self.w, l=self.l, unit_current=self.unit_current)
