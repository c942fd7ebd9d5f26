"""The form of `measured.json`: what it holds, on which axes, in which units, and what is refused when it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analoom.cells.model.cell import Spec
from analoom.pdk.errors import SpecError

FORMAT: Final = "analoom measured dies 2"
"""The number counts up when what is there changes its meaning; what is new beside it changes nothing."""
CODES, LEFT = "codes", "left"
Array = NDArray[np.float64]
KNOWN_AXES = {"layer", "die", "row", "column", "output", "one"}
NOT_MEASURED = ("dies", "drawn", LEFT)
"""What a family holds beside its arrays."""
AXES: Mapping[str, tuple[str, ...]] = {
    "positive": ("layer", "die", "row"),
    "negative": ("layer", "die", "row"),
    "gain": ("layer", "die", "column"),
    "offset": ("layer", "die", "column"),
    "lost": ("layer", "die", "one"),
    "output": ("die", "output"),
    CODES: ("layer", "die", "row", "column"),
}
"""Of what most targets measure; where gains are of single weights, they have the axis `column` too."""
UNITS = {
    "inputs": "1: a full input",
    "ranges": "1: a full input; null: without an end. Sums: of codes by signals, of one sign",
    "steps": "signal a code of 1 adds at an input of 1",
    "positive": "1: as designed",
    "negative": "1: as designed",
    "output": "1: as designed",
    "gain": "factor of the sum of a column",
    "offset": "1: a full signal, the longest pulse or a full swing",
    "lost": "1: a full signal, the longest pulse or a full swing",
    CODES: "whole numbers, -most to most",
    LEFT: "rms of what the formula leaves of the outputs above 0, by their rms",
}
NOISE = "weight + sigma * steps[k] * sqrt(abs(c)) * n, n drawn anew for every weight at every step from a normal of 1"
SIZED = "rows: inputs and the bias, the last; columns: outputs of the layer"


class Ranges(Spec):
    """Between which ends signals and sums lie; a number a layer, null where there is no end."""

    inputs: tuple[float, float] = Field((0.0, 1.0), description="of the network")
    signals: tuple[float | None, ...] = Field(description="the largest signal behind each layer; the least is 0")
    sums: tuple[float, ...] = Field((), description="the largest sum of one sign of a column of each layer; () for any")


class Noise(Spec):
    """What training is to draw beside what was measured."""

    sigma: float = Field(
        ge=0, allow_inf_nan=False, description="in codes, of a code of 1: analoom's own training has it"
    )
    formula: str = NOISE


class MeasuredDies(Spec):
    """What was measured of the dies of a network: all that a training framework needs."""

    format: Literal["analoom measured dies 2"] = FORMAT
    formula: str = Field(description="how the numbers enter, in words")
    target: str
    fields: dict[str, Any] = Field(description="of the target's cell: with `drawn` the same dies are drawn again")
    dims: tuple[int, ...] = Field(min_length=2)
    steps: tuple[float, ...] = Field(description="what a code of 1 is worth, a layer")
    step: float | None = Field(None, description="the same, where all layers have one")
    most: int = Field(ge=1, le=2**15, description="the largest code")
    levels: int = Field(ge=2, description="of a weight, 0 and both signs")
    ranges: Ranges
    noise: Noise
    axes: dict[str, tuple[str, ...]] = Field(description="of each array of a family; " + SIZED)
    units: dict[str, str]
    designed: dict[str, Any] = Field(description="the arrays of one die that is as designed")
    families: dict[str, dict[str, Any]] = Field(min_length=1, description="of mismatch models, each with its arrays")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        layers = len(self.dims) - 1
        if min(self.dims) < 1:
            raise SpecError("dims", list(self.dims), "at least 1 each")
        for name, found in (("steps", self.steps), ("ranges.signals", self.ranges.signals)):
            if len(found) != layers:
                raise SpecError(name, list(found), f"{layers} numbers, one a layer of dims")
        if self.ranges.sums and len(self.ranges.sums) != layers:
            raise SpecError("ranges.sums", list(self.ranges.sums), f"{layers} numbers, one a layer of dims, or none")
        if not all(np.isfinite(s) and s > 0 for s in self.steps):
            raise SpecError("steps", list(self.steps), "above 0")
        if self.levels != 2 * self.most + 1:
            raise SpecError("levels", self.levels, f"{2 * self.most + 1}, of -{self.most} to {self.most}")
        for name, axes in self.axes.items():
            if not axes or not set(axes) <= KNOWN_AXES:
                raise SpecError(f"axes.{name}", list(axes), f"of {', '.join(sorted(KNOWN_AXES))}")
        self.as_designed()
        for family in self.families:
            self._check(family)
        return self

    def arrays(self, family: str) -> dict[str, list[Array]]:
        """Of a family by name: arrays (dies, ...) a layer; of what is no layer's one alone. Raises SpecError."""
        if family not in self.families:
            raise SpecError("family", family, f"one of {', '.join(self.families)}", fix=next(iter(self.families)))
        return self._read(f"families.{family}", self.families[family], tuple(self.axes))

    def as_designed(self) -> dict[str, list[Array]]:
        """The same of one die that is as designed, without codes."""
        return self._read("designed", self.designed, tuple(name for name in self.axes if name != CODES))

    def _check(self, family: str) -> None:
        """Raises SpecError for a family that lacks an array, has one too many, or other dies than it tells."""
        held, place = self.families[family], f"families.{family}"
        for name in held:
            if name not in self.axes and name not in NOT_MEASURED:
                raise SpecError(f"{place}.{name}", "given", f"one of {', '.join((*self.axes, *NOT_MEASURED))}")
        dies = {len(part) for parts in self.arrays(family).values() for part in parts}
        lots = held.get("drawn")
        drawn = sum(int(n) for n, _ in lots) if isinstance(lots, list) else None
        if dies != {held.get("dies")} or drawn != held.get("dies"):
            raise SpecError(f"{place}.dies", held.get("dies"), f"{max(dies)}, as the arrays have, and as were drawn")

    def _read(self, place: str, held: Mapping[str, Any], names: Sequence[str]) -> dict[str, list[Array]]:
        for name in names:
            if name not in held:
                raise SpecError(f"{place}.{name}", None, "given, as axes name it")
        first = held[names[0]]
        of_dies = first[0] if self.axes[names[0]][0] == "layer" and isinstance(first, list) and first else first
        dies = len(of_dies) if isinstance(of_dies, list) else 0
        return {name: self._array(f"{place}.{name}", name, held[name], dies) for name in names}

    def _array(self, place: str, name: str, held: Any, dies: int) -> list[Array]:
        axes = self.axes[name]
        of_layers = axes[0] == "layer"
        parts, wanted = held if of_layers else [held], self._shapes(axes, dies)
        if not isinstance(parts, list) or len(parts) != len(wanted):
            raise SpecError(place, len(parts) if isinstance(parts, list) else parts, f"{len(wanted)} layers")
        named = [f"{place}.{k}" if of_layers else place for k in range(len(wanted))]
        found = [_numbers(at, part, shape, axes) for at, part, shape in zip(named, parts, wanted, strict=True)]
        for at, part in zip(named, found, strict=True):
            if name == CODES and ((np.rint(part) != part) | (np.abs(part) > self.most)).any():
                worst = part.ravel()[np.abs(part - np.clip(np.rint(part), -self.most, self.most)).argmax()]
                raise SpecError(at, float(worst), f"a whole number of -{self.most} to {self.most}")
        return found

    def _shapes(self, axes: Sequence[str], dies: int) -> list[tuple[int, ...]]:
        sizes = [
            {"die": dies, "row": n + 1, "column": m, "output": self.dims[-1], "one": 1} for n, m in pairwise(self.dims)
        ]
        if axes[0] == "layer":
            return [tuple(of[axis] for axis in axes[1:]) for of in sizes]
        return [tuple(sizes[-1][axis] for axis in axes)]


def _numbers(field: str, held: Any, shape: tuple[int, ...], axes: Sequence[str]) -> Array:
    """Held lists as an array. Raises SpecError for another shape and for what is no number."""
    named = ", ".join(axis for axis in axes if axis != "layer")
    try:
        found = np.asarray(held, dtype=np.float64)
    except (TypeError, ValueError):
        raise SpecError(field, "lists of unequal length, or no numbers", f"{shape}, ({named})") from None
    if found.shape != shape:
        raise SpecError(field, found.shape, f"{shape}, ({named})")
    if not np.isfinite(found).all():
        raise SpecError(field, float(found[~np.isfinite(found)][0]), "a number")
    return found


def axes_of(name: str, shape: Sequence[int], dims: Sequence[int]) -> tuple[str, ...]:
    """The axes of what is measured under `name`: `shape` is that of one layer's, or of what is no layer's."""
    known = AXES.get(name)
    if known is None:
        sizes = {"row": dims[0] + 1, "column": dims[1], "one": 1}
        return ("layer", "die", *(next(a for a, size in sizes.items() if size == n) for n in shape[1:]))
    return (*known, "column") if known[-1] == "row" and len(shape) == 3 else known
