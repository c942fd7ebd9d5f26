"""The record of a system: everything that flows know of one kind of cell.

A system is one room, `flows/systems/<name>/`; its module `system` holds `RECORDS`, one `System` a kind. Flows ask the
record and never the name, so a new system changes no other file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.bench.device_under_test import Dut, View
from analoom.flows.bench.glossary import Glossary
from analoom.flows.bench.mapped_weights import MappedWeights, WeightScale
from analoom.flows.bench.measured import Measured
from analoom.flows.bench.wiring import Wiring
from analoom.flows.statistics.protocol import Statistics
from analoom.flows.statistics.sections import Section
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.corners import Corner

Array = NDArray[np.float64]


class Bench(Protocol):
    """How a cell is measured. `settings` are the fields of `--set`; weights are (rows, cols) V or integers."""

    @property
    def settings(self) -> type[Spec]:
        """The settings' model: frozen, with defaults, units and bounds."""
        ...

    def measure(self, dut: Dut, settings: Spec, weights: Array | None) -> Measured:
        """Metrics and curves of a cell in ngspice. Raises InputError for a cell that the bench cannot hold."""
        ...

    def beyond_ngspice(self, cell: Cell) -> bool:
        """Whether a cell is left to a solver of the system's own, which extracts what it needs for the post view."""
        ...

    def solve(
        self, cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Spec, weights: Array | None
    ) -> Measured:
        """The same by that solver, for cells beyond ngspice."""
        ...


class Analysis(Protocol):
    """How the mismatch of a cell is found."""

    @property
    def settings(self) -> type[AnalysisSettings]:
        """The settings' model."""
        ...

    @property
    def has_budget(self) -> bool:
        """Whether the error can be split by source."""
        ...

    def statistics(self, cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None) -> Statistics:
        """The random errors of `cell` in the family `model`."""
        ...

    def budget(
        self, cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
    ) -> dict[str, float]:
        """Errors by source, fractions; `wires_f` (weights,) F where the wires' couplings are extracted already."""
        ...


class Told(Protocol):
    """A report."""

    def to_json(self) -> Mapping[str, object]:
        """What the command prints."""
        ...


class ReadMany(Protocol):
    """Many reads of a cell: vectors of inputs, dies of their own threshold shifts; files go to `folder`."""

    def __call__(
        self,
        cell: Cell,
        view: View,
        corner: str,
        temp_degc: float,
        folder: Path,
        weights: Array | None = None,
        inputs: Array | None = None,
        shifts: Array | None = None,
        settings: Mapping[str, object] | None = None,
        worth: WeightScale | None = None,
    ) -> Told: ...


class Balanced(Told, Protocol):
    """A cell whose wiring was levelled, and whether that was reached."""

    @property
    def cell(self) -> Cell: ...

    @property
    def balanced(self) -> bool: ...


class MapWeights(Protocol):
    """Trained weights (outputs, inputs) as stored voltages of the array that `fit(rows, cols)` gives.

    `one` is an array of one cell. What else is asked stands with `analoom.flows.map_weights`.
    """

    def __call__(
        self,
        one: Cell,
        fit: Callable[[int, int], Cell],
        w: Array,
        scale: float | None,
        levels: int | None,
        corner: Corner,
        temp_degc: float,
        settings: Mapping[str, object],
    ) -> MappedWeights: ...


