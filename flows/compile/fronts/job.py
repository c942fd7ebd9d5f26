"""The job of a sweep over networks and targets: which networks, built how, with which units, judged by which dies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from analoom.cells.model.cell import Spec
from analoom.flows.compile.dies import KINDS, UNAWARE
from analoom.flows.compile.options import FEWEST_DIES, MOST_DIES
from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.sweep.plan.axes import Axis, FieldName, Positive, Range, Word
from analoom.flows.sweep.plan.job import DrcEngine, LvsEngine
from analoom.pdk.errors import SpecError

NETWORKS, NETWORK, TARGET = "networks", "network", "target"
"""The field that tells a job of networks from one of a cell, and the columns that part its fronts."""
AREA, ENERGY, TIME = "area_um2", "energy_j", "time_s"
LOSS = "loss.{family}.{kind}"
"""The column of what dies lose of the accuracy in software."""
A_TARGET = "targets: {current: {w: [0.5, 1, 2]}}"
Family = Literal["continuous", "binned"]


class FrontMeasures(Spec):
    """What is found of every point; accuracies always are."""

    dies: int = Field(25, ge=FEWEST_DIES, le=MOST_DIES, description="dies of each family")
    trained: int = Field(0, ge=0, description="of these the first so many get weights of their own; 0: none")
    models: tuple[Family, ...] = Field(
        ("continuous", "binned"), min_length=1, description="families of mismatch models"
    )
    seed: int = Field(1, ge=0, description="seed of split, training and dies, the same at every point")
    draw: bool = Field(False, description="draw the layout: without it there is no area")
    drc: tuple[DrcEngine, ...] = Field((), description="DRC engines, of drawn layouts")
    lvs: tuple[LvsEngine, ...] = Field((), description="LVS engines, of drawn layouts")
    inference: bool = Field(True, description="energy and time of an inference, where the target has a bench for it")
    timeout_s: Positive = Field(3600.0, description="longest time for a point", json_schema_extra={"unit": "s"})
    tools_timeout_s: Positive = Field(
        900.0,
        description="longest time for klayout, magic or netgen, which are `not run` then",
        json_schema_extra={"unit": "s"},
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.trained == 1 or self.trained > self.dies:
            bound = f"0, or {FEWEST_DIES} to the {self.dies} dies"
            raise SpecError("measure.trained", self.trained, bound, fix=self.dies if self.trained > 1 else 0)
        for name in ("drc", "lvs"):
            if getattr(self, name) and not self.draw:
                bound = "left out where nothing is drawn"
                raise SpecError(f"measure.{name}", list(getattr(self, name)), bound, instead="draw: true")
        return self


class FrontJob(Spec):
    """A sweep over networks and targets; a grid of each target's own fields. It stands where a sweep's job may."""

    name: Word = Field(description="names the folder of results")
    networks: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        min_length=1, description="network files, as `analoom compile` takes them"
    )
    data: str = Field(description="iris, digits, wine, breast_cancer, or a .npz file")
    targets: dict[str, dict[FieldName, Axis]] = Field(
        min_length=1, description="by target, spec fields of its cell by their values; {} for the defaults"
    )
    measure: FrontMeasures = Field(FrontMeasures.parse({}), description="what is found")
    objectives: dict[str, Literal["min", "max"]] = Field(
        default_factory=dict, description="columns of the fronts; by default area or energy, and the accuracy lost"
    )
    skip_undrawable: bool = Field(False, description="list points that no target takes as failed, and go on")

    @field_validator("networks", mode="after")
    @classmethod
    def _differ(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        twice = [name for k, name in enumerate(given) if name in given[:k]]
        if twice:
            raise SpecError(NETWORKS, twice[0], "named once", instead=f"{NETWORKS} without the second {twice[0]}")
        return given

    @field_validator("targets", mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        """Ranges spelt out; null stands for no fields."""
        if not isinstance(given, Mapping):
            return given
        return {name: _spelt(name, fields) for name, fields in given.items()}

    @model_validator(mode="after")
    def _has_objectives(self) -> Self:
        if not (self.objectives or self.measure.draw or self.measure.inference):
            said = "given where neither area nor energy is found"
            raise SpecError("objectives", {}, said, instead="draw: true, or inference: true")
        return self

    def require_targets(self) -> Self:
        """Raises InputError for a target that is not known."""
        for name in self.targets:
            target_of(name)
        return self

    @property
    def senses(self) -> dict[str, Literal["min", "max"]]:
        """The columns of the fronts: those asked, else area where it is drawn, energy elsewhere, and the loss."""
        if self.objectives:
            return dict(self.objectives)
        loss = LOSS.format(family=self.measure.models[-1], kind=UNAWARE)
        return {AREA if self.measure.draw else ENERGY: "min", loss: "min"}

    @property
    def varied(self) -> tuple[str, ...]:
        """The columns that tell points apart."""
        fields = dict.fromkeys(name for axes in self.targets.values() for name in axes)
        return (NETWORK, TARGET, *fields)

    @property
    def groups(self) -> tuple[str, ...]:
        """A front a network and target."""
        return (NETWORK, TARGET)

    @property
    def cell(self) -> str:
        """What stands for a cell's name on the page."""
        return f"{self.data} on {', '.join(self.targets)}"

    @property
    def listed(self) -> tuple[str, ...]:
        """The axes whose values are lists have no front of their own."""
        return ()

    @property
    def settings(self) -> tuple[str, ...]:
        """There are no sizes of arrays to hold settings against."""
        return ()

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """No sizes of arrays: dims are the networks'."""
        return ()

    @property
    def told(self) -> tuple[str, ...]:
        """Area, what an inference takes, and mean accuracies, of those that are found."""
        found = [*([AREA] if self.measure.draw else ()), *([ENERGY, TIME] if self.measure.inference else ())]
        kinds = KINDS if self.measure.trained else (UNAWARE,)
        return (*found, "accuracy.software", *(f"accuracy.{f}.{kind}" for f in self.measure.models for kind in kinds))

    @property
    def corners(self) -> tuple[str, ...]:
        """Dies are drawn about the typical corner."""
        return ()

    @property
    def criterion_words(self) -> str:
        """Networks are judged by what they get right."""
        return ""

    @property
    def least_bits(self) -> int | None:
        """No resolution is looked for."""
        return None

    @property
    def renamed(self) -> Mapping[str, str]:
        """No column has had another name."""
        return {}


def _spelt(target: str, fields: Any) -> Any:
    if fields is None:
        return {}
    if not isinstance(fields, Mapping):
        return fields
    place = f"targets.{target}."
    return {
        name: Range.parse(given, prefix=f"{place}{name}.").values() if isinstance(given, Mapping) else given
        for name, given in fields.items()
    }
