"""Training by continuous-time backpropagation with ideal blocks: what the weights do while rows are shown.

Between its capacitors the circuit has no memory, so the weights are the whole state:

    dw/dt = -I/C,  I = clip(k_m mult(delta, x), i_max),  delta = mult(mult(V_E, V_teach), V_derivative)

with `V_E = V_out - V_target` at an output (equation 14) and the sum of `mult(delta, w)` of the layer above at a hidden
neuron (15, 16). Steps are Runge and Kutta's of fourth order, of at most STEP_S or half a row.

    from analoom.flows.behaviour.backprop import XOR, start, train

    run = train(Blocks(), XOR, start(Blocks(), (2, 8, 1), seed=1), row_s=1e-7, epochs=300)
    run.test_mse[-1]

Source: as in `backprop_blocks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .backprop_blocks import Blocks

Array = NDArray[np.float64]
Weights = tuple[Array, Array]
"""(hidden, inputs + 1) and (outputs, hidden + 1) V, the bias last."""

STEP_S = 12.5e-9
"""Of an integration: a hundredth of the time in which a full current moves a weight by 1.25 V."""
LEAST_STEPS = 2


@dataclass(frozen=True)
class Rows:
    """A data set: inputs (rows, inputs) V and targets (rows, outputs) V."""

    x: Array
    target: Array


XOR = Rows(np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]]))
"""The paper's levels are not published: 0 and 1 V are an assumption."""


@dataclass(frozen=True)
class Run:
    """What a training did: by epoch the mean square error (V2) of all rows with V_teach = 0 after it (`test_mse`), and
    that of each row at the end of its own turn (`taught_mse`), which tracks the row that is shown."""

    test_mse: Array
    taught_mse: Array
    weights: Weights

    def epochs_to(self, mse: float) -> int | None:
        """The first epoch after which all rows together are below `mse`; None if none is."""
        below = np.flatnonzero(self.test_mse < mse)
        return int(below[0]) + 1 if below.size else None


def start(blocks: Blocks, dims: tuple[int, int, int], seed: int) -> Weights:
    """Weights at random, even between -v_start and v_start."""
    draw, (inputs, hidden, outputs) = np.random.default_rng(seed), dims
    shapes = (hidden, inputs + 1), (outputs, hidden + 1)
    first, second = (draw.uniform(-blocks.v_start, blocks.v_start, shape) for shape in shapes)
    return first, second


def train(blocks: Blocks, rows: Rows, weights: Weights, row_s: float, epochs: int) -> Run:
    """Shows each row for `row_s` with V_teach on, `epochs` times all rows in their order."""
    held = weights[0].copy(), weights[1].copy()
    steps = max(ceil(row_s / STEP_S), LEAST_STEPS)
    test, taught = np.zeros(epochs), np.zeros(epochs)
    x = np.column_stack([rows.x, np.full(len(rows.x), blocks.v_bias)])
    _train(*held, x, rows.target, row_s / steps, steps, _numbers(blocks), test, taught)
    return Run(test, taught, held)


def outputs(blocks: Blocks, weights: Weights, x: Array) -> Array:
    """(rows, outputs) V at inputs (rows, inputs) V, with V_teach = 0."""
    numbers, biased = _numbers(blocks), np.column_stack([x, np.full(len(x), blocks.v_bias)])
    return np.array([_forward(*weights, row, numbers)[2] for row in biased])


def multiplied(blocks: Blocks, a: Array, b: Array) -> Array:
    """The current of a multiplier, A, at inputs in V."""
    numbers = _numbers(blocks)
    return np.array([_mult(float(p), float(q), numbers) for p, q in zip(a, b, strict=True)]) * blocks.k_m


