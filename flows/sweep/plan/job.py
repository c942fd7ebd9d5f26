"""The job of a sweep: what is drawn, over which grid, what is measured, and which layouts are looked for.

Its schema refuses what cannot be meant before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from analoom.cells.model.cell import Spec
from analoom.cells.model.registry import entry
from analoom.flows.files.array_files import array_of_file
from analoom.flows.statistics.criterion import DEFAULT_SIGMAS, Criterion, Outputs, Sources
from analoom.flows.systems.lookup import system_of
from analoom.pdk.errors import SpecError

from .axes import Axis, FieldName, Positive, Range, Reach, Size, Word

MOST_POINTS = 100_000
A_JOB = "axes: {w: [1, 2, 4]}"
"""An example for a job without a grid."""

DrcEngine = Literal["fast", "klayout", "magic"]
LvsEngine = Literal["fast", "netgen"]


class Measures(Spec):
    """What is measured of every point; its area always is."""

    mismatch: tuple[Literal["closed", "mc"], ...] = Field(("closed",), description="engines of the mismatch")
    model: Literal["continuous", "binned"] = Field("continuous", description="statistics of the models")
    settings: dict[str, Any] = Field(
        default_factory=dict, description="of the mismatch, as `analoom mismatch --set`; ir_drop is off unless set here"
    )
    samples: int = Field(200, ge=2, le=1_000_000, description="draws of the engine mc")
    seed: int = Field(1, ge=0, description="seed of the draws, the same at every point")
    drc: tuple[DrcEngine, ...] = Field((), description="DRC engines")
    lvs: tuple[LvsEngine, ...] = Field((), description="LVS engines")
    simulate: tuple[Literal["schematic", "post"], ...] = Field((), description="views simulated")
    corners: tuple[Literal["tt", "ss", "ff", "sf", "fs"], ...] = Field(
        ("tt",),
        min_length=1,
        description="corners simulated, columns as post.ss.write_settling; least and most are the ends over them",
    )
    temp_degc: float = Field(27.0, ge=-40, le=125, description="temperature", json_schema_extra={"unit": "degC"})
    timeout_s: Positive = Field(600.0, description="longest time for a point", json_schema_extra={"unit": "s"})
    tools_timeout_s: Positive = Field(
        300.0,
        description="longest time for klayout, magic or netgen, which are `not run` then",
        json_schema_extra={"unit": "s"},
    )

    weights: tuple[tuple[float, ...], ...] | None = Field(
        None,
        description="stored voltages of every array, rows x cols, or the .npy or .csv file that holds them",
        json_schema_extra={"unit": "V"},
    )

    @field_validator("weights", mode="before")
    @classmethod
    def _of_file(cls, given: Any) -> Any:
        """The numbers of a file: workers elsewhere need not have it, and others are another job."""
        return array_of_file(Path(given)).tolist() if isinstance(given, str) else given

    @property
    def stored(self) -> NDArray[np.float64] | None:
        """The weights as an array, (rows, cols) V."""
        return None if self.weights is None else np.array(self.weights)

    @model_validator(mode="after")
    def _corners_are_used(self) -> Self:
        if self.corners != ("tt",) and not self.simulate:
            bound = "[tt], or used by `simulate`: [schematic] or [post]"
            raise SpecError("measure.corners", list(self.corners), bound, instead="simulate: [schematic]")
        return self


class Search(Spec):
    """The smallest layout good to so many bits: any one output, or all of a die, within half an LSB at `sigmas`.

    The criterion in full: `analoom.flows.systems.record.Resolution`.
    """

    bits: tuple[Annotated[int, Field(ge=1, le=16)], ...] = Field(min_length=1, description="resolutions asked")
    vary: dict[FieldName, Reach] = Field(min_length=1, description="fields searched")
    fields: dict[FieldName, Any] = Field(default_factory=dict, description="fixed fields, over those of the job")
    metric: Word | None = Field(None, description="sigma of one output; by default that of the cell's kind")
    sigmas: Positive | None = Field(
        None, description="sigmas of one output that fit into half an LSB (default 3: 0.27 % may lie beyond)"
    )
    yield_frac: float | None = Field(None, gt=0, lt=1, description="share within half an LSB, instead of sigmas")
    outputs: Outputs = Field(
        "each",
        description="whose share: of any one output, the least certain too (each), or of dies with all good (all)",
    )
    errors: Sources = Field(
        "random",
        description="errors counted: random mismatch alone, or about what gradients, IR drop and wires make (all)",
    )
    dies: int = Field(
        10_000, ge=0, le=1_000_000, description="virtual dies drawn as proof of each layout found; 0: no proof"
    )
    evaluations: int = Field(
        300, ge=10, le=100_000, description="most layouts drawn, per resolution; next smaller ones on top"
    )
    seed: int = Field(1, ge=0, description="seed of the search")
    sign_off: bool = Field(True, description="check the layout found with every DRC and LVS engine")
    sign_off_timeout_s: Positive = Field(
        900.0,
        description="longest time for each of klayout, magic and netgen, which are `not run` then",
        json_schema_extra={"unit": "s"},
    )

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if self.sigmas is not None and self.yield_frac is not None:
            raise SpecError(
                "search.yield_frac",
                self.yield_frac,
                "left out when sigmas is given",
                instead="one of sigmas and yield_frac",
            )
        if clash := set(self.vary) & set(self.fields):
            field, instead = min(clash), f"{min(clash)} in one of vary and fields"
            raise SpecError(f"search.fields.{field}", self.fields[field], "left out, as it is varied", instead=instead)
        return self

    @property
    def criterion(self) -> Criterion:
        """When an output is good."""
        if self.yield_frac is None:
            return Criterion(self.sigmas or DEFAULT_SIGMAS, self.outputs, self.errors)
        return Criterion.of_yield(self.yield_frac, self.outputs, self.errors)


class SweepJob(Spec):
    """A sweep: fixed fields, axes whose product is the grid, and what to do with it."""

    name: Word = Field(description="names the folder of results")
    cell: str = Field(description="a cell of `analoom list`")
    fields: dict[FieldName, Any] = Field(default_factory=dict, description="spec fields that stay the same")
    axes: dict[FieldName, Axis] = Field(default_factory=dict, description="spec fields by their values")
    sizes: tuple[Size, ...] = Field((), description='sizes of an array: "64x64" sets rows and cols')
    bits: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field(
        (), description="resolutions of a capacitor array: sets its weights to 1, 1, 2, 4, ..."
    )
    measure: Measures = Field(Measures.parse({}), description="what is measured")
    objectives: dict[str, Literal["min", "max"]] = Field(
        default_factory=dict, description="columns of the front; by default area_um2 and the error of the kind"
    )
    budget_points: int = Field(12, ge=0, le=1000, description="points of the front whose error is split by source")
    skip_undrawable: bool = Field(False, description="list points that cannot be drawn as failed, and go on")
    search: Search | None = Field(None, description="the smallest layouts to look for")

    @field_validator("axes", mode="before")
    @classmethod
    def _ranges(cls, axes: Any) -> Any:
        """Ranges spelt out; what is wrong with one is told under its own name."""
        if not isinstance(axes, Mapping):
            return axes
        return {
            name: Range.parse(given, prefix=f"axes.{name}.").values() if isinstance(given, Mapping) else given
            for name, given in axes.items()
        }

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not (self.axes or self.sizes or self.bits or self.search):
            raise SpecError("axes", {}, "at least one field with values (or sizes, bits, search)", instead=A_JOB)
        set_by = {"sizes": ("rows", "cols") if self.sizes else (), "bits": ("weights",) if self.bits else ()}
        for name, given in ((n, g) for n, gs in set_by.items() for g in gs):
            for where, held in (("axes", self.axes), ("fields", self.fields)):
                if given in held:
                    instead = f"one of {name} and {given}"
                    raise SpecError(f"{where}.{given}", held[given], f"left out, as {name} set it", instead=instead)
        self._check_drop()
        if clash := set(self.axes) & set(self.fields):
            field, instead = min(clash), f"{min(clash)} in one of axes and fields"
            raise SpecError(f"fields.{field}", self.fields[field], "left out, as it is an axis too", instead=instead)
        return self

    def _check_drop(self) -> None:
        """Raises SpecError where the criterion counts an IR drop that is not to be solved."""
        if self.criterion.sources == "all" and self.measure.settings.get("ir_drop", True) is False:
            raise SpecError("search.errors", "all", "random where measure.settings.ir_drop is false", fix="random")

    @property
    def criterion(self) -> Criterion:
        """When an output is good: as the search says, or any one output, at three sigmas of its random error."""
        return self.search.criterion if self.search else Criterion()

    @property
    def varied(self) -> tuple[str, ...]:
        """The columns that tell the points apart, in order."""
        sizes = ("rows", "cols") if self.sizes else ()
        return (*sizes, *(("bits",) if self.bits else ()), *self.axes)

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns that split the front: points of different size, resolution or list (ratios, weights) make
        different things, and do not compete."""
        return (*(("rows", "cols") if self.sizes else ()), *(("bits",) if self.bits else ()), *self.listed)

    @property
    def settings(self) -> tuple[str, ...]:
        """The axes."""
        return tuple(self.axes)

    @property
    def told(self) -> tuple[str, ...]:
        """The layout's size."""
        return ("width_um", "height_um")

    @property
    def corners(self) -> tuple[str, ...]:
        """At which points are simulated."""
        return self.measure.corners

    @property
    def criterion_words(self) -> str:
        """When an output is good."""
        return self.criterion.words

    @property
    def least_bits(self) -> int | None:
        """The lowest resolution that is searched."""
        return min(self.search.bits) if self.search else None

    @property
    def renamed(self) -> Mapping[str, str]:
        """Metrics by the names that they had before."""
        return system_of(entry(self.cell)).renamed

    @property
    def listed(self) -> tuple[str, ...]:
        """The axes whose values are lists, such as the ratios of a mirror."""
        return tuple(name for name, values in self.axes.items() if any(isinstance(v, list | tuple) for v in values))