@dataclass(frozen=True)
class Limits:
    """Errors that a limit is asked of, for the yield; `not_normal` are those whose yield only draws can tell."""

    judged: tuple[str, ...] = ()
    not_normal: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """By what a layout is judged good to N bits, the same for every system.

    In words: any one output of a die, whichever it is, errs by no more than half an LSB, but for the share that lies
    beyond z sigmas of a normal error (0.27 % for three). In formula: P(|e_k| <= LSB/2) >= erf(z / sqrt 2) for each
    output k, LSB = full scale / 2^N; e_k is the random error by mismatch, so z max_k sigma_k <= LSB/2. Asked for, it
    holds for all outputs of a die at once, or for random errors about what gradients and wires (IR drop) leave:
    `analoom.flows.statistics.criterion`, which computes it.

    `error`: the mismatch metric that is max_k sigma_k, the sigma of ONE output, the least certain; a fraction of full
    scale or in LSB. `outputs`: of a spec and the bits asked, how many outputs (codes of a converter) share the cell.
    `maxima`: metrics of a maximum over outputs, which have the many outputs in them and no sigmas to multiply with.
    """

    error: str
    outputs: Callable[[Mapping[str, object], int], int] = lambda spec, bits: 1
    maxima: tuple[str, ...] = ()


def count_in(spec: Mapping[str, object], field: str) -> int:
    """A field of a spec that counts outputs: the number itself, or how many a list holds."""
    value = spec[field]
    return len(value) if isinstance(value, list | tuple) else int(str(value))


@dataclass(frozen=True)
class Sizes:
    """What a size ROWSxCOLS of a cell is, in words, and the spec fields it sets, given all fields of a spec."""

    words: str
    fields: Callable[[Mapping[str, object], int, int], Mapping[str, object]]


@dataclass(frozen=True)
class Headline:
    """A quantity that says how good a cell is, and what it is, in words."""

    metric: str
    words: str


@dataclass(frozen=True)
class FirstShown:
    """What is shown first, by preference: the metric whose change from schematic to post-layout, the one whose sigma.

    `headline`: the one figure that stands above all others, of the mismatch report, else of the simulation; the first
    that there is.
    """

    change: tuple[str, ...] = ()
    sigma: tuple[str, ...] = ()
    headline: tuple[Headline, ...] = ()


def _always(cell: Cell) -> bool:
    return True


ENGINES = ("closed", "mc", "ngspice")
"""By what mismatch is found: by formula, by samples drawn by coefficients, by samples drawn in ngspice."""


@dataclass(frozen=True)
class System:
    """One kind of cell. What is left out is not there: a system without a bench says so and is never "clean".

    `pins`: the nets that every cell of the kind has, numbers left out (`out` stands for `out1`, `out2`, ...).
    `renamed`: metrics of the bench by the names they had before; sweeps keep the old columns beside the new.
    `beside`: registered cells that do what one looks for here by mistake or next, and what they do; pages link them.
    `glossary`: what each metric of bench and mismatch means, and its unit.
    `weights_unit`: the unit of stored weights ("V", or "" for integers); None for a kind that takes none.
    `wiring`: how the post-layout view gets its resistances and capacitances.
    `sizes`: what `mismatch --sizes` varies.
    `engines`: those of the mismatch, where not all are there.
    `sections` stand in every mismatch report, `scans` in those of a whole flow. `judged_by_ngspice`: the metrics and
    figures that ngspice draws by the model files' own terms, as a judge of the other two engines. `draws_unasked`:
    whether samples are drawn for histograms where only a closed form was asked for. `read_many` serves `sim --inputs`
    and `--shifts`, `balance` and `map_weights` the commands `balance` and `map`.
    """

    name: str = ""
    kind: str = "macro"
    pins: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    glossary: Glossary = field(default_factory=dict)
    weights_unit: str | None = None
    bench: Bench | None = None
    wiring: Wiring = field(default_factory=Wiring)
    mismatch: Analysis | None = None
    engines: tuple[str, ...] = ENGINES
    sections: tuple[Section, ...] = ()
    scans: tuple[Section, ...] = ()
    judged_by_ngspice: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    resolution: Resolution | None = None
    sizes: Sizes | None = None
    shown_first: FirstShown = field(default_factory=FirstShown)
    draws_unasked: Callable[[Cell], bool] = _always
    read_many: ReadMany | None = None
    balance: Callable[[Cell, Path], Balanced] | None = None
    map_weights: MapWeights | None = None
