"""Whether a cell is good to so many bits: the errors of its outputs, and the room that they need.

The criterion is that of `analoom.flows.systems.record.Resolution`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.criterion import Criterion, OutputErrors
from analoom.flows.statistics.protocol import Statistics
from analoom.flows.systems.lookup import analysis_of, system_of
from analoom.pdk.errors import InputError

from .mismatch import mismatch_settings, statistics_of

Array = NDArray[np.float64]

FIXED = ("gradient", "routing", "injection", "ir_drop")
"""Sources of an error budget that no die differs in."""


@dataclass(frozen=True)
class Judged:
    """A cell and how it is judged: model family, settings of its mismatch, metric, criterion and outputs that share it.

    `weights`: stored voltages of an array. `outputs` counts where the statistics know but one sigma for all of them.
    """

    cell: Cell
    model: str
    settings: Mapping[str, Any]
    metric: str
    criterion: Criterion
    outputs: int = 1
    weights: Array | None = field(default=None, compare=False)

    @cached_property
    def statistics(self) -> Statistics:
        """The random errors of the cell."""
        chosen = mismatch_settings(self.cell).parse(dict(self.settings), prefix="settings.")
        return statistics_of(self.cell, self.model, chosen, self.weights)

    @cached_property
    def errors(self) -> OutputErrors:
        """The outputs' errors, with their offsets where the criterion counts them. Raises InputError for a metric that
        the cell lacks, and for offsets that nothing tells."""
        if self.metric not in (known := self.statistics.closed()):
            raise InputError(f"no error {self.metric}; known: {', '.join(known)}", field="search.metric")
        found = self.statistics.outputs(self.metric)
        if len(found.sigma) < self.outputs and len(found.sigma) == 1:
            found = replace(found, sigma=np.full(self.outputs, found.sigma[0]))
        if self.criterion.sources == "random":
            return found
        offsets = self.statistics.offsets(self.metric)
        return replace(found, offsets=self._of_budget(found) if offsets is None else offsets)

    def half_lsb(self, bits: int) -> float:
        """Half an LSB of `bits`, in the unit of the errors: a fraction of full scale, or LSB of the converter's own."""
        return 0.5 if self.errors.unit == "LSB" else 0.5 / 2**bits

    def _of_budget(self, errors: OutputErrors) -> Array:
        """The fixed sources of the error budget, added up, for every output, (1, outputs)."""
        analysis, resolution = analysis_of(system_of(self.cell)), system_of(self.cell).resolution
        if not analysis.has_budget or resolution is None or self.metric != resolution.error or errors.unit != "frac":
            raise InputError(
                f"nothing tells what gradients and wires do to {self.metric} of a {self.cell.kind}",
                field="search.errors",
                remedy="errors: random",
            )
        chosen = analysis.settings.parse(dict(self.settings), prefix="settings.")
        sources = analysis.budget(self.cell, self.model, chosen, self.weights, None)
        return np.full((1, len(errors.sigma)), sum(sources.get(name, 0.0) for name in FIXED))


def needed(judged: Judged) -> tuple[float, str, float | None]:
    """The half width that the criterion needs, a fraction of full scale or in LSB, its unit, and the bits of a full
    scale whose half LSB that is; None where nothing errs, or in volts."""
    errors = judged.errors
    width = judged.criterion.half_width(errors)
    tells_bits = width > 0 and errors.unit in ("frac", "LSB")
    return width, errors.unit, log2(errors.full_scale / (2 * width)) if tells_bits else None
