"""The blocks of a network that is trained by continuous-time backpropagation, as equations with constants.

Source: Paulu and Hospodka, Design of Fully Analogue Artificial Neural Network with Learning Based on Backpropagation,
Radioengineering 30(2), 2021, equations 5 to 17. Published are C = 0.1 pF, at most 100 nA a capacitor, V_teach 0 or 1 V;
every other constant is not, and is an assumption here: each field says so.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analoom.cells.model.cell import Spec


def _v(default: float, text: str, **bounds: float) -> float:
    return Field(default, description=text, json_schema_extra={"unit": "V"}, **bounds)  # type: ignore[call-overload]


class Blocks(Spec):
    """Constants of the blocks. Signals are voltages to ground of either sign; a multiplier's current is taken as
    current / `k_m`, in V2, wherever a voltage follows from it (a resistor of 1 / (`k_m` 1 V))."""

    multiplier: Literal["eq5", "eq17"] = Field(
        "eq5", description="eq5: the product; eq17: its hyperbolic tangent, the parasitic properties of section 4.3"
    )
    c: float = Field(0.1e-12, gt=0, description="capacitor of a weight, published", json_schema_extra={"unit": "F"})
    i_max: float = Field(
        100e-9,
        gt=0,
        description="most current of a capacitor, published; K_I of equation 17",
        json_schema_extra={"unit": "A"},
    )
    k_m: float = Field(
        100e-9, gt=0, description="K_m of equation 5, assumed: i_max at 1 V by 1 V", json_schema_extra={"unit": "A/V2"}
    )
    k_tanh: float = Field(
        1.0,
        gt=0,
        description="K_m of equation 17, assumed: the slope of equation 5 at k_m / i_max",
        json_schema_extra={"unit": "1/V2"},
    )
    v_off: float = _v(0.0, "offset of equation 17 at the second input, assumed", ge=-1, le=1)
    v_amp: float = _v(1.0, "V_amp of equation 6, assumed: the targets' 1 V", gt=0)
    i_ref: float = Field(
        25e-9,
        gt=0,
        description="I_ref of equation 6, assumed: a neuron's slope is V_amp k_m / (4 I_ref) a V2",
        json_schema_extra={"unit": "A"},
    )
    v_bias: float = _v(1.0, "input of the bias weights, assumed")
    v_teach: float = _v(1.0, "V_teach while rows are taught, published", gt=0)
    k_d: float = _v(4.0, "K_d of equation 7, assumed: the derivative's peak is K_d / 4", gt=0)
    v_start: float = _v(1.0, "weights start at random between its negative and it, assumed", gt=0)

    @property
    def v_ref(self) -> float:
        """V_ref of equation 7 in V: I_ref through the resistor that makes a voltage of a neuron's net current."""
        return self.i_ref / self.k_m

    @property
    def slew_v_s(self) -> float:
        """The fastest that a weight can move, V/s."""
        return self.i_max / self.c
