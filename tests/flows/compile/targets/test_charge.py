"""The charge target: feedback by hand, the bits that are shifted in, and what is measured of a die is what it does."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from analoom.flows.compile.accuracy.dies_task import judged, task_of
from analoom.flows.compile.bitstream import write_bitstream
from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.mapping import Mapping, map_network
from analoom.flows.compile.targets.charge import CHARGE, GRID, ChargeNetworkDies
from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.compile.training.known import Known
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.training.trainer import train
from analoom.flows.systems.charge_mac.network.operation import capacitors_j, energy_j
from analoom.flows.systems.charge_mac.network.phases import inference_s
from analoom.flows.systems.charge_mac.network.spec import MOST, ChargeNetworkSpec
from analoom.flows.systems.charge_mac.network.tiles import tiles
from analoom.flows.systems.charge_mac.shift import bit_train
from analoom.pdk.errors import SpecError

DIMS = (9, 10, 3)


def codes_of(seed: int = 4) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(-MOST, MOST + 1, (n + 1, m)) for n, m in pairwise(DIMS)]


def test_the_record_says_what_it_stores_and_refuses_by_field() -> None:
    assert target_of("charge") is CHARGE and CHARGE.levels == 7 and CHARGE.stored is None
    assert CHARGE.parsed(CHARGE.fields(DIMS)).model_dump()["feedback"] == ()
    for fields, field in (({"swing": 0.9}, "swing"), ({"unit": {"w": 0.5}}, r"unit\.w"), ({"dims": [4, 999]}, "dims")):
        with pytest.raises(SpecError, match=field):
            CHARGE.parsed(fields)


def test_feedback_holds_the_largest_sum_and_a_tenth() -> None:
    assert CHARGE.step_of is not None and CHARGE.sized is not None
    assert [1 / CHARGE.step_of(np.array([[most, -99.0]])) for most in (10.0, 0.2, 40.0)] == pytest.approx([11, 1, 44])
    mapped = Mapping(tuple(c.astype(float) for c in codes_of()), (1.0, 1.0), GRID, (1 / 11, 1 / 5))
    assert CHARGE.sized({}, mapped, None) == {"feedback": [11, 5]}
    with pytest.raises(SpecError, match="follows from the weights"):
        CHARGE.sized({"feedback": [3, 3]}, mapped, None)


def test_the_bits_of_each_multiplier_are_those_its_chain_is_filled_with(tmp_path: Path) -> None:
    """Against what the multiplier's own bench shifts in; each weight's bits stand in one place, once."""
    spec, codes = CHARGE.parsed(CHARGE.fields(DIMS)), codes_of()
    assert isinstance(spec, ChargeNetworkSpec) and CHARGE.words_written is not None
    files = write_bitstream(codes, CHARGE.words_written(spec), CHARGE, tmp_path)
    lines = Path(files["bitstream"]).read_text().splitlines()
    arrays = [(k, tile) for k, of_layer in enumerate(tiles(spec)) for tile in of_layer]
    assert len(lines) == len(arrays) == 3
    for line, (k, tile) in zip(lines, arrays, strict=True):
        own = codes[k][slice(*tile.rows), slice(*tile.cols)].T.astype(float)
        assert line == "".join(str(bit) for bit in bit_train(tile.cell, own))
    words = json.loads(Path(files["bitstream_map"]).read_text())["words"]
    places = [tuple(place) for word in words for place in word["bits"]]
    assert len(set(places)) == len(places) == 3 * (10 * 10 + 11 * 3)
    read = [np.zeros_like(c) for c in codes]
    stored = {place: int(bit) for word, line in zip(words, lines, strict=True) for place, bit in _both(word, line)}
    for k, of_layer in enumerate(read):
        for (i, j), _ in np.ndenumerate(of_layer):
            low, high, sign = (stored[k, j, i, bit] for bit in range(3))
            of_layer[i, j] = (low + 2 * high) * (-1 if sign else 1)
        assert (of_layer == codes[k]).all()


def _both(word: dict[str, Any], line: str) -> list[tuple[tuple[int, ...], str]]:
    return [(tuple(place), bit) for place, bit in zip(word["bits"], line, strict=True)]


@pytest.mark.full
@pytest.mark.tools
def test_what_is_measured_of_dies_foretells_their_outputs_where_offsets_are_not_zeroed() -> None:
    """3 mV, about as the opamp has without its phases; what auto-zero leaves is less than noise lets measure."""
    spec = CHARGE.parsed({"dims": [5, 4, 3], "feedback": [8, 8]})
    zeroed, x = CHARGE.dies(spec, "binned", 4, 1), np.random.default_rng(3).random((60, 5))
    assert isinstance(zeroed, ChargeNetworkDies)
    codes = [np.random.default_rng(1).integers(-MOST, MOST + 1, shape) for shape in ((6, 4), (5, 3))]
    many = [np.repeat(c[None].astype(np.float32), 4, axis=0) for c in codes]
    designed = CHARGE.designed((5, 4, 3), spec).repeated(4)

    def off(dies: ChargeNetworkDies, known: Known) -> float:
        foretold = known.over(0.0).outputs(many, x.astype(np.float32))
        return float(np.abs(_above(dies.outputs(codes, x)) - _above(foretold)).mean())

    plain = ChargeNetworkDies(replace(zeroed.drawn, offset_v=3e-3))
    assert off(plain, plain.measured()) < 0.3 * off(plain, designed)
    assert off(zeroed, zeroed.measured()) < 0.005 and off(zeroed, designed) < 0.005
    assert set(zeroed.without()) == {"weight_capacitors", "comparator_offsets", "noise"}
    quiet = zeroed.without()["noise"].outputs(codes, x)
    assert 0 < np.abs(quiet - zeroed.outputs(codes, x)).max() < 0.1


def _above(outputs: np.ndarray) -> np.ndarray:
    return np.maximum(outputs, 0)


@pytest.mark.full
@pytest.mark.tools
def test_an_inference_lasts_as_long_as_its_phases_and_costs_what_amplifiers_draw() -> None:
    spec = ChargeNetworkSpec(dims=(4, 3, 2), feedback=(6, 4))
    longer = spec.model_copy(update={"t_ramp": spec.t_ramp + 1e-6})
    assert inference_s(longer) - inference_s(spec) == pytest.approx(1e-6, rel=1e-6, abs=0)
    column_w = (energy_j(longer) - energy_j(spec)) / (5 * 1e-6)
    assert column_w == pytest.approx(105e-6, rel=0.1, abs=0), "an opamp's 95 uW and a comparator's 9"
    drawn_j = 1.8 * 0.4 * 3 * 9.245e-15 * (5 * 3 + 4 * 2)
    assert drawn_j < capacitors_j(spec) < 1.15 * drawn_j, "and wires"


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("family", ["continuous", "binned"])
def test_irises_and_digits_lose_less_than_a_point(family: str) -> None:
    for name, hidden, solver, dies in (("iris", 7, "lbfgs", 10), ("digits", 32, "adam", 3)):
        found = reached(name, hidden, solver, family, dies)
        assert found["unaware"].mean() > found["software"] - 1.0, name
        assert found["aware"].mean() > found["software"] - 1.5, name


def reached(name: str, hidden: int, solver: str, family: str, dies: int) -> dict[str, Any]:
    """Accuracies of `dies` dies in per cent, by kind of weights, and that in software."""
    data = ready_set(name, 1)
    net = MLPClassifier((hidden,), solver=solver, alpha=1e-3, max_iter=2000, random_state=0)
    net.fit(data.x_train, data.y_train)
    layers = zip(net.coefs_, net.intercepts_, strict=True)
    network = Network(tuple(Layer(f"layer {k}", w.T.copy(), b.copy()) for k, (w, b) in enumerate(layers, 1)))
    mapped = map_network(network, CHARGE.grid, data.x_train, CHARGE.step_of)
    assert CHARGE.sized is not None
    spec = CHARGE.parsed({**CHARGE.fields(network.dims), **CHARGE.sized({}, mapped, data.x_train)})
    start, how = [w.astype(np.float32) for w in mapped.real], CHARGE.trained_how(network.dims, 1)
    designed = CHARGE.designed(network.dims, spec)
    unaware = [c[0] for c in train(start, designed, CHARGE.grid, data.x_train, data.y_train, how)]
    drawn = CHARGE.dies(spec, family, dies, 1)
    found = judged(drawn, CHARGE, {**task_of(CHARGE, {}, data, mapped.real, unaware, how), "trained": True})["accuracy"]
    told = {kind: 100 * np.array(of_dies) for kind, of_dies in found.items()}
    return {**told, "software": 100 * float(accuracy(network.outputs(data.x_test), data.y_test))}
