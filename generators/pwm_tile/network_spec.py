"""What a network of tiles of pulses is: layers of tiles, the pulses out of one those into the next."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.generators.comparator.comparator import ComparatorSpec
from analoom.pdk.errors import SpecError

from .spec import COMPARATOR, LEAST_CAP_F, LEAST_LSB_S, MOST_CAP_F, MOST_ROWS, SWING_V, PwmCellSpec, PwmTileSpec

MOST_RAMP = 32
Neurons = Annotated[int, Field(ge=1, le=MOST_ROWS - 1)]
Farads = Annotated[float, Field(ge=LEAST_CAP_F, le=MOST_CAP_F)]
Units = Annotated[int, Field(ge=1, le=MOST_RAMP)]
Reach = Annotated[float, Field(ge=1.0, le=8.0)]
OF_LAYERS = ("c_int", "ramp_units", "reach")


class PwmNetworkSpec(PwmCellSpec):
    """Tile after tile, each with a row more than inputs, for the bias; the weights are no part of it: they are written.

    A full input, and a bias, is the same longest pulse in all layers. A list of one value stands for all of them.
    """

    dims: tuple[Neurons, ...] = Field(
        (1, 1, 1), min_length=2, max_length=8, description="inputs, neurons of each hidden layer, outputs"
    )
    pulse_bits: int = Field(7, ge=1, le=10, description="bits of a pulse: the longest is 2**bits - 1 steps of lsb")
    lsb: float = Field(
        10e-9, ge=LEAST_LSB_S, le=1e-6, description="step of a pulse's length", json_schema_extra={"unit": "s"}
    )
    c_int: tuple[Farads, ...] = Field(
        (2.4e-12,),
        description="by layer, the capacitor that integrates a column's charge, one for each sign",
        json_schema_extra={"unit": "F"},
    )
    ramp_units: tuple[Units, ...] = Field((8,), description="by layer, units of the ramp")
    reach: tuple[Reach, ...] = Field(
        (1.0,),
        description="by layer, the longest pulse out by the longest in: how long the layer is read out for follows",
    )
    comparator: Annotated[ComparatorSpec, Field(description="the comparator of a column")] = COMPARATOR
    comparator_current: float = Field(
        1e-6, ge=1e-8, le=2e-5, description="bias of a column's comparator", json_schema_extra={"unit": "A"}
    )
    gated: bool = Field(True, description="pins `en` let the comparators' bias in; without them they are always on")

    @model_validator(mode="after")
    def _has_a_value_a_layer(self) -> Self:
        layers = len(self.dims) - 1
        for field in OF_LAYERS:
            given = getattr(self, field)
            if len(given) not in (1, layers):
                said = f"one value, or {layers}: one a layer of dims"
                raise SpecError(field, list(given), said, instead=f"{field}=[{given[0] if given else ''}]")
        return self

    @property
    def layers(self) -> tuple[PwmTileSpec, ...]:
        """The tiles from the inputs on."""
        return tuple(self._layer(k, rows + 1, cols) for k, (rows, cols) in enumerate(pairwise(self.dims)))

    @property
    def longest_s(self) -> float:
        """The longest pulse, s."""
        return (2**self.pulse_bits - 1) * self.lsb

    def of_layer(self, field: str, layer: int) -> float:
        """The value of a layer, of one of OF_LAYERS."""
        given: tuple[float, ...] = getattr(self, field)
        return given[layer] if len(given) > 1 else given[0]

    def _layer(self, k: int, rows: int, cols: int) -> PwmTileSpec:
        """A tile whose full scale is all that its capacitors hold."""
        c_int = self.of_layer("c_int", k)
        worst_c = rows * MOST_CODE * self.unit_current * self.longest_s
        alike = {name: value for name, value in self.model_dump().items() if name not in ("dims", *OF_LAYERS)}
        own = {"c_int": c_int, "ramp_units": self.of_layer("ramp_units", k), "rows": rows, "cols": cols}
        return PwmTileSpec.parse({**alike, **own, "full_scale": min(1.0, c_int * SWING_V / worst_c)})
