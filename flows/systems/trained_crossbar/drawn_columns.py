"""Columns whose clamp, nudge and load are drawn: what the solver takes of them, and their circuits in a training.

    drawn = DrawnColumns(clamp=build("column_clamp"), nudge=build("column_nudge"))
    trainer = Trainer(drawn.bench(TrainingBench(), model="binned"), die=0)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from analoom.cells.model.cell import Cell
from analoom.flows.bench.measured import Curve
from analoom.flows.mismatch import mismatch
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.simulate import simulate
from analoom.pdk.corners import VDD_V
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .bench import TrainingBench
from .column_settings import ColumnSettings
from .column_stand import Stand
from .deck_blocks import IDEAL, REST, Blocks
from .training import Trainer

Array = NDArray[np.float64]
LEAST_A, MOST_A = 1e-9, 1e-5
"""Currents over which a clamp's law is fitted: what a column asks."""


@dataclass(frozen=True)
class DrawnColumns:
    """The cells; what is None stays ideal. `load` is a `res_array` of one resistor."""

    clamp: Cell | None = None
    nudge: Cell | None = None
    load: Cell | None = None
    corner: str = "tt"

    def bench(self, bench: TrainingBench, model: str | None = DEFAULT_MODEL) -> TrainingBench:
        """`bench` with the blocks as simulated, and their spread by the family `model`, none without one."""
        fields, errors = dict[str, Any](), dict[str, Any]()
        if self.clamp:
            clamp, clamp_v, on_v = self._clamp_law
            fields |= {"clamp": clamp, "clamp_v": clamp_v}
            errors |= {"clamp_offset": on_v, **_sigmas(self.clamp, model, {"knee": "clamp_offset"})}
        if self.nudge:
            found = self._nudge
            fields |= {"nudge": found["gm"]}
            errors |= {"nudge_offset": -found["offset"], "nudge_limit": found["limit"]}
            errors |= _sigmas(self.nudge, model, {"offset": "nudge_offset", "gm_error": "nudge_gain"})
        if self.load:
            fields |= {"load": 1 / simulate(self.load, corner=self.corner).metrics["r_p1"].value}
        changed = bench.errors.model_copy(update=errors)
        return bench.model_copy(update={**fields, "errors": changed})

    def blocks(self, over: Blocks = IDEAL) -> Blocks:
        """`over` with the circuits of these cells."""
        return Blocks(
            clamp=self._clamped if self.clamp else over.clamp,
            amplifier=over.amplifier,
            nudge=self._nudged if self.nudge else over.nudge,
            load=self._loaded if self.load else over.load,
            before=(*over.before, *self._before()),
        )

    def _before(self) -> Iterator[str]:
        cells = [cell for cell in (self.clamp, self.nudge, self.load) if cell]
        sizes = {size for cell in cells for size in sizes_of(cell.circuit)}
        stands = {cell.kind: Stand(cell, ColumnSettings()) for cell in (self.clamp, self.nudge) if cell}
        sizes |= {size_of(device) for stand in stands.values() for device in stand.diode}
        yield f'.include "{trimmed_library(sizes, corner_named(self.corner))}"\n{flat_parameters(tuple(sizes))}'
        yield from (f"v_vdd vdd 0 {VDD_V!r}", "v_vss vss 0 0", f"e_on on 0 ph 0 {VDD_V!r}")
        for cell in cells:
            yield with_flat_lines(cell.spice())
        for kind, stand in stands.items():
            yield f".subckt bias_{kind} bias vdd vss"
            yield with_flat_lines("\n".join(d.spice() for d in stand.diode))
            yield f".ends\nx{kind} bias_{kind} vdd vss bias_{kind}\ni_{kind} 0 bias_{kind} {stand.tail_a!r}"

    def _clamped(self, t: Trainer, j: int) -> Iterator[str]:
        if t.bench.clamp and self.clamp:
            yield f"xclamp{j} h_{j} {REST} bias_column_clamp vdd vss {self.clamp.circuit.name}"

    def _nudged(self, t: Trainer, k: int) -> Iterator[str]:
        if t.bench.phases == "both":
            raise InputError("a drawn nudge drives a column towards its target, not away from it", field="phases")
        if self.nudge:
            yield f"xnudge{k} o_{k} t_{k} on bias_column_nudge vdd vss {self.nudge.circuit.name}"

    def _loaded(self, t: Trainer, k: int) -> Iterator[str]:
        if self.load:
            yield f"xload{k} o_{k} {REST} vss {self.load.circuit.name}"

    @cached_property
    def _clamp_law(self) -> tuple[float, float, float]:
        if self.clamp is None:
            raise InputError("no clamp is drawn", field="clamp")
        return softplus(simulate(self.clamp, corner=self.corner).curves["current"])

    @cached_property
    def _nudge(self) -> dict[str, float]:
        if self.nudge is None:
            raise InputError("no nudge is drawn", field="nudge")
        found = simulate(self.nudge, corner=self.corner).metrics
        return {
            "gm": found["gm"].value,
            "offset": found["offset"].value,
            "limit": found["power"].value / VDD_V,
        }


def softplus(current: Curve) -> tuple[float, float, float]:
    """(S, V, V): slope, width and place of the law slope * width * ln(1 + exp(-(v - place)/width)) that is nearest to a
    clamp's current over its column, by logarithms between LEAST_A and MOST_A."""
    v, i = np.asarray(current.x), np.asarray(current.y)
    asked = (i > LEAST_A) & (i < MOST_A)

    def law(at: Array, slope: float, width: float, place: float) -> Array:
        return np.asarray(np.log(slope * width * np.logaddexp(0.0, -(at - place) / width)))

    (slope, width, place), _ = curve_fit(law, v[asked], np.log(i[asked]), p0=(3e-3, 1e-3, -2e-3))
    return float(slope), float(width), float(place)


def _sigmas(cell: Cell, model: str | None, names: dict[str, str]) -> dict[str, float]:
    if model is None:
        return {}
    found = mismatch(cell, model=model).metrics
    return {f"{field}_sigma": found[metric].sigma for metric, field in names.items()}
