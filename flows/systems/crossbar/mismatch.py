"""Mismatch of synapses and crossbars: what the read transistors' random parameters do to cells, columns and products.

Errors are about the expected value. `cell_gain_error` and `column_gain_error` are relative, with every weight at the
end of the range where the factor is largest. With the stored weights and as fractions of the full-scale column
current: `worst_column_error` is the root mean square of the largest error among the columns, all inputs full (for one
column its sigma; extreme value of independent normal columns); `product_error` the sigma of a column with inputs drawn
uniformly from zero to full. `enob` = log2(full scale / (sigma sqrt(12))) with sigma the root mean square over the
columns: of the random errors alone, of the IR drop alone (`enob_ir_drop`) and of both (`enob_total`). A synapse alone
is an array of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Kind, weave_of
from analoom.cells.model.circuit import Mos
from analoom.flows.statistics.extremes import worst_of
from analoom.flows.statistics.settings import ArraySettings
from analoom.flows.statistics.spread import Spread, estimated, exact, mean_square_spread
from analoom.flows.systems.synapse.reading import ReadSettings, ReadStyle, read_style
from analoom.flows.systems.synapse.response import SynapseResponse, read_transistors, synapse_response
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch_terms import DEFAULT_MODEL, terms_source

from .bench import default_weights
from .matrix import synapse_of

MOST_WITH_DROP = 64 * 64
"""Synapses up to which the IR drop is solved without being asked for."""
MOST_JUDGED = 25_600
"""Synapses in all that ngspice draws for whole dies: 400 dies of 8 x 8, some 20 s."""
_LINES: tuple[Literal["drawn"], Literal["ideal"]] = ("drawn", "ideal")
_WEIGHT_SEED = 1
_CELLS_AT_ONCE = 4_000_000
_LINEAR_UP_TO = 0.3

Array = NDArray[np.float64]
Samples = dict[str, tuple[Array, str]]


@dataclass(frozen=True)
class CrossbarStatistics:
    """An array (or one synapse) with its stored voltages; `weights` (rows, cols) V, drawn over the range when None."""

    cell: Cell
    weights: Array | None = None
    model: str = DEFAULT_MODEL
    settings: ArraySettings = field(default_factory=ArraySettings)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        if self.cell.kind is Kind.SYNAPSE:
            return 1, 1
        return weave_of(self.cell).shape

    @cached_property
    def synapse(self) -> Cell:
        return synapse_of(self.cell)

    @cached_property
    def style(self) -> ReadStyle:
        return read_style(self.synapse.circuit.ports)

    @cached_property
    def range_v(self) -> tuple[float, float, float]:
        """(v_read, lowest, highest weight) V."""
        return self.settings.of(self.style)

    @cached_property
    def stored(self) -> Array:
        """Stored voltages, (rows, cols) V. Raises InputError for a wrong shape or voltages out of the range."""
        low, high = self.range_v[1:]
        if self.weights is None:
            return default_weights(self.shape, low, high, _WEIGHT_SEED)
        if self.weights.shape != self.shape:
            raise InputError(f"weights have shape {self.weights.shape}, the array {self.shape}", field="weights")
        if not (self.weights.min() >= low - 1e-12 and self.weights.max() <= high + 1e-12):
            found = f"{self.weights.min():.4g} to {self.weights.max():.4g} V"
            raise InputError(f"weights of {found} leave the range {low:g} to {high:g} V", field="weights")
        return self.weights

    @cached_property
    def response(self) -> SynapseResponse:
        """The synapse's factor over the range and its answer to mismatch, simulated."""
        v_read, low, high = self.range_v
        return synapse_response(self.synapse, self.style, v_read, (low, high), self.model, self.settings.k_vth)

    @cached_property
    def full_weight_v(self) -> float:
        """The end of the range where the factor is largest, V."""
        ends = np.array(self.range_v[1:])
        return float(ends[np.argmax(np.abs(self.response.nominal(ends)))])

    @property
    def full_scale_s(self) -> float:
        """Sum of the factors of a column with every weight at the full end, S."""
        return self.shape[0] * self.full_factor_s

    @property
    def full_factor_s(self) -> float:
        """The largest factor, S."""
        return float(np.abs(self.response.nominal(np.array(self.full_weight_v))))

    @cached_property
    def column_sigmas(self) -> Array:
        """Sigma of each column with stored weights and full inputs, as a fraction of full scale, (cols,)."""
        return np.sqrt((self.response.sigma(self.stored) ** 2).sum(axis=0)) / self.full_scale_s

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        cell = float(self.response.sigma(np.array(self.full_weight_v))) / self.full_factor_s
        rms = float(np.sqrt(np.mean(self.column_sigmas**2)))
        return {
            "cell_gain_error": exact(cell, "frac"),
            "column_gain_error": exact(cell / np.sqrt(self.shape[0]), "frac"),
            "worst_column_error": exact(worst_of(self.column_sigmas), "frac"),
            "product_error": exact(rms / np.sqrt(3), "frac"),
            "enob": exact(enob(rms), "bit"),
            **self._with_drop(rms),
        }

    def _with_drop(self, rms: float) -> dict[str, Spread]:
        if self.ir_drop is None:
            return {}
        both = float(np.hypot(self.ir_drop, rms))
        return {"enob_ir_drop": exact(enob(self.ir_drop), "bit"), "enob_total": exact(enob(both), "bit")}

    @cached_property
    def ir_drop(self) -> float | None:
        """Root mean square column error by the resistance of the drawn lines, as a fraction of full scale.

        With the stored weights and full inputs, solved with the drawn lines and with ideal ones, without mismatch.
        None for a synapse alone and, unless asked for by the setting, for more than MOST_WITH_DROP synapses.
        """
        asked = self.settings.ir_drop
        if self.cell.kind is not Kind.ARRAY or asked is False or (asked is None and self.stored.size > MOST_WITH_DROP):
            return None
        from analoom.flows.systems.crossbar.solver.read import array_reader

        read = ReadSettings.parse({name: getattr(self.settings, name) for name in ReadSettings.model_fields})
        v_read = self.range_v[0]
        inputs = np.full(self.shape[0], v_read)
        drawn, ideal = (array_reader(self.cell, lines=x, settings=read).read(self.stored, inputs) for x in _LINES)
        return float(np.sqrt(np.mean(((drawn - ideal) / (v_read * self.full_scale_s)) ** 2)))

    @property
    def notes(self) -> list[str]:
        """Where the closed form leaves its range, and what is not computed."""
        ends = np.array(self.range_v[1:])
        spread = self.response.sigma(ends) / np.maximum(np.abs(self.response.nominal(ends)), 1e-30)
        told = []
        if spread[np.argmax(ends == self.full_weight_v)] > _LINEAR_UP_TO:
            told.append(
                f"one cell's sigma is {spread.max():.0%}: its error is far from normal, columns of few rows as well; "
                "out of the closed form's range"
            )
        if self.cell.kind is Kind.ARRAY and self.stored.size > MOST_WITH_DROP and self.settings.ir_drop is None:
            told.append(f"IR drop is left out above {MOST_WITH_DROP} synapses unless asked for: --set ir_drop=true")
        return told

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit; dies are drawn in chunks, only their column errors' squares are kept.

        `worst_column_error` holds the largest |error| of each die, `product_error` and `enob` mean squares.
        """
        rows = self.shape[0]
        full = np.full((rows, 1), self.full_weight_v)
        cells = self._dies(full, rng, samples, lambda g: g[:, :, 0])
        gains = (cells - self.response.mean(full)[:, 0]) / self.full_factor_s
        inputs = np.random.default_rng(rng.integers(2**31))
        errors = self._dies(self.stored, rng, samples, lambda g: self._die_errors(g, inputs))
        gain = {"cell_gain_error": (gains[:, 0], "frac"), "column_gain_error": (gains.mean(axis=1), "frac")}
        return {**gain, **_named(errors)}

    def _die_errors(self, factors: NDArray[np.floating], inputs: np.random.Generator) -> Array:
        """Largest |error|, mean square product error and mean square error of dies' `factors`, (dies, 3)."""
        expected, scale = self.response.mean(self.stored), self.full_scale_s
        all_full = (factors.sum(axis=1, dtype=np.float64) - expected.sum(axis=0)) / scale
        x = inputs.uniform(size=(len(factors), 1, self.shape[0]))
        products = (x @ (factors - expected))[:, 0] / scale
        return np.stack([np.abs(all_full).max(1), (products**2).mean(1), (all_full**2).mean(1)], axis=1)

    def estimate(self, name: str, values: Array, unit: str) -> Spread:
        """The spread of drawn samples: sigma, or the root of a mean square where `drawn` says so."""
        if name == "worst_column_error":
            return mean_square_spread(values**2, unit)
        if name == "product_error":
            return mean_square_spread(values, unit)
        if name == "enob":
            found = mean_square_spread(values, unit)
            high, low = (enob(x) for x in found.ci95)
            return Spread(enob(found.sigma), (low, high), unit, found.draws)
        return estimated(values, unit)

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples with unit, every cell of a full column drawn by the model file itself.

        With at most `MOST_JUDGED` synapses in all, whole dies with the stored weights too, each synapse drawn by the
        model file: `worst_column_error`, `product_error` and `enob`.
        """
        from .mismatch_ngspice import drawn_factors

        factors = drawn_factors(self, np.full(samples * self.shape[0], self.full_weight_v), seed)
        errors = factors.reshape(samples, self.shape[0]) / self.full_factor_s * np.sign(factors[0]) - 1
        gain = {"cell_gain_error": (errors[:, 0], "frac"), "column_gain_error": (errors.mean(axis=1), "frac")}
        if samples * self.stored.size > MOST_JUDGED:
            return gain
        dies = drawn_factors(self, np.tile(self.stored.ravel(), samples), seed + 1).reshape(samples, *self.shape)
        return {**gain, **_named(self._die_errors(dies, np.random.default_rng(seed)))}

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        if self.settings.k_vth is not None:
            return f"k_vth = {self.settings.k_vth:g} V um of one device, as given"
        devices = [f.device for f in read_transistors(self.synapse)]
        known = [terms_source(d.device, d.w_um, d.l_um, d.nf, self.model) for d in devices if isinstance(d, Mos)]
        return "; ".join(dict.fromkeys(known))

    @property
    def point(self) -> dict[str, float]:
        """How the array is read: voltages (V), and the largest factor (S)."""
        v_read, low, high = self.range_v
        return {"v_read": v_read, "weight_low": low, "weight_high": high, "full_factor_s": self.full_factor_s}

    def _dies(self, stored: Array, rng: np.random.Generator, samples: int, kept: object) -> Array:
        """`kept` of drawn factors (samples, rows, cols) S, chunk by chunk."""
        chunk = max(_CELLS_AT_ONCE // stored.size, 1)
        sizes = [min(chunk, samples - at) for at in range(0, samples, chunk)]
        return np.concatenate([kept(self.response.drawn(stored, rng, n)) for n in sizes])  # type: ignore[operator]


def _named(errors: Array) -> Samples:
    """`_die_errors` by name, with unit."""
    worst, product, square = errors.T
    return {"worst_column_error": (worst, "frac"), "product_error": (product, "frac"), "enob": (square, "bit")}


def enob(sigma_of_full_scale: float) -> float:
    """Effective bits of a quantity whose error has `sigma_of_full_scale`, taken as uniform quantisation noise."""
    if not sigma_of_full_scale > 0:
        raise InputError(f"sigma = {sigma_of_full_scale:g}: must be positive", field="sigma")
    return float(-np.log2(sigma_of_full_scale * np.sqrt(12)))
