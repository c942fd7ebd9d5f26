"""How a network lies on charge-domain multipliers: codes, unit capacitor, feedback of each layer, levels and phases.

An input of x is the level vcm + x swing. Two switches a line take it from there to vcm or the other way as the sum is
taken, so that one level gives both signs. A column's charge goes to the feedback capacitor of its neuron: with n units
there a code of 1 is worth 1 / n behind the layer, and z = 1 is a step of `swing` out.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, field_validator

from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import Spec
from analoom.generators.cap_array.spec import MOST_UNITS
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import SpecError

BITS = 3
"""Of a weight, its sign included: by the sweep of bits in flows/README.md."""
MOST = 2 ** (BITS - 1) - 1
"""The largest code."""
VCM_V = VDD_V / 2
MOST_NEURONS = 256
Neurons = Annotated[int, Field(ge=1, le=MOST_NEURONS)]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS)]


class ChargeNetworkSpec(Spec):
    """Layer after layer, each of one multiplier or several side by side; the weights are no part of it."""

    dims: tuple[Neurons, ...] = Field(
        (4, 7, 3), min_length=2, max_length=8, description="inputs, neurons of each hidden layer, outputs"
    )
    unit: Annotated[UnitCapSpec, Field(description="the unit capacitor of weights and feedback, a cap_mim_m3_1")] = (
        UnitCapSpec()
    )
    feedback: tuple[Units, ...] = Field(
        (),
        description="units of the feedback of each layer's neurons; () for the largest sums that there can be",
        json_schema_extra={"unit": "units"},
    )
    swing: float = Field(
        0.4, ge=0.05, le=0.6, description="an input at full scale, from vcm", json_schema_extra={"unit": "V"}
    )
    t_zero: float = Field(
        1.5e-6,
        ge=2e-7,
        le=1e-3,
        description="how long offsets are stored and columns reset",
        json_schema_extra={"unit": "s"},
    )
    t_decide: float = Field(
        5e-7,
        ge=1e-7,
        le=1e-3,
        description="for the comparator of a hidden neuron, and the next layer's lines",
        json_schema_extra={"unit": "s"},
    )
    t_ramp: float = Field(
        5e-6,
        ge=1e-7,
        le=1e-3,
        description="of the ramp that finds the largest output",
        json_schema_extra={"unit": "s"},
    )

    @field_validator("unit", mode="after")
    @classmethod
    def _of_tiles(cls, given: UnitCapSpec) -> UnitCapSpec:
        """Raises SpecError for a unit that multipliers do not take."""
        return ChargeMacSpec.parse({"bits": BITS, "unit": given}).unit

    @field_validator("feedback", mode="after")
    @classmethod
    def _each(cls, given: tuple[int, ...], info: Any) -> tuple[int, ...]:
        layers = len(info.data.get("dims", ())) - 1
        if given and len(given) != layers:
            raise SpecError("feedback", list(given), f"one a layer, {layers}, or none")
        return given

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Rows and columns of each layer; the last row is the bias."""
        return [(n + 1, m) for n, m in pairwise(self.dims)]

    @property
    def units(self) -> tuple[int, ...]:
        """Units of each layer's feedback: `feedback`, else as many as keep every sum within a full swing."""
        return self.feedback or tuple(min(MOST * rows, MOST_UNITS) for rows, _ in self.shapes)
