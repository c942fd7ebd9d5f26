"""What a job's axes are made of: names, lists and ranges of values, sizes of arrays, reaches of a search."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from analoom.cells.model.cell import Spec

WORD = r"[A-Za-z0-9_][A-Za-z0-9_-]{0,59}"


def _word(given: str) -> str:
    if not re.fullmatch(WORD, given):
        raise ValueError("up to 60 letters, digits, _ and -")
    return given


Word = Annotated[str, AfterValidator(_word), Field(json_schema_extra={"pattern": f"^{WORD}$"})]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
FieldName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]


def _within(step: float, info: ValidationInfo) -> float:
    low, high = info.data.get("low"), info.data.get("high")
    if low is not None and high is not None and high < low + step:
        raise ValueError(f"at most high - low = {high - low:g}")
    return step


def _above_low(high: float, info: ValidationInfo) -> float:
    low = info.data.get("low")
    if low is not None and high <= low:
        raise ValueError(f"above low = {low:g}")
    return high


class Range(Spec):
    """Values from `low` to `high`, on a grid of `step`."""

    low: Positive = Field(description="first value")
    high: Positive = Field(description="last value")
    points: int = Field(ge=2, le=10_000, description="number of values, before equal ones are merged")
    spacing: Literal["log", "linear"] = Field("log", description="equal ratios or equal differences")
    step: Positive = Field(0.01, description="values lie on multiples of it above low")

    @field_validator("high")
    @classmethod
    def _rising(cls, high: float, info: ValidationInfo) -> float:
        return _above_low(high, info)

    @field_validator("step")
    @classmethod
    def _fits(cls, step: float, info: ValidationInfo) -> float:
        return _within(step, info)

    def values(self) -> tuple[float | int, ...]:
        """The values, rising."""
        share = [k / (self.points - 1) for k in range(self.points)]
        if self.spacing == "log":
            exact = [self.low * (self.high / self.low) ** s for s in share]
        else:
            exact = [self.low + (self.high - self.low) * s for s in share]
        most = math.floor((self.high - self.low) / self.step + 1e-9)
        steps = [min(round((v - self.low) / self.step), most) for v in exact]
        return tuple(dict.fromkeys(value_at_step(self.low, self.step, count) for count in steps))


def value_at_step(low: float, step: float, count: int) -> float | int:
    """`count` steps above `low`, free of rounding noise; an integer where low and step are whole."""
    value = float(f"{low + count * step:.12g}")
    return int(value) if float(step).is_integer() and float(low).is_integer() else value


def _values(given: Any) -> tuple[Any, ...]:
    if not isinstance(given, list | tuple):
        raise ValueError("a list of values, or a range with low, high and points")
    if not given:
        raise ValueError("at least one value; the grid is empty otherwise")
    return tuple(given)


Axis = Annotated[
    tuple[Any, ...],
    BeforeValidator(_values),
    WithJsonSchema({"anyOf": [{"type": "array", "minItems": 1}, Range.model_json_schema()]}),
]


def _size(given: Any) -> tuple[int, int]:
    parts = given.split("x") if isinstance(given, str) else given
    try:
        rows, cols = (int(part) for part in parts)
    except (TypeError, ValueError):
        raise ValueError('rows by columns, as "64x64" or [64, 64]') from None
    if rows < 1 or cols < 1:
        raise ValueError("at least one row by one column")
    return rows, cols


_SIZE_SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*[0-9]+\s*x\s*[0-9]+\s*$"},
        {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2},
    ]
}
Size = Annotated[tuple[int, int], BeforeValidator(_size), WithJsonSchema(_SIZE_SCHEMA)]
"""Rows and columns: "64x64" or [64, 64]."""


class Reach(Spec):
    """Where a searched field may lie."""

    low: Positive = Field(description="smallest value")
    high: Positive = Field(description="largest value")
    step: Positive = Field(0.01, description="grid of the values; 1 for counts")

    @field_validator("high")
    @classmethod
    def _rising(cls, high: float, info: ValidationInfo) -> float:
        return _above_low(high, info)

    @field_validator("step")
    @classmethod
    def _fits(cls, step: float, info: ValidationInfo) -> float:
        return _within(step, info)


def binary_weights(bits: int) -> tuple[int, ...]:
    """1, 1, 2, 4, ...: a terminating unit and `bits` binary weights."""
    return (1, *(2**k for k in range(bits)))
