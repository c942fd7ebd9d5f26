"""The same network as a netlist of behavioural sources, for ngspice to judge by: one source a block of the paper.

Each row lasts `row_s`, its inputs change within EDGE of it. Nodes: `w1_j_i` and `w2_k_j` the weights, `x_i` the inputs,
`y_k` the outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .backprop import Array, Rows, Weights
from .backprop_blocks import Blocks

EDGE = 1e-3


def deck(blocks: Blocks, rows: Rows, weights: Weights, row_s: float, epochs: int) -> str:
    """The netlist, with V_teach on all the time, and weights as they start."""
    return "\n".join(
        ["* continuous-time backpropagation of ideal blocks", *_lines(blocks, rows, weights, row_s, epochs)]
    )


def _lines(blocks: Blocks, rows: Rows, weights: Weights, row_s: float, epochs: int) -> Iterator[str]:
    (hidden, inputs), outputs = weights[0].shape, len(weights[1])
    for i in range(inputs - 1):
        yield f"vx{i} x_{i} 0 {_waves(rows.x[:, i], row_s, epochs)}"
    yield f"vx{inputs - 1} x_{inputs - 1} 0 {blocks.v_bias!r}"
    yield f"vh h_{hidden} 0 {blocks.v_bias!r}"
    yield f"vteach teach 0 {blocks.v_teach!r}"
    yield from _layer(blocks, "1", "x", "h", (hidden, inputs))
    yield from _layer(blocks, "2", "h", "y", (outputs, hidden + 1))
    for k in range(outputs):
        yield f"vt{k} t_{k} 0 {_waves(rows.target[:, k], row_s, epochs)}"
        yield f"be2_{k} e2_{k} 0 v=v(y_{k})-v(t_{k})"
    for j in range(hidden):
        back = [_mult(blocks, f"v(d2_{k})", f"v(w2_{k}_{j})") for k in range(outputs)]
        yield f"be1_{j} e1_{j} 0 v={'+'.join(back)}"
    for layer, held in (("1", weights[0]), ("2", weights[1])):
        for at, value in np.ndenumerate(held):
            yield f".ic v(w{layer}_{at[0]}_{at[1]})={float(value)!r}"


def _layer(blocks: Blocks, layer: str, inputs: str, outputs: str, shape: tuple[int, int]) -> Iterator[str]:
    """Neurons with equations 5 to 7, and the capacitors of their weights."""
    most = blocks.i_max / blocks.k_m
    for j in range(shape[0]):
        terms = [_mult(blocks, f"v({inputs}_{i})", f"v(w{layer}_{j}_{i})") for i in range(shape[1])]
        yield f"bn{layer}_{j} n{layer}_{j} 0 v={'+'.join(terms)}"
        yield f"by{layer}_{j} {outputs}_{j} 0 v={blocks.v_amp!r}/(1+exp(-v(n{layer}_{j})/{blocks.v_ref!r}))"
        grown = f"exp(-abs(v(n{layer}_{j}))/{blocks.v_ref!r})"
        yield f"bs{layer}_{j} s{layer}_{j} 0 v={blocks.k_d!r}*{grown}/(1+{grown})^2"
        taught = _mult(blocks, f"v(e{layer}_{j})", "v(teach)")
        yield f"bd{layer}_{j} d{layer}_{j} 0 v={_mult(blocks, taught, f'v(s{layer}_{j})')}"
        for i in range(shape[1]):
            charge = _mult(blocks, f"v(d{layer}_{j})", f"v({inputs}_{i})")
            yield f"c{layer}_{j}_{i} w{layer}_{j}_{i} 0 {blocks.c!r}"
            yield f"bc{layer}_{j}_{i} w{layer}_{j}_{i} 0 i={blocks.k_m!r}*min(max({charge},{-most!r}),{most!r})"


def _mult(blocks: Blocks, a: str, b: str) -> str:
    if blocks.multiplier == "eq5":
        return f"(({a})*({b}))"
    return f"({blocks.i_max / blocks.k_m!r}*tanh({blocks.k_tanh!r}*({a})*(({b})+{blocks.v_off!r})))"


def _waves(levels: Array, row_s: float, epochs: int) -> str:
    """Levels one after the other, as a source's points."""
    points: list[str] = []
    shown: Sequence[float] = np.tile(levels, epochs).tolist()
    for n, level in enumerate(shown):
        begins = n * row_s + (EDGE * row_s if n else 0)
        points += [f"{begins!r} {level!r}", f"{(n + 1) * row_s!r} {level!r}"]
    return f"pwl({' '.join(points)})"
