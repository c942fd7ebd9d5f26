"""What is known of dies whose columns sum pulses: a gain and an offset of each column, behind which a ReLU stands.

Signals are relative: 1 is a full one, the longest pulse or a full swing. A neuron gives `gain` times `step` times the
sum of codes by what each pulse counts, and `offset` more, where that is above nothing. A pulse counts `lost` less than
it is long. What the positive codes of a column add up to, and what the negative ones do, each has a bound, `held`:
training keeps to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .dense_pass import BELOW
from .gains import DESIGNED
from .known import Numbers, at_layer

PULL = 3.0
"""Of a sum beyond its bound, by the loss of a point."""
FORMULA = (
    "x[0] = inputs, 0 to 1, 1 a full signal, and a bias of 1 behind them; "
    "counted[k][i] = x[k][i] - lost[k] where x[k][i] is above 0, else 0; "
    "sum[k][j] = gain[k][j] * steps[k] * sum over i of counted[k][i] * c + offset[k][j], "
    "with c = code[k][i][j], a whole number of -most to most; lost is 1 a layer and die; "
    "x[k + 1] = max(sum[k], 0), and a bias of 1 behind them; the largest of the last sums is the class"
)


@dataclass(frozen=True)
class ColumnGains:
    """`gain`, `offset`: (dies, outputs) a layer; `designed`: both of a die as designed, (1, outputs). The same for all
    dies, a number a layer: `lost`; `steps`, what a code of 1 is worth; `held`, the largest sum of codes of one sign."""

    gain: tuple[Numbers, ...]
    offset: tuple[Numbers, ...]
    designed: tuple[tuple[Numbers, ...], tuple[Numbers, ...]]
    lost: tuple[float, ...]
    steps: tuple[float, ...]
    held: tuple[float, ...]

    @property
    def dies(self) -> int:
        return len(self.gain[0])

    @property
    def formula(self) -> str:
        return FORMULA

    def repeated(self, times: int) -> ColumnGains:
        """Each die so many times, all dies first."""
        gain, offset = (tuple(np.tile(g, (times, 1)) for g in of) for of in (self.gain, self.offset))
        return replace(self, gain=gain, offset=offset)

    def over(self, step: float) -> ColumnPass:
        """The pass; every layer has a step of its own here."""
        return ColumnPass(self)

    def apart(self) -> Mapping[str, ColumnGains]:
        """Dies where only the gains, or only the offsets, of one layer are as they were measured."""
        held = [tuple(np.repeat(of, self.dies, axis=0) for of in kind) for kind in self.designed]
        plain = replace(self, gain=held[0], offset=held[1])
        found = {DESIGNED: plain}
        for k in range(len(self.gain)):
            found[f"gains_layer{k + 1}"] = replace(plain, gain=at_layer(self.gain, held[0], k))
            found[f"offsets_layer{k + 1}"] = replace(plain, offset=at_layer(self.offset, held[1], k))
        return found

    def by_layer(self) -> Mapping[str, Sequence[Numbers]]:
        lost = [np.full((self.dies, 1), one, dtype=np.float32) for one in self.lost]
        return {"gain": self.gain, "offset": self.offset, "lost": lost}

    def by_die(self) -> Mapping[str, Numbers]:
        return {}


@dataclass(frozen=True)
class ColumnPass:
    """Networks on dies whose columns have gains and offsets, forward and backward."""

    known: ColumnGains

    @property
    def steps(self) -> Sequence[float]:
        return self.known.steps

    def weights(self, codes: Sequence[Numbers]) -> list[Numbers]:
        """What codes weigh on each die, shaped as the codes."""
        return [c * worth for c, worth in zip(codes, self._worth(), strict=True)]

    def _worth(self) -> list[Numbers]:
        """What a code of 1 weighs, (dies, 1, outputs) a layer."""
        both = zip(self.known.gain, self.steps, strict=True)
        return [np.float32(step) * gain[:, None, :] for gain, step in both]

    def forward(self, weights: Sequence[Numbers], x: Numbers) -> list[Numbers]:
        """What enters each layer, and last the outputs: (dies, points, neurons)."""
        found = [x]
        for k, w in enumerate(weights):
            z = self._sums(w, found[-1], k) + self.known.offset[k][:, None, :]
            found.append(np.maximum(z, 0, out=z) if k < len(weights) - 1 else np.where(z > 0, z, np.float32(BELOW) * z))
        return found

    def _sums(self, w: Numbers, x: Numbers, layer: int) -> Numbers:
        """(dies, points, outputs) of weights (dies, inputs + 1, outputs) and what pulses count."""
        lost = np.float32(self.known.lost[layer])
        return np.asarray((x - lost * (x > 0)) @ w[:, :-1] + (1 - lost) * w[:, -1:])

    def held(self, codes: Sequence[Numbers], x: Numbers) -> NDArray[np.bool_]:
        """Whether all columns of a die keep to their bound at inputs `x`, (dies,)."""
        found, signals = np.ones(self.known.dies, dtype=np.bool_), self.forward(self.weights(codes), x)
        for k, (c, bound) in enumerate(zip(codes, self.known.held, strict=True)):
            for sign in (1, -1):
                found &= self._sums(np.maximum(sign * c, 0), signals[k], k).max(axis=(1, 2)) <= bound
        return found

    def outputs(self, codes: Sequence[Numbers], x: Numbers) -> Numbers:
        """(dies, points, outputs)."""
        return self.forward(self.weights(codes), x)[-1]

    def backward(self, weights: Sequence[Numbers], signals: Sequence[Numbers], slope: Numbers) -> list[Numbers]:
        """The gradient by weight, for the one by output, `slope` (dies, points, outputs)."""
        slope = slope * np.where(signals[-1] > 0, np.float32(1), np.float32(BELOW))
        found: list[Numbers] = []
        for k in reversed(range(len(weights))):
            lost, above = np.float32(self.known.lost[k]), signals[k] > 0
            inner = np.swapaxes(signals[k] - lost * above, -1, -2) @ slope
            bias = (1 - lost) * slope.sum(axis=1, keepdims=True)
            found.append(np.concatenate([inner, bias], axis=1) + self._beyond(weights[k], signals[k], k))
            if k:
                slope = (slope @ np.swapaxes(weights[k][:, :-1], 1, 2)) * above
        return found[::-1]

    def _beyond(self, w: Numbers, x: Numbers, layer: int) -> Numbers | np.float32:
        """What is added to the gradient by weight of a layer's columns that go beyond their bound."""
        bound = np.float32(self.steps[layer] * self.known.held[layer]) * self.known.gain[layer][:, None, :]
        found: Numbers | np.float32 = np.float32(0)
        for sign in (1, -1):
            own = np.maximum(sign * w, 0)
            beyond = self._sums(own, x, layer) > bound
            if beyond.any():
                share = beyond.astype(np.float32) / np.float32(beyond.shape[1])
                inner = np.swapaxes(np.broadcast_to(x, (len(w), *x.shape[-2:])), -1, -2) @ share
                pull = np.concatenate([inner, share.sum(axis=1, keepdims=True)], axis=1)
                found = found + np.float32(PULL * sign) * pull * (own > 0)
        return found

    def by_code(self, codes: Sequence[Numbers], slopes: Sequence[Numbers]) -> list[Numbers]:
        """The gradient by code, of that by weight: rounding is taken for the identity (straight through)."""
        return [slope * worth for slope, worth in zip(slopes, self._worth(), strict=True)]
