"""The job of a sweep: what is drawn, over which grid, what is measured, and which layouts are looked for.

A job is a YAML file; its schema refuses what cannot be meant before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from analoom.cells.cell import Spec
from analoom.pdk.errors import InputError, SpecError

MOST_POINTS = 100_000

Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,59}$")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
FieldName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]
DrcEngine = Literal["fast", "klayout", "magic"]
LvsEngine = Literal["fast", "netgen"]


class Range(Spec):
    """Values from `low` to `high`, on a grid of `step`."""

    low: Positive = Field(description="first value")
    high: Positive = Field(description="last value")
    points: int = Field(ge=2, le=10_000, description="number of values, before equal ones are merged")
    spacing: Literal["log", "linear"] = Field("log", description="equal ratios or equal differences")
    step: Positive = Field(0.01, description="values lie on multiples of it above low")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.high <= self.low:
            raise SpecError("high", self.high, f"above low = {self.low:g}")
        return self

    def values(self) -> tuple[float | int, ...]:
        """The values, rising."""
        share = [k / (self.points - 1) for k in range(self.points)]
        if self.spacing == "log":
            exact = [self.low * (self.high / self.low) ** s for s in share]
        else:
            exact = [self.low + (self.high - self.low) * s for s in share]
        return tuple(dict.fromkeys(stepped(self.low, self.step, round((v - self.low) / self.step)) for v in exact))


def stepped(low: float, step: float, count: int) -> float | int:
    """`count` steps above `low`, free of rounding noise; an integer where low and step are whole."""
    value = round(low + count * step, 9)
    return int(value) if float(step).is_integer() and float(low).is_integer() else value


def _values(given: Any) -> tuple[Any, ...]:
    if isinstance(given, Mapping):
        return Range.parse(given).values()
    if not isinstance(given, list | tuple):
        raise ValueError("a list of values, or a range with low, high and points")
    if not given:
        raise ValueError("at least one value; the grid is empty otherwise")
    return tuple(given)


Axis = Annotated[tuple[Any, ...], BeforeValidator(_values)]


def _size(given: Any) -> Any:
    rows, by, cols = given.partition("x") if isinstance(given, str) else ("", "", "")
    return (int(rows), int(cols)) if by and rows.strip().isdigit() and cols.strip().isdigit() else given


Size = Annotated[tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]], BeforeValidator(_size)]
"""Rows and columns: "64x64" or [64, 64]."""


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
    corners: tuple[Literal["tt", "ss", "ff", "sf", "fs"], ...] = Field(("tt",), min_length=1, description="corners")
    temp_degc: float = Field(27.0, ge=-40, le=125, description="temperature", json_schema_extra={"unit": "degC"})
    timeout_s: Positive = Field(600.0, description="longest time for a point", json_schema_extra={"unit": "s"})

    @model_validator(mode="after")
    def _corners_are_used(self) -> Self:
        if self.corners != ("tt",) and not self.simulate:
            raise SpecError("measure.corners", list(self.corners), "[tt], or used by `simulate`: [schematic] or [post]")
        return self


class Reach(Spec):
    """Where a searched field may lie."""

    low: Positive = Field(description="smallest value")
    high: Positive = Field(description="largest value")
    step: Positive = Field(0.01, description="grid of the values; 1 for counts")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.high < self.low + self.step:
            raise SpecError("high", self.high, f"at least a step above low = {self.low:g}")
        return self


class Search(Spec):
    """The smallest layout good to so many bits: `sigmas` times the error stays within half an LSB."""

    bits: tuple[Annotated[int, Field(ge=1, le=16)], ...] = Field(min_length=1, description="resolutions asked")
    vary: dict[FieldName, Reach] = Field(min_length=1, description="fields searched")
    fields: dict[FieldName, Any] = Field(default_factory=dict, description="fixed fields, over those of the job")
    metric: Word | None = Field(None, description="the error; by default that of the cell's kind")
    sigmas: Positive | None = Field(None, description="how many sigmas fit into half an LSB (default 3)")
    yield_frac: float | None = Field(None, gt=0, lt=1, description="share of good parts, instead of sigmas")
    outputs: Literal["each", "all"] = Field("each", description="whether one output is good, or all of them at once")
    evaluations: int = Field(300, ge=10, le=100_000, description="most layouts drawn, per resolution")
    seed: int = Field(1, ge=0, description="seed of the search")
    sign_off: bool = Field(True, description="check the layout found with every DRC and LVS engine")

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if self.sigmas is not None and self.yield_frac is not None:
            raise SpecError("search.yield_frac", self.yield_frac, "left out when sigmas is given")
        if clash := set(self.vary) & set(self.fields):
            raise SpecError(f"search.fields.{min(clash)}", self.fields[min(clash)], "left out, as it is varied")
        return self


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

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not (self.axes or self.sizes or self.bits or self.search):
            raise SpecError("axes", {}, "at least one field with values (or sizes, bits, search)")
        if clash := set(self.axes) & set(self.fields):
            raise SpecError(f"fields.{min(clash)}", self.fields[min(clash)], "left out, as it is an axis too")
        return self

    @property
    def varied(self) -> tuple[str, ...]:
        """The columns that tell the points apart, in order."""
        sizes = ("rows", "cols") if self.sizes else ()
        return (*sizes, *(("bits",) if self.bits else ()), *self.axes)

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns that split the front: points of different size or resolution do not compete."""
        return (*(("rows", "cols") if self.sizes else ()), *(("bits",) if self.bits else ()))


READY = Path(__file__).parent / "jobs"
"""The jobs that come with analoom."""


def read_job(source: str | Path) -> SweepJob:
    """The job in a YAML file, or a ready job by name (`crossbar`). Raises InputError and SpecError."""
    import yaml

    path = ready_jobs().get(str(source), Path(source))
    try:
        content = yaml.safe_load(path.read_text())
    except OSError as error:
        ready = ", ".join(ready_jobs())
        raise InputError(
            f"cannot read {path}: {error.strerror}", field="JOB", remedy=f"a YAML file, or a ready job: {ready}"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not YAML: {' '.join(str(error).split())}", field="JOB") from None
    if not isinstance(content, Mapping):
        raise InputError(f"{path}: a mapping with name, cell and axes is wanted", field="JOB")
    return SweepJob.parse(content)


def ready_jobs() -> dict[str, Path]:
    """The ready jobs by name."""
    return {path.stem: path for path in sorted(READY.glob("*.yaml"))}


def binary_weights(bits: int) -> tuple[int, ...]:
    """1, 1, 2, 4, ...: a terminating unit and `bits` binary weights."""
    return (1, *(2**k for k in range(bits)))