def _numbers(blocks: Blocks) -> Array:
    """The constants as the compiled steps take them: voltages, 1/V2 and V/s."""
    return np.array(
        [
            float(blocks.multiplier == "eq17"),
            blocks.i_max / blocks.k_m,
            blocks.k_tanh,
            blocks.v_off,
            blocks.v_amp,
            blocks.v_ref,
            blocks.v_bias,
            blocks.v_teach,
            blocks.k_d,
            blocks.k_m / blocks.c,
        ]
    )


@njit(cache=True)
def _mult(a, b, n):
    """V2: equation 5, or equation 17 over k_m."""
    return n[1] * np.tanh(n[2] * a * (b + n[3])) if n[0] else a * b


@njit(cache=True)
def _forward(w1, w2, x, n):
    """Net voltages of the hidden neurons, their outputs with the bias behind, the outputs, and their net voltages."""
    hidden, out = w1.shape[0], w2.shape[0]
    net1, y1, net2, y2 = np.zeros(hidden), np.full(hidden + 1, n[6]), np.zeros(out), np.zeros(out)
    for j in range(hidden):
        for i in range(x.size):
            net1[j] += _mult(x[i], w1[j, i], n)
        y1[j] = n[4] / (1 + np.exp(-net1[j] / n[5]))
    for k in range(out):
        for j in range(hidden + 1):
            net2[k] += _mult(y1[j], w2[k, j], n)
        y2[k] = n[4] / (1 + np.exp(-net2[k] / n[5]))
    return net1, y1, y2, net2


@njit(cache=True)
def _delta(error, net, n):
    grown = np.exp(-abs(net) / n[5])
    return _mult(_mult(error, n[7], n), n[8] * grown / (1 + grown) ** 2, n)


@njit(cache=True)
def _charge(delta, x, n):
    """dw/dt in V/s."""
    return -n[9] * min(max(_mult(delta, x, n), -n[1]), n[1])


@njit(cache=True)
def _slopes(w1, w2, x, target, n, d1, d2):
    net1, y1, y2, net2 = _forward(w1, w2, x, n)
    error = np.zeros(w1.shape[0])
    for k in range(w2.shape[0]):
        delta = _delta(y2[k] - target[k], net2[k], n)
        for j in range(w2.shape[1]):
            d2[k, j] = _charge(delta, y1[j], n)
        for j in range(w1.shape[0]):
            error[j] += _mult(delta, w2[k, j], n)
    for j in range(w1.shape[0]):
        delta = _delta(error[j], net1[j], n)
        for i in range(w1.shape[1]):
            d1[j, i] = _charge(delta, x[i], n)


@njit(cache=True)
def _show(w1, w2, x, target, dt, steps, n):
    """One row for `steps` steps of `dt`; weights are moved in place."""
    a1, a2, b1, b2 = np.zeros_like(w1), np.zeros_like(w2), np.zeros_like(w1), np.zeros_like(w2)
    for _ in range(steps):
        _slopes(w1, w2, x, target, n, a1, a2)
        s1, s2 = a1.copy(), a2.copy()
        for share, weight in ((0.5, 2.0), (0.5, 2.0), (1.0, 1.0)):
            _slopes(w1 + share * dt * a1, w2 + share * dt * a2, x, target, n, b1, b2)
            s1 += weight * b1
            s2 += weight * b2
            a1[:], a2[:] = b1, b2
        w1 += dt / 6 * s1
        w2 += dt / 6 * s2


@njit(cache=True)
def _mse(w1, w2, x, target, n):
    total = 0.0
    for r in range(x.shape[0]):
        total += np.mean((_forward(w1, w2, x[r], n)[2] - target[r]) ** 2)
    return total / x.shape[0]


@njit(cache=True)
def _train(w1, w2, x, target, dt, steps, n, test, taught):
    for epoch in range(test.size):
        for r in range(x.shape[0]):
            _show(w1, w2, x[r], target[r], dt, steps, n)
            taught[epoch] += np.mean((_forward(w1, w2, x[r], n)[2] - target[r]) ** 2) / x.shape[0]
        test[epoch] = _mse(w1, w2, x, target, n)
