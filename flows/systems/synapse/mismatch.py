"""Mismatch of synapses: what the read transistors' random parameters do to cells, columns and products.

Errors are about the expected value. `cell_gain_error` and `column_gain_error` are relative, with every weight at the
end of the range where the factor is largest. With the stored weights and as fractions of the full-scale column
current, all inputs full: `column_error` is the sigma of one column, that whose sigma is largest; `worst_column_error`
the root mean square of the largest error among the columns (for one column its sigma; extreme value of independent
normal columns). `product_error` is the sigma of a column with inputs drawn uniformly from zero to full. `enob` =
log2(full scale / (sigma sqrt(12))) with sigma the root mean square over the columns. A synapse alone is an array of
one; arrays of them are in `analoom.flows.systems.crossbar.mismatch`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.cells.model.reading import Reading
from analoom.flows.files.progress import tracked
from analoom.flows.statistics.criterion import OutputErrors
from analoom.flows.statistics.extremes import worst_of
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.spread import Figure, Spread, estimated, exact, mean_square_spread
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .ngspice_draws import CopiedSynapse, draw_factors
from .read_path import read_transistors
from .response import SynapseResponse, synapse_response
from .settings import ReadAnalysis
from .weights import default_weights

MOST_JUDGED = 25_600
"""Synapses in all that ngspice draws for whole dies: 400 dies of 8 x 8, some 20 s."""
_WEIGHT_SEED = 1
_COLUMN = "column_error"
_CELLS_AT_ONCE = 4_000_000
_LINEAR_UP_TO = 0.3

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SynapseStatistics(Statistics):
    """One synapse, an array of one; `weights` (rows, cols) V is what it stores, drawn over the range when None."""

    cell: Cell
    weights: Array | None = None
    model: str = DEFAULT_MODEL
    settings: ReadAnalysis = field(default_factory=ReadAnalysis)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return 1, 1

    @cached_property
    def synapse(self) -> Cell:
        """What the array is woven of."""
        return self.cell

    @cached_property
    def reading(self) -> Reading:
        """How its synapse is read."""
        return self.synapse.require_reading()

    @cached_property
    def range_v(self) -> tuple[float, float, float]:
        """(v_read, lowest, highest weight) V."""
        return self.settings.of(self.reading)

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
        return synapse_response(self.synapse, self.reading, v_read, (low, high), self.model, self.settings.k_vth)

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

    @property
    def rms(self) -> float:
        """Root mean square of the columns' sigmas, a fraction of full scale."""
        return float(np.sqrt(np.mean(self.column_sigmas**2)))

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        cell = float(self.response.sigma(np.array(self.full_weight_v))) / self.full_factor_s
        rms = self.rms
        return {
            "cell_gain_error": exact(cell, "frac"),
            "column_gain_error": exact(cell / np.sqrt(self.shape[0]), "frac"),
            "worst_column_error": exact(worst_of(self.column_sigmas), "frac"),
            "column_error": exact(float(self.column_sigmas.max()), "frac"),
            "product_error": exact(rms / np.sqrt(3), "frac"),
        }

    def figures(self, drawn: Samples | None) -> dict[str, Figure]:
        """`enob`, by formula or of the mean squares drawn."""
        if drawn is None:
            return {"enob": Figure(enob(self.rms), "bit")}
        if "enob" not in drawn:
            return {}
        found = mean_square_spread(*drawn["enob"])
        high, low = (enob(x) for x in found.ci95)
        return {"enob": Figure(enob(found.sigma), "bit", (low, high), found.draws)}

    @property
    def notes(self) -> list[str]:
        """Where the closed form leaves its range."""
        ends = np.array(self.range_v[1:])
        spread = self.response.sigma(ends) / np.maximum(np.abs(self.response.nominal(ends)), 1e-30)
        if spread[np.argmax(ends == self.full_weight_v)] <= _LINEAR_UP_TO:
            return []
        return [
            f"one cell's sigma is {spread.max():.0%}: its error is far from normal, columns of few rows as well; "
            "out of the closed form's range"
        ]

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
        """Of dies' `factors`: largest |error|, mean square product error, mean square error, error of the least certain
        column, (dies, 4)."""
        expected, scale = self.response.mean(self.stored), self.full_scale_s
        all_full = (factors.sum(axis=1, dtype=np.float64) - expected.sum(axis=0)) / scale
        least_certain = all_full[:, self.column_sigmas.argmax()]
        x = inputs.uniform(size=(len(factors), 1, self.shape[0]))
        products = (x @ (factors - expected))[:, 0] / scale
        squares = ((values**2).mean(1) for values in (products, all_full))
        return np.stack([np.abs(all_full).max(1), *squares, least_certain], axis=1)

    def estimate(self, name: str, values: Array, unit: str) -> Spread:
        """The spread of drawn samples: sigma, or the root of a mean square where `drawn` says so."""
        if name == "worst_column_error":
            return mean_square_spread(values**2, unit)
        if name == "product_error":
            return mean_square_spread(values, unit)
        return estimated(values, unit)

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples with unit, every cell of a full column drawn by the model file itself.

        With at most `MOST_JUDGED` synapses in all, whole dies with the stored weights too, each synapse drawn by the
        model file: `worst_column_error`, `column_error`, `product_error` and `enob`.
        """
        factors = draw_factors(self.copied, np.full(samples * self.shape[0], self.full_weight_v), seed)
        errors = factors.reshape(samples, self.shape[0]) / self.full_factor_s * np.sign(factors[0]) - 1
        gain = {"cell_gain_error": (errors[:, 0], "frac"), "column_gain_error": (errors.mean(axis=1), "frac")}
        if samples * self.stored.size > MOST_JUDGED:
            return gain
        dies = draw_factors(self.copied, np.tile(self.stored.ravel(), samples), seed + 1).reshape(samples, *self.shape)
        return {**gain, **_named(self._die_errors(dies, np.random.default_rng(seed)))}

    def outputs(self, metric: str) -> OutputErrors:
        """Of `column_error` the columns, which are independent."""
        return OutputErrors(self.column_sigmas) if metric == _COLUMN else super().outputs(metric)

    def drawn_outputs(self, metric: str, rng: np.random.Generator, dies: int, only: int | None = None) -> Array:
        """Of `column_error` the columns' errors, stored weights and inputs full."""
        if metric != _COLUMN:
            return super().drawn_outputs(metric, rng, dies, only)
        stored = self.stored if only is None else self.stored[:, [only]]
        expected = self.response.mean(stored).sum(axis=0)
        return (self._dies(stored, rng, dies, lambda g: g.sum(axis=1, dtype=np.float64)) - expected) / self.full_scale_s

    def values_a_die(self, metric: str, only: int | None = None) -> int:
        """Synapses drawn: of the array, or of one column."""
        return self.stored.size if only is None and metric == _COLUMN else self.shape[0]

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

    @property
    def copied(self) -> CopiedSynapse:
        """The synapse as ngspice draws it."""
        return CopiedSynapse(self.synapse, self.reading, self.range_v[0], self.model)

    def _dies(self, stored: Array, rng: np.random.Generator, samples: int, kept: object) -> Array:
        """`kept` of drawn factors (samples, rows, cols) S, chunk by chunk."""
        chunk = max(_CELLS_AT_ONCE // stored.size, 1)
        sizes = [min(chunk, samples - at) for at in range(0, samples, chunk)]
        return np.concatenate([kept(self.response.drawn(stored, rng, n)) for n in tracked(sizes)])  # type: ignore[operator]


def _named(errors: Array) -> Samples:
    """`_die_errors` by name, with unit."""
    worst, product, square, one = errors.T
    whole = {"worst_column_error": (worst, "frac"), "column_error": (one, "frac")}
    return {**whole, "product_error": (product, "frac"), "enob": (square, "bit")}


def enob(sigma_of_full_scale: float) -> float:
    """Effective bits of a quantity whose error has `sigma_of_full_scale`, taken as uniform quantisation noise."""
    if not sigma_of_full_scale > 0:
        raise InputError(f"sigma = {sigma_of_full_scale:g}: must be positive", field="sigma")
    return float(-np.log2(sigma_of_full_scale * np.sqrt(12)))
