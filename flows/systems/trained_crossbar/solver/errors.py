"""What blocks that are drawn do otherwise than ideal ones: offsets, gains, limits and spreads, of a column each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from analoom.cells.model.cell import Spec

Side = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Sides = tuple[Side, Side]
"""Of an amplifier's upright output and of its inverted one."""

MOST_SIGMA = {"V": 0.5, "A": 1e-3, "frac": 1.0}
"""The largest spread of columns that may be given: all of their range."""


def _of(default: Any, unit: str, text: str, **bounds: float) -> Any:
    return Field(default, description=text, json_schema_extra={"unit": unit}, **bounds)  # type: ignore[call-overload]


def _sigma(unit: str, text: str) -> Any:
    return _of(0.0, unit, f"one sigma over columns of {text}", ge=0, le=MOST_SIGMA[unit])


class BlockErrors(Spec):
    """Of clamps, nudges, amplifiers and updates. Without fields: ideal blocks. Each sigma is drawn for every column."""

    clamp_offset: float = _of(0.0, "V", "by how much the clamp comes on above rest", ge=-0.2, le=0.2)
    clamp_offset_sigma: float = _sigma("V", "`clamp_offset`")
    clamp_current: float = _of(0.0, "A", "into a hidden column at any voltage", ge=-1e-3, le=1e-3)
    clamp_limit: float = _of(0.0, "A", "most that the clamp gives; 0: none", ge=0, le=1)
    nudge_offset: float = _of(0.0, "V", "added to the target", ge=-0.2, le=0.2)
    nudge_offset_sigma: float = _sigma("V", "`nudge_offset`")
    nudge_gain_sigma: float = _sigma("frac", "the nudge's transconductance")
    nudge_limit: float = _of(0.0, "A", "most that the nudge gives, reached as tanh; 0: none", ge=0, le=1)
    nudge_current: float = _of(0.0, "A", "into an output column in the free phase too", ge=-1e-3, le=1e-3)
    amplifier_gain: Sides = _of((1.0, 1.0), "frac", "of a side, by the ideal one's")
    amplifier_gain_sigma: float = _sigma("frac", "`amplifier_gain`, of either side")
    amplifier_offset: Sides = _of((0.0, 0.0), "V", "added to the output of a side")
    amplifier_offset_sigma: float = _sigma("V", "`amplifier_offset`, of either side")
    amplifier_copy: Sides = _of(
        (1.0, 1.0), "frac", "current taken from the input by that of a side, by the ideal one's"
    )
    amplifier_copy_sigma: float = _sigma("frac", "`amplifier_copy`, of either side")
    amplifier_wire: bool = Field(
        False, description="whether the upright output is the column itself, so that no sigma of an amplifier is its"
    )
    amplifier_resistance: float = _of(0.0, "ohm", "in series with an output", ge=0, le=1e6)
    amplifier_input: float = _of(0.0, "S", "conductance from the input to rest", ge=0, le=1e-2)
    amplifier_current: float = _of(0.0, "A", "taken from the input at any voltage", ge=-1e-3, le=1e-3)
    amplifier_current_sigma: float = _sigma("A", "`amplifier_current`")
    update_offset: float = _of(0.0, "V", "added to what the nudge did to a column", ge=-0.2, le=0.2)
    update_offset_sigma: float = _sigma("V", "`update_offset`")
    update_row_offset: float = _of(0.0, "V", "added to the row's voltage", ge=-0.2, le=0.2)
    update_row_offset_sigma: float = _sigma("V", "`update_row_offset`")
    update_gain_sigma: float = _sigma("frac", "a step's size")
    update_limit: float = _of(
        0.0, "V", "of what the nudge did to a column, the most that counts, as tanh; 0: none", ge=0, le=10
    )
    update_limit_out: float | None = _of(
        None, "V", "the same of output columns, which move farther; by default that of hidden ones", ge=0, le=10
    )
    update_row_limit: float = _of(0.0, "V", "of the row's voltage, the most that counts, as tanh; 0: none", ge=0, le=10)
    update_drift: float = _of(0.0, "V", "added to a weight at each of its steps", ge=-0.5, le=0.5)
    update_drift_sigma: float = _sigma("V", "`update_drift`")
    update_noise: float = _of(
        0.0, "V", "noise of what the nudge did to a column, rms, of each sample anew", ge=0, le=0.5
    )
    rows: Literal["all", "one"] = Field(
        "all", description="whose weights move at a sample: all rows', or one row's of each layer, drawn"
    )
    row_phase: Literal["free", "nudged"] = Field("free", description="when the row's voltage is taken")

    @property
    def update_limits(self) -> tuple[float, float]:
        """Of hidden and of output columns, V; 0: none."""
        return self.update_limit, self.update_limit if self.update_limit_out is None else self.update_limit_out

    @property
    def spread(self) -> bool:
        """Whether columns differ."""
        return any(getattr(self, name) for name in type(self).model_fields if name.endswith("_sigma"))
