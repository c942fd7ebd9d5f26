"""Mismatch of synapses and crossbars: what the read transistors' thresholds do to cells, columns and resolution.

A threshold shift acts as a shift of the stored voltage, so a cell's factor errs by its slope over the stored voltage
times the shift (the write transistor carries no read current, the capacitor none at all). `cell_gain_error` and
`column_gain_error` are relative, with every weight at the end of the range where the factor is largest;
`worst_column_error` is the largest sigma over columns with the stored weights and all inputs full, as a fraction of
the full-scale column current; `enob` = log2(full scale / (sigma sqrt(12))) with sigma the mean square of the
columns'. A synapse alone is an array of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.cells.cell import Cell, Kind
from analoom.cells.circuit import Mos
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch import mos_mismatch

from .crossbar_map import synapse_of
from .dut import make_dut
from .flat_devices import flat_devices
from .spread import Spread, exact
from .synapse_bias import ReadSettings, ReadStyle, read_style, storage_node
from .synapse_read import ReadMap, read_map
from .testbench_crossbar import default_weights

_TEMP_DEGC = 27.0
_REACH_SIGMAS = 5.0
_WEIGHT_SEED = 1

Samples = dict[str, tuple[NDArray[np.float64], str]]


@dataclass(frozen=True)
class CrossbarStatistics:
    """An array (or one synapse) with its stored voltages; `weights` (rows, cols) V, drawn over the range when None."""

    cell: Cell
    weights: NDArray[np.float64] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        if self.cell.kind is Kind.SYNAPSE:
            return 1, 1
        return int(self.cell.notes["rows"]), int(self.cell.notes["cols"])

    @cached_property
    def synapse(self) -> Cell:
        return synapse_of(self.cell)

    @cached_property
    def style(self) -> ReadStyle:
        return read_style(self.synapse.circuit.ports)

    @cached_property
    def range_v(self) -> tuple[float, float, float]:
        """(v_read, lowest, highest weight) V."""
        return ReadSettings.parse({}).of(self.style)

    @cached_property
    def stored(self) -> NDArray[np.float64]:
        """Stored voltages, (rows, cols) V. Raises InputError for a wrong shape."""
        if self.weights is None:
            return default_weights(self.shape, *self.range_v[1:], _WEIGHT_SEED)
        if self.weights.shape != self.shape:
            raise InputError(f"weights have shape {self.weights.shape}, the array {self.shape}", field="weights")
        return self.weights

    @cached_property
    def map(self) -> ReadMap:
        """The synapse's factor over the range and five sigmas beyond, simulated."""
        v_read, low, high = self.range_v
        reach = _REACH_SIGMAS * max(self.sigmas_v.values())
        dut = make_dut(self.synapse, "schematic", corner("tt"), _TEMP_DEGC)
        return read_map(dut, self.style, v_read, low - reach, high + reach)

    @cached_property
    def sigmas_v(self) -> dict[str, float]:
        """Threshold sigma (V) of the read transistors by polarity."""
        node = storage_node(self.synapse)
        gates = [f.device for f in flat_devices(self.synapse.circuit) if f.nets.get("g") == node]
        read = [d for d in gates if isinstance(d, Mos)]
        if not read:
            raise InputError(f"{self.synapse.name} has no transistor with its gate on {node}", field="name")
        return {d.device.polarity: mos_mismatch(d.device).sigma_vth_v(d.w_um, d.l_um, d.m) for d in read}

    @cached_property
    def full_weight_v(self) -> float:
        """The end of the range where the factor is largest, V."""
        ends = np.array(self.range_v[1:])
        return float(ends[np.argmax(np.abs(self.map.factor(ends)))])

    def sigma_at(self, stored: NDArray[np.float64]) -> NDArray[np.float64]:
        """Threshold sigma (V) of the transistor that carries the current: the p one where current flows out."""
        if len(self.sigmas_v) == 1:
            return np.full(np.shape(stored), next(iter(self.sigmas_v.values())))
        return np.where(self.map.factor(stored) > 0, self.sigmas_v["p"], self.sigmas_v["n"])

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        full = np.array(self.full_weight_v)
        cell = float(np.abs(self.map.slope(full) / self.map.factor(full)) * self.sigma_at(full))
        factors = np.abs(self.map.slope(self.stored)) * self.sigma_at(self.stored)
        columns = np.sqrt((factors**2).sum(axis=0)) / self.full_scale_s
        return {
            "cell_gain_error": exact(cell, "frac"),
            "column_gain_error": exact(cell / np.sqrt(self.shape[0]), "frac"),
            "worst_column_error": exact(float(columns.max()), "frac"),
            "enob": exact(float(enob(np.sqrt(np.mean(columns**2)))), "bit"),
        }

    @property
    def full_scale_s(self) -> float:
        """Sum of the factors of a column with every weight at the full end, S."""
        return self.shape[0] * float(np.abs(self.map.factor(np.array(self.full_weight_v))))

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit, every cell's threshold drawn: the factor is read off the curve at the shifted voltage."""
        full = np.full((self.shape[0], 1), self.full_weight_v)
        at_full = self._drawn_factors(rng, samples, full)[:, :, 0] / self.map.factor(full)[:, 0] - 1
        nominal = self.map.factor(self.stored).sum(axis=0)
        errors = (self._drawn_factors(rng, samples, self.stored).sum(axis=1) - nominal) / self.full_scale_s
        return {
            "cell_gain_error": (at_full[:, 0], "frac"),
            "column_gain_error": (at_full.mean(axis=1), "frac"),
            "worst_column_error": (errors, "frac"),
        }

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples with unit, every cell of a full column drawn by the model file itself."""
        from .mismatch_ngspice_synapse import drawn_factors

        factors = drawn_factors(
            self.synapse, self.style, self.range_v[0], self.full_weight_v, samples * self.shape[0], seed
        )
        nominal = float(self.map.factor(np.array(self.full_weight_v)))
        errors = factors.reshape(samples, self.shape[0]) / nominal - 1
        return {"cell_gain_error": (errors[:, 0], "frac"), "column_gain_error": (errors.mean(axis=1), "frac")}

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        node = storage_node(self.synapse)
        gates = [f.device for f in flat_devices(self.synapse.circuit) if f.nets.get("g") == node]
        return "; ".join(mos_mismatch(d.device).source for d in gates if isinstance(d, Mos))

    def _drawn_factors(
        self, rng: np.random.Generator, samples: int, stored: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(samples, rows, cols) S."""
        shift = rng.standard_normal((samples, *stored.shape)) * self.sigma_at(stored)
        return self.map.factor(np.clip(stored + shift, self.map.weights[0], self.map.weights[-1]))


def enob(sigma_of_full_scale: float) -> float:
    """Effective bits of a quantity whose error has `sigma_of_full_scale`, taken as uniform quantisation noise."""
    return float(-np.log2(sigma_of_full_scale * np.sqrt(12)))
