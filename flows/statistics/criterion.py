"""When outputs are good to so many bits: the criterion in words and formula, and the error that it asks room for.

An output k errs by e_k = m_k + r_k about its ideal: r_k is random, by mismatch, m_k fixed, by gradients and wires. The
criterion wants half an LSB to hold e_k with a probability P: for any one output, or for all of a die at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import expm1, log1p
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Array = NDArray[np.float64]

Outputs = Literal["each", "all"]
Sources = Literal["random", "all"]

DEFAULT_SIGMAS = 3.0
_HALVINGS = 60
_DRAWS, _SEED, _BLOCK = 100_000, 1, 4_000_000
"""Draws of the parameters that outputs share, and the values held at a time."""


@dataclass(frozen=True)
class OutputErrors:
    """Errors of a cell's outputs in `unit`: random ones of `sigma` (outputs,), normal, about fixed `offsets`.

    `full_scale` in that unit: 1, or how many LSB of its own a converter has.

    `offsets` (cases, outputs): one case a direction of the gradient; the worst one counts. `slopes` (outputs,
    parameters): errors by independent normal parameters of sigma 1, where outputs share them; without it outputs are
    independent.
    """

    sigma: Array
    unit: str = "frac"
    slopes: Array | None = None
    offsets: Array | None = None
    full_scale: float = 1.0

    @property
    def cases(self) -> Array:
        """The offsets, zero where there are none."""
        return np.zeros((1, len(self.sigma))) if self.offsets is None else self.offsets


@dataclass(frozen=True)
class Criterion:
    """P(|e_k| <= half) >= P, with P = erf(z / sqrt 2) of z = `sigmas`; LSB/2 of N bits is full scale / 2^(N+1).

    `outputs` "each": for any one output k, whichever it is, so also for the least certain. With random errors alone
    that is z max_k sigma_k <= half. "all": P(|e_k| <= half for every k of a die) >= P. `sources` "all": with the
    offsets m_k of gradients, IR drop and wires, in the direction of the gradient that is worst; "random": m_k = 0.
    """

    sigmas: float = DEFAULT_SIGMAS
    outputs: Outputs = "each"
    sources: Sources = "random"

    @classmethod
    def of_yield(cls, share: float, outputs: Outputs = "each", sources: Sources = "random") -> Criterion:
        """The criterion of a probability P = `share`."""
        return cls(float(norm.isf((1 - share) / 2)), outputs, sources)

    @classmethod
    def of_allowed(cls, share: float) -> Criterion:
        """The criterion that lets a `share` of each output be beyond."""
        return cls(float(norm.isf(share / 2)))

    @property
    def plain(self) -> bool:
        """Whether the sigma of the least certain output decides alone."""
        return (self.outputs, self.sources) == ("each", "random")

    @cached_property
    def allowed(self) -> float:
        """1 - P, the share that may lie beyond half an LSB."""
        return float(2 * norm.sf(self.sigmas))

    @property
    def words(self) -> str:
        """The criterion as pages and tables say it."""
        who = "any one output" if self.outputs == "each" else "all outputs of a die"
        why = "random mismatch" if self.sources == "random" else "random mismatch, gradients and wires (IR drop)"
        return (
            f"{who} within half an LSB at {self.sigmas:.3g} sigma ({100 * self.allowed:.3g} % may lie beyond), by {why}"
        )

    def half_width(self, errors: OutputErrors) -> float:
        """The least half width that meets the criterion, in the unit of `errors`."""
        least = float(self._of_each(errors).max())
        return least if self.outputs == "each" or not least else self._of_all(errors, least)

    def least_certain(self, errors: OutputErrors) -> int:
        """The output that needs the widest room of its own."""
        return int(self._of_each(errors).argmax())

    def worst_case(self, errors: OutputErrors, half: float) -> Array:
        """The offsets of the case that has most beyond +-`half`, (outputs,)."""
        if self.outputs == "each":
            return errors.cases[np.abs(errors.cases[:, self.least_certain(errors)]).argmax()]
        if errors.slopes is not None:
            return _widest(errors)
        return errors.cases[_log_inside(half, errors).argmin()]

    def beyond(self, errors: OutputErrors, half: float) -> float:
        """Share beyond +-`half` of what the criterion judges: of the least certain output, or of dies."""
        if self.outputs == "each":
            k = self.least_certain(errors)
            return float(_outside(half, np.abs(errors.cases[:, k]).max(), errors.sigma[k]))
        return _dies_outside(half, errors) if errors.slopes is None else float(np.mean(_peaks(errors) > half))

    def of_one(self, outputs: int) -> float:
        """What may lie beyond of each of `outputs` when all are alike and independent (exact then, else safe).

        Source: Z. Sidak, J. Am. Stat. Assoc. 62 (1967) 626.
        """
        return self.allowed if self.outputs == "each" else -expm1(log1p(-self.allowed) / outputs)

    def _of_each(self, errors: OutputErrors) -> Array:
        """What each output needs of its own, (outputs,): z sigma, and more about an offset."""
        sigma, offset = errors.sigma, np.abs(errors.cases).max(axis=0)
        low, high = self.sigmas * sigma, self.sigmas * sigma + offset
        if not offset.any():
            return low
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            good = _outside(middle, offset, sigma) <= self.allowed
            low, high = np.where(good, low, middle), np.where(good, middle, high)
        return high

    def _of_all(self, errors: OutputErrors, least: float) -> float:
        if errors.slopes is not None:
            return max(float(np.quantile(_peaks(errors), 1 - self.allowed)), least)
        alone = self.of_one(len(errors.sigma))
        z = float(norm.isf(alone / 2)) if alone else self.sigmas
        low, high = least, float(np.abs(errors.cases).max() + z * errors.sigma.max())
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if _dies_outside(middle, errors) <= self.allowed else (middle, high)
        return high


def _outside(half: Array | float, offset: Array, sigma: Array) -> Array:
    """Share of normal errors of `sigma` about `offset` beyond +-`half`."""
    wide = np.maximum(sigma, 1e-300)
    return np.asarray(norm.sf((half - offset) / wide) + norm.sf((half + offset) / wide))


def _dies_outside(half: float, errors: OutputErrors) -> float:
    """Share of dies with an output beyond +-`half`, outputs independent, the worst case of the offsets."""
    return float(-np.expm1(_log_inside(half, errors).min()))


def _log_inside(half: float, errors: OutputErrors) -> Array:
    """ln of the share of dies with no output beyond +-`half`, by case of the offsets."""
    outside = np.minimum(_outside(half, errors.cases, errors.sigma), 1 - 1e-16)
    return np.asarray(np.log1p(-outside).sum(axis=1))


def _widest(errors: OutputErrors) -> Array:
    """The case with the largest offset of any output, (outputs,)."""
    return errors.cases[np.abs(errors.cases).max(axis=1).argmax()]


def _peaks(errors: OutputErrors) -> Array:
    """Largest |error| among the outputs of drawn dies, in the case whose offset is largest, (_DRAWS,)."""
    slopes = errors.slopes if errors.slopes is not None else np.diag(errors.sigma)
    offset = _widest(errors)
    rng, chunk = np.random.default_rng(_SEED), max(_BLOCK // len(offset), 1)
    sizes = [min(chunk, _DRAWS - at) for at in range(0, _DRAWS, chunk)]
    return np.concatenate([_largest(rng.standard_normal((n, slopes.shape[1])) @ slopes.T + offset) for n in sizes])


def _largest(errors: Array) -> Array:
    return np.asarray(np.abs(errors).max(axis=1))
