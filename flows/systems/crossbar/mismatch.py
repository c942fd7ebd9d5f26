"""Mismatch of crossbars: that of their synapses, with the IR drop of the drawn lines beside it.

Metrics are those of `analoom.flows.systems.synapse.mismatch`; the effective bits are given for the random errors alone
(`enob`), for the IR drop alone (`enob_ir_drop`) and for both (`enob_total`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, weave_of
from analoom.flows.statistics.protocol import Samples
from analoom.flows.statistics.spread import Figure
from analoom.flows.systems.crossbar.solver.cells import why_not_solved
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.flows.systems.synapse.mismatch import SynapseStatistics, enob
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.generators.crossbar.matrix import synapse_of

MOST_WITH_DROP = 64 * 64
"""Synapses up to which the IR drop is solved without being asked for."""
_ANGLES = 72
_COLUMN = "column_error"
_LINES: tuple[Literal["drawn"], Literal["ideal"]] = ("drawn", "ideal")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CrossbarStatistics(SynapseStatistics):
    """An array with its stored voltages; `weights` (rows, cols) V, drawn over the range when None."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return weave_of(self.cell).shape

    @cached_property
    def synapse(self) -> Cell:
        """What the array is woven of."""
        return synapse_of(self.cell)

    def figures(self, drawn: Samples | None) -> dict[str, Figure]:
        """`enob`, and by formula the effective bits with the IR drop."""
        found = super().figures(drawn)
        if drawn is not None or self.ir_drop is None:
            return found
        both = float(np.hypot(self.ir_drop, self.rms))
        return found | {"enob_ir_drop": Figure(enob(self.ir_drop), "bit"), "enob_total": Figure(enob(both), "bit")}

    @property
    def ir_drop(self) -> float | None:
        """Root mean square of `column_drop` over the columns; None where that is."""
        return None if self.column_drop is None else float(np.sqrt(np.mean(self.column_drop**2)))

    @cached_property
    def column_drop(self) -> Array | None:
        """Error of each column by the resistance of the drawn lines, as a fraction of full scale, (cols,).

        With the stored weights and full inputs, solved with the drawn lines and with ideal ones, without mismatch.
        None, unless asked for by the setting, where `_no_drop` has a reason.
        """
        asked = self.settings.ir_drop
        if asked is False or (asked is None and self._no_drop):
            return None
        read = ReadSettings.parse({name: getattr(self.settings, name) for name in ReadSettings.model_fields})
        v_read = self.range_v[0]
        inputs = np.full(self.shape[0], v_read)
        drawn, ideal = (array_reader(self.cell, lines=x, settings=read).read(self.stored, inputs) for x in _LINES)
        return np.asarray((drawn - ideal) / (v_read * self.full_scale_s))

    @cached_property
    def tilted(self) -> Array:
        """Error of each column by a plane of thresholds that rises along x and along y, (2, cols)."""
        rows, cols = self.shape
        px, py = (n / 1000 for n in weave_of(self.cell).pitch_nm)
        slope = self.response.per_volt(self.stored) * self.settings.gradient_vth / self.full_scale_s
        x, y = (np.arange(n) - (n - 1) / 2 for n in (cols, rows))
        return np.stack([slope.sum(axis=0) * x * px, (slope * (y * py)[:, None]).sum(axis=0)])

    def offsets(self, metric: str) -> Array | None:
        """Of `column_error`: IR drop and a threshold plane in each of `_ANGLES` directions, (directions, cols)."""
        if metric != _COLUMN:
            return None
        angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
        planes = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ self.tilted
        return planes if self.column_drop is None else planes + self.column_drop

    @cached_property
    def _no_drop(self) -> str | None:
        """Why an array's IR drop is left out unless asked for."""
        if self.stored.size > MOST_WITH_DROP:
            return f"IR drop is left out above {MOST_WITH_DROP} synapses unless asked for: --set ir_drop=true"
        reason = why_not_solved(self.synapse)
        return None if reason is None else f"IR drop is left out, the array solver cannot read the array: {reason}"

    @property
    def notes(self) -> list[str]:
        """Where the closed form leaves its range, and what is not computed."""
        found = super().notes
        if self.settings.ir_drop is None and self._no_drop:
            found.append(self._no_drop)
        return found
