"""How a crossbar that trains in place is simulated: constants, what it learns, how long, and by which engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import Field

from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.systems.trained_crossbar.solver.bench import MOST_V, Constants, Rate, TrainingBench, of
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec
from analoom.pdk.errors import InputError

MOST_TRAINED, MOST_SHOWN = 64, 128
"""Synapses up to which ngspice trains, as a sample takes it half a second then, and up to which it judges."""


AsDrawn = Callable[[TrainingBench, TrainedCrossbarSpec, str | None, str, float], TrainingBench]
"""A bench with what a cell's drawn blocks do otherwise than ideal ones at a corner and a temperature (degC), with their
spread by a family of models, or without one."""

OF_BLOCKS = {"clamp": ("clamp", "clamp_v"), "nudge": ("nudge",), "amplifier": ("gain",), "load": ("load",)}
"""Constants of ideal blocks, which drawn ones have by their transistors."""


class TrainingSettings(Constants):
    """A run: `samples` of a sine, in another order each epoch."""

    told_as: ClassVar[str] = "settings."

    seed: int = Field(1, ge=0, description="seed of the weights at the start and of the order of samples")
    epochs: int = Field(30, ge=1, le=10000, description="how often all samples are shown")
    late: float = of(1 / 6, "frac", "part of the epochs, the last ones, that have a fifth of the rates", ge=0, le=1)
    samples: int = Field(50, ge=2, le=1000, description="samples over x from 0 to 1")
    frequency: float = of(8.0, "", "targets are a sine of this times x", ge=0.01, le=100)
    amplitude: float = of(1.5e-3, "V", "of the targets", ge=1e-6, le=0.4)
    start: Literal["bent", "off", "middle"] = Field(
        "bent",
        description="weights at the start: each hidden column changes its sign within the range; outside the dead zone;"
        " about the middle",
    )
    about: float = of(0.45, "V", "how far off the middle weights start", ge=0, le=0.9)
    spread: float = of(0.3, "V", "weights start within plus or minus this of there", ge=0, le=0.9)
    engine: Literal["solver", "ngspice"] = Field(
        "solver", description="what trains the schematic; ngspice the drawn one"
    )
    store: float = of(1e-9, "F", "ideal storage beside each stored node, in ngspice; 0: none", ge=0, le=1e-6)
    trim: float = of(0.0, "V", "added to the targets given to nudges, against an offset of theirs", ge=-0.2, le=0.2)
    phase: float | None = of(
        None, "s", "how long a phase is, in ngspice (default 1 us, 20 us with a drawn amplifier)", gt=1e-7, le=1e-3
    )
    rate: tuple[Rate, Rate] = Field(
        (300.0, 500.0), description="step of a weight by layer: by V of the column and V of the row, 1/V"
    )
    reach: float | None = of(0.15, "V", "farthest that a row or column may go from rest", gt=0, le=MOST_V)

    def bench(self, spec: TrainedCrossbarSpec) -> TrainingBench:
        """The bench of a cell. Raises InputError for a constant of a block that it draws."""
        for block in spec.drawn:
            self._require_unset(block)
        fields = {name: getattr(self, name) for name in Constants.model_fields}
        return TrainingBench.parse({**fields, "dims": spec.dims, "synapse": spec.synapse})

    def drawn(
        self, spec: TrainedCrossbarSpec, as_drawn: AsDrawn, model: str | None, corner: str, temp_degc: float
    ) -> TrainingBench:
        """The same with the cell's drawn blocks, and with `trim`."""
        bench = as_drawn(self.bench(spec), spec, model, corner, temp_degc)
        errors = bench.errors.model_copy(update={"nudge_offset": bench.errors.nudge_offset + self.trim})
        return bench.model_copy(update={"errors": errors})

    def _require_unset(self, block: str) -> None:
        """Raises InputError for a constant or an error of an ideal block where the block is drawn."""
        errors = self.errors.model_fields_set if "errors" in self.model_fields_set else ()
        given = [name for name in OF_BLOCKS[block] if name in self.model_fields_set]
        given += [f"errors.{name}" for name in sorted(errors) if name.startswith(f"{block}_")]
        if given:
            said = f"settings.{given[0]} is one of an ideal {block}: the drawn one has its own"
            raise InputError(said, field=f"settings.{given[0]}", remedy=f"-p {block}=ideal")

    def require_netlist(self, bench: TrainingBench) -> None:
        """Raises InputError for more synapses than ngspice trains, or judges where the solver trains; and for a row
        that a drawn cell has not."""
        if self.bias:
            said = f"settings.bias = {self.bias:g}: the cell has no such row, and ngspice has the cell"
            raise InputError(said, field="settings.bias", remedy="--set bias=0")
        count = sum(rows * cols for rows, cols in bench.shapes)
        does, most = ("trains", MOST_TRAINED) if self.engine == "ngspice" else ("judges", MOST_SHOWN)
        if count > most:
            said = f"{count} synapses: ngspice {does} at most {most}"
            remedy = "--set engine=solver" if does == "trains" else "--view schematic"
            raise InputError(said, field="settings.engine", remedy=remedy)


class TrainingAnalysis(AnalysisSettings):
    """Dies that are trained, each on its own."""

    dies: int = Field(8, ge=2, le=10000, description="dies trained where no samples are drawn")
    good: float = of(0.4, "frac", "largest NRMSE of a die that has learnt", gt=0, le=10)
    epochs: int = Field(30, ge=1, le=10000, description="how often all samples are shown")
    seed: int = Field(1, ge=0, description="of the weights at the start, the same on every die")
    amplitude: float = of(1.5e-3, "V", "of the targets", ge=1e-6, le=0.4)
    frequency: float = of(8.0, "", "targets are a sine of this times x", ge=0.01, le=100)
    nudge: float = of(5e-4, "S", "current into an output column by how far it is from its target", gt=0, le=1)

    trim: float = of(0.0, "V", "added to the targets given to nudges, against an offset of theirs", ge=-0.2, le=0.2)

    @property
    def training(self) -> TrainingSettings:
        """The run of every die."""
        told = ("epochs", "seed", "amplitude", "frequency", "nudge", "trim")
        given = {name: getattr(self, name) for name in told if name in self.model_fields_set}
        return TrainingSettings.parse(given, "settings.")
