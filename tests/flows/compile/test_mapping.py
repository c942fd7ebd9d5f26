"""Mapping: codes of a network that fits exactly are its weights; a poor scale costs more; biases follow the scales."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.mapping import Mapping, map_network
from analoom.flows.compile.training.trainer import Grid

GRID = Grid(7, 0.25)


def network(seed: int = 1) -> Network:
    rng = np.random.default_rng(seed)
    sizes = ((6, 4), (3, 6))
    layers = [Layer(f"layer {k}", rng.normal(size=s), rng.normal(size=s[0])) for k, s in enumerate(sizes, 1)]
    return Network(tuple(layers))


def classes(outputs: np.ndarray) -> np.ndarray:
    return outputs.argmax(axis=1)


def test_whole_weights_of_a_centred_network_are_their_own_codes() -> None:
    w = np.array([[7.0, -3.0], [-7.0, 3.0]])
    found = map_network(
        Network((Layer("one", 0.1 * w, np.array([0.2, -0.2])),)), GRID, np.random.default_rng(1).random((9, 2))
    )
    assert found.codes[0].tolist() == [[7, -7], [-3, 3], [2, -2]]
    assert found.scales[0] == pytest.approx(2.5, rel=1e-6)


def test_before_rounding_the_sums_are_those_of_the_network_by_one_scale_and_less_what_outputs_share() -> None:
    net, x = network(), np.random.default_rng(2).random((50, 4))
    found = map_network(net, Grid(700, 0.0025), x)
    (first, last), exact = found.real, net.outputs(x)
    hidden = np.maximum(0.0025 * (x @ first[:-1] + first[-1]), 0)
    wanted = found.scales[-1] * (exact - exact.mean(axis=1, keepdims=True))
    assert 0.0025 * (hidden @ last[:-1] + last[-1]) == pytest.approx(wanted, rel=0.02, abs=0.02)
    coarse = map_network(net, GRID, x)
    assert np.abs(coarse.outputs(x) / coarse.scales[-1] - wanted / found.scales[-1]).max() > 0.05, "rounding costs"


def test_the_scale_chosen_by_data_keeps_more_classes_than_one_that_cuts_off_or_rounds_away() -> None:
    x = np.random.default_rng(3).random((200, 4))
    kept = {"chosen": [], "small": []}
    for seed in range(8):
        net = network(seed)
        found = map_network(net, GRID, x)
        small = Mapping(tuple(w / 8 for w in found.real), found.scales, GRID)
        exact = classes(net.outputs(x))
        kept["chosen"].append((classes(found.outputs(x)) == exact).mean())
        kept["small"].append((classes(small.outputs(x)) == exact).mean())
    assert np.mean(kept["chosen"]) > 0.85 > np.mean(kept["small"]) + 0.1


def test_without_data_there_are_codes_too_and_the_largest_is_used() -> None:
    codes = map_network(network(), GRID, None).codes
    assert [c.shape for c in codes] == [(5, 6), (7, 3)] and all(np.abs(c).max() >= 4 for c in codes)
