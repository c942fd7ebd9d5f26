"""Continuous-time backpropagation of ideal blocks: against differences, ngspice, and the capacitors' slew."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.flows.behaviour.backprop import XOR, Rows, Weights, multiplied, outputs, start, train
from analoom.flows.behaviour.backprop_blocks import Blocks
from analoom.flows.behaviour.backprop_deck import deck
from analoom.flows.simulator.ngspice import circuit

pytestmark = pytest.mark.slow
"""The first of them compiles the steps."""


def _error(blocks: Blocks, weights: Weights, rows: Rows) -> float:
    """Half the square of equation 2 for one row."""
    return float(0.5 * np.sum((outputs(blocks, weights, rows.x) - rows.target) ** 2))


def test_weights_move_down_the_gradient() -> None:
    """By equations 4 and 10 dw/dt = -(k_m / C) dE/dw where K_d is what the slope of the activation asks for."""
    blocks = Blocks()
    assert blocks.k_d == pytest.approx(blocks.v_amp / blocks.v_ref)
    rows, weights = Rows(np.array([[0.3, 0.8]]), np.array([[0.9, 0.2]])), start(blocks, (2, 3, 2), 5)
    row_s, step = 1e-12, 1e-5
    after = train(blocks, rows, weights, row_s, 1).weights
    for layer, held in enumerate(weights):
        for at in np.ndindex(held.shape):
            moved = (after[layer][at] - held[at]) / row_s * blocks.c / blocks.k_m
            up, down = (tuple(w.copy() for w in weights) for _ in range(2))
            up[layer][at] += step
            down[layer][at] -= step
            slope = (_error(blocks, up, rows) - _error(blocks, down, rows)) / (2 * step)
            assert moved == pytest.approx(-slope, rel=1e-3, abs=1e-7)


@pytest.mark.tools
@pytest.mark.parametrize("changed", [{"multiplier": "eq5"}, {"multiplier": "eq17", "v_off": 0.05}])
def test_ngspice_trains_the_same_weights(changed: dict[str, object]) -> None:
    """Weights move by up to 0.2 V; the deck's inputs take a thousandth of a row to change."""
    blocks, epochs, row_s = Blocks.parse(changed), 10, 1e-7
    weights = start(blocks, (2, 2, 1), 2)
    ours = train(blocks, XOR, weights, row_s, epochs).weights
    with circuit(f"{deck(blocks, XOR, weights, row_s, epochs)}\n.end\n") as loaded:
        found = loaded.run(f"tran 2n {4 * epochs * row_s!r} 0 2n uic")
    moved = max(float(np.abs(a - b).max()) for a, b in zip(ours, weights, strict=True))
    assert moved > 0.05
    for layer, held in enumerate(ours, 1):
        for at, value in np.ndenumerate(held):
            assert found[f"w{layer}_{at[0]}_{at[1]}"][-1] == pytest.approx(value, abs=0.005 * moved)


def test_no_weight_moves_faster_than_its_capacitor_is_charged() -> None:
    """100 nA on 0.1 pF: 1 V/us. An amplifier of ten times the error asks for more, so the bound is reached."""
    blocks, row_s = Blocks(v_teach=100.0), 1e-8
    rows = Rows(np.array([[1.0]]), np.array([[0.0]]))
    weights = np.zeros((1, 2)), np.zeros((1, 2))
    moved = train(blocks, rows, weights, row_s, 1).weights[1][0, 1]
    assert -moved == pytest.approx(1e6 * row_s, rel=1e-9)


def test_nothing_moves_without_teaching_time_to_speak_of() -> None:
    """Table 1 of the paper: 1,000 epochs of 2 rows in 2 ns move no weight by more than 2 mV, so nothing is learnt."""
    blocks = Blocks()
    weights = start(blocks, (2, 8, 1), 1)
    run = train(blocks, XOR, weights, 2e-9 / (4 * 1000), 1000)
    assert max(float(np.abs(a - b).max()) for a, b in zip(run.weights, weights, strict=True)) < 2e-3
    assert run.test_mse[-1] == pytest.approx(run.test_mse[0], abs=1e-3)
    assert run.epochs_to(0.01) is None


def test_xor_is_learnt_and_what_is_read_while_teaching_may_be_false() -> None:
    """At 1 us a row the product learns; its hyperbolic tangent seems better while rows are taught than it is."""
    runs = {
        kind: train(Blocks.parse({"multiplier": kind}), XOR, start(Blocks(), (2, 8, 1), 2), 1e-6, 100)
        for kind in ("eq5", "eq17")
    }
    assert runs["eq5"].epochs_to(0.01) is not None
    assert np.array_equal(np.rint(outputs(Blocks(), runs["eq5"].weights, XOR.x)), XOR.target)
    assert runs["eq17"].test_mse[-1] > 2 * runs["eq17"].taught_mse[-1]


def test_multipliers_are_equations_5_and_17() -> None:
    a, b = np.array([0.5, -2.0, 1.0]), np.array([0.4, 3.0, -0.1])
    assert multiplied(Blocks(), a, b) == pytest.approx(100e-9 * a * b, rel=1e-12, abs=0)
    bent = Blocks.parse({"multiplier": "eq17", "v_off": 0.1})
    assert multiplied(bent, a, b) == pytest.approx(100e-9 * np.tanh(a * (b + 0.1)), rel=1e-12, abs=1e-24)
