"""Dies of networks of charges: sums by a plain loop over bits, spreads by their sigmas, and a whole network in ngspice.

Capacitances, curve and sigmas are numbers of the test's own, but where ngspice is the judge.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
import pytest
from charge_network_in_ngspice import WholeNetwork
from sklearn.neural_network import MLPClassifier

from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.targets.charge import CHARGE
from analoom.flows.systems.charge_mac.network import charges as charges_module
from analoom.flows.systems.charge_mac.network import dies as dies_module
from analoom.flows.systems.charge_mac.network.charges import ColumnLoad, LayerCharges
from analoom.flows.systems.charge_mac.network.dies import ChargeDies
from analoom.flows.systems.charge_mac.network.measure import measure
from analoom.flows.systems.charge_mac.network.neuron import Neuron, neuron
from analoom.flows.systems.charge_mac.network.phases import noise_gain, settle_s
from analoom.flows.systems.charge_mac.network.spec import MOST, ChargeNetworkSpec
from analoom.flows.systems.charge_mac.network.spread import Noise, Offsets, noise
from analoom.flows.systems.charge_mac.network.tiles import cells, tiles
from analoom.flows.systems.charge_mac.noise import thermal_v
from analoom.flows.systems.charge_mac.wires import RowWires, no_wires
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.errors import InputError, SpecError

DIMS, UNITS, UNIT_F, GAIN = (5, 4, 3), (9, 7), 1e-14, 8.0
SIGMAS = {"unit": 2e-17, "amplifiers": 1e-3, "comparators": 3e-3, "noise": 2e-3}


def charges_of(spec: ChargeNetworkSpec, k: int) -> LayerCharges:
    """Wires of every kind, all unlike each other."""
    rng, shape = np.random.default_rng(k), spec.shapes[k]
    plates, signs, lines = (UNIT_F * rng.uniform(0, 0.1, size) for size in ((*shape, 2), shape, shape))
    return LayerCharges(UNIT_F, plates, signs, lines, 1.03 * spec.units[k] * UNIT_F, 0.0, (ColumnLoad(1e-13, 1e-14),))


@pytest.fixture
def by_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An amplifier that is straight up to .7 V, and sigmas by numbers: those of drawn parts take transients."""
    straight = Neuron(np.array([-0.7, 0.7]), np.array([-0.7, 0.7]), GAIN)
    monkeypatch.setattr(dies_module, "layer_charges", charges_of)
    monkeypatch.setattr(dies_module, "neuron", lambda spec, k: straight)
    monkeypatch.setattr(dies_module, "unit_sigma_f", lambda spec, family: SIGMAS["unit"])
    monkeypatch.setattr(dies_module, "noise", lambda spec, k: Noise(SIGMAS["noise"], 0.0, 0.0, 0.0))
    monkeypatch.setattr(dies_module, "offsets", lambda family: Offsets(SIGMAS["amplifiers"], SIGMAS["comparators"]))


def drawn(sources: tuple[str, ...], count: int = 2) -> ChargeDies:
    return ChargeDies(ChargeNetworkSpec(dims=DIMS, feedback=UNITS), "continuous", count, 1, sources)


def codes_of(seed: int = 1) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(-MOST, MOST + 1, (n + 1, m)) for n, m in pairwise(DIMS)]


def by_loop(spec: ChargeNetworkSpec, codes: list[np.ndarray], x: np.ndarray) -> list[float]:
    """Out of the last layer at inputs `x` (inputs,): bit by bit, charge by charge."""
    signals = list(x)
    for k, of_layer in enumerate(codes):
        charges, out = charges_of(spec, k), []
        for j in range(of_layer.shape[1]):
            charge = 0.0
            for i, signal in enumerate([*signals, 1.0]):
                code = int(of_layer[i, j])
                chosen = charges.signs_f[i, j]
                for bit in (0, 1):
                    if abs(code) & 2**bit:
                        chosen += 2**bit * UNIT_F + charges.plates_f[i, j, bit]
                charge += signal * ((-chosen if code < 0 else chosen) + charges.lines_f[i, j])
            out.append(float(np.clip(charge / charges.feedback_f, -0.7 / spec.swing, 0.7 / spec.swing)))
        signals = [max(z, 0.0) for z in out] if k < len(codes) - 1 else out
    return signals


@pytest.mark.usefixtures("by_numbers")
def test_a_die_as_designed_sums_its_capacitors_charges() -> None:
    x, codes, spec = np.random.default_rng(3).random((20, DIMS[0])), codes_of(), drawn(()).spec
    expected = np.array([by_loop(spec, codes, one) for one in x])
    assert (expected > 0.2).any() and (expected < -0.2).any()
    for dies in (drawn(()), ChargeDies(spec)):
        assert dies.outputs(codes, x)[0] == pytest.approx(expected, abs=1e-9, rel=0)
    each = [np.stack([c, np.roll(c, 1, axis=1)]) for c in codes]
    own = drawn(()).outputs(each, x)
    assert own[0] == pytest.approx(expected, abs=1e-9, rel=0)
    assert own[1] == pytest.approx(np.array([by_loop(spec, [c[1] for c in each], one) for one in x]), abs=1e-9, rel=0)


@pytest.mark.usefixtures("by_numbers")
def test_each_source_spreads_as_its_sigma_and_place_say() -> None:
    spec, one = drawn(()).spec, np.ones((1, DIMS[0]))
    full, none = np.full((6, 4), MOST), np.zeros((6, 4), dtype=int)

    def spread(source: str, codes: np.ndarray, x: np.ndarray = one) -> float:
        dies, still = drawn((source,), 400), drawn(())
        off = [dies.levels(0, die, codes, x) - still.levels(0, die, codes, x) for die in range(dies.count)]
        return float(np.std(off))

    small = np.full((1, DIMS[0]), 0.05)
    kept_f = 1.03 * UNITS[0] * UNIT_F
    assert spread("amplifiers", none) == pytest.approx(GAIN * SIGMAS["amplifiers"], rel=0.07)
    assert spread("noise", none) == pytest.approx(SIGMAS["noise"], rel=0.07)
    charge_f = (full[:-1].sum(axis=0) * 0.05 + MOST).mean()
    weights = SIGMAS["unit"] * sqrt(MOST * (5 * 0.05**2 + 1)) * spec.swing / kept_f
    assert spread("weights", full, small) == pytest.approx(weights, rel=0.07)
    feedback = SIGMAS["unit"] * sqrt(UNITS[0]) / kept_f * charge_f * UNIT_F * spec.swing / kept_f
    assert spread("feedback", full, small) == pytest.approx(feedback, rel=0.12)


@pytest.mark.usefixtures("by_numbers")
def test_a_comparator_decides_what_goes_on_and_which_output_is_met_first() -> None:
    dies, codes = drawn(("comparators",), 300), codes_of()
    x = np.random.default_rng(5).random((40, DIMS[0]))
    held = dies.behind(1, 0, codes[1], np.zeros((1, 4))) - drawn(()).behind(1, 0, codes[1], np.zeros((1, 4)))
    assert held.std() > 0
    last = [dies.behind(1, die, codes[1], np.zeros((1, 4))) for die in range(dies.count)]
    assert np.std(last, axis=0) == pytest.approx(SIGMAS["comparators"] / dies.spec.swing, rel=0.15)
    levels, through = dies.levels(0, 1, codes[0], x), dies.behind(0, 1, codes[0], x) * dies.spec.swing
    assert ((through == 0) | (np.abs(through - levels) < 1e-12)).all()
    assert (through[levels > 0.015] > 0).all() and (through[levels < -0.015] == 0).all()


@pytest.mark.usefixtures("by_numbers")
def test_the_same_seed_gives_the_same_dies_and_noise_is_drawn_anew_for_each_input() -> None:
    codes, x = codes_of(), np.random.default_rng(3).random((20, DIMS[0]))
    one, again, other = drawn(("noise", "weights")), drawn(("noise", "weights")), replace(drawn(("weights",)), seed=2)
    assert (one.outputs(codes, x) == again.outputs(codes, x)).all()
    assert (other.outputs(codes, x) != drawn(("weights",)).outputs(codes, x)).all()
    noisy = drawn(("noise",))
    first, moved = noisy.levels(0, 0, codes[0], x), noisy.levels(0, 0, codes[0], 0.5 * x)
    plain = [drawn(()).levels(0, 0, codes[0], part * x) for part in (1.0, 0.5)]
    assert abs(np.corrcoef((first - plain[0]).ravel(), (moved - plain[1]).ravel())[0, 1]) < 0.4
    sets = drawn(("noise", "weights", "feedback")).without_each(("noise",))
    assert sets["noise"].sources == ("weights", "feedback")


@pytest.mark.usefixtures("by_numbers")
def test_what_is_measured_of_columns_is_their_gain_and_offset() -> None:
    dies = drawn(("feedback", "amplifiers"), 3)
    found = measure(dies)
    designed = measure(drawn((), 1))
    for k, (rows, cols) in enumerate(dies.spec.shapes):
        none, rest = np.zeros((rows, cols), dtype=int), np.zeros((1, rows - 1))
        still = drawn((), 1).levels(k, 0, none, rest)[0]
        moved = np.array([dies.levels(k, die, none, rest)[0] - still for die in range(3)]) / dies.spec.swing
        assert np.abs(moved).max() > 0.02
        assert found.offset[k] - designed.offset[k] == pytest.approx(moved, abs=3e-3, rel=0)
        kept = np.array([dies.levels(k, die, none + 1, rest)[0] for die in range(3)]) / dies.spec.swing - moved
        by_die = kept / drawn((), 1).levels(k, 0, none + 1, rest)[0] * dies.spec.swing
        assert found.gain[k] / designed.gain[k] == pytest.approx(by_die, abs=2e-3, rel=0)


def test_layers_are_parted_within_what_a_multiplier_takes_and_neurons_are_as_many_as_columns() -> None:
    spec = ChargeNetworkSpec(dims=(70, 9, 2), feedback=(20, 5))
    for (rows, cols), of_layer in zip(spec.shapes, tiles(spec), strict=True):
        held = np.zeros((rows, cols), dtype=int)
        for tile in of_layer:
            own = tile.cell.spec
            assert isinstance(own, ChargeMacSpec) and own.bits == 3 and own.inputs <= 64 and own.outputs <= 8
            assert (own.inputs, own.outputs) == (tile.rows[1] - tile.rows[0], tile.cols[1] - tile.cols[0])
            held[slice(*tile.rows), slice(*tile.cols)] += 1
        assert (held == 1).all()
    assert len(tiles(spec)[0]) == 4 and len(tiles(spec)[1]) == 1


def test_fields_are_refused_by_name() -> None:
    with pytest.raises(SpecError, match="feedback"):
        ChargeNetworkSpec.parse({"dims": [4, 7, 3], "feedback": [3]})
    with pytest.raises(SpecError, match=r"unit\.device"):
        ChargeNetworkSpec.parse({"unit": {"device": "cap_mim_m3_2", "w": 3.0}})
    with pytest.raises(SpecError, match="dims"):
        ChargeNetworkSpec.parse({"dims": [4, 5000, 3]})
    with pytest.raises(InputError, match="count = 0"):
        drawn((), 0)


@pytest.fixture
def without_wires(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(spec: ChargeMacSpec, corner: str) -> tuple[RowWires, ...]:
        return no_wires(spec)

    monkeypatch.setattr(charges_module, "extracted_capacitances", rows)
    monkeypatch.setattr(charges_module, "wires_to_top_f", lambda cell, pins: np.zeros(len(pins)))


def irises(hidden: int) -> tuple[list[np.ndarray], ChargeNetworkSpec, np.ndarray]:
    """Codes of a network as mapped, what it lies on, and the points to test."""
    data = ready_set("iris", 1)
    net = MLPClassifier((hidden,), solver="lbfgs", alpha=1e-3, max_iter=2000, random_state=0)
    net.fit(data.x_train, data.y_train)
    layers = zip(net.coefs_, net.intercepts_, strict=True)
    network = Network(tuple(Layer(f"layer {k}", w.T.copy(), b.copy()) for k, (w, b) in enumerate(layers, 1)))
    mapped = map_network(network, CHARGE.grid, data.x_train, CHARGE.step_of)
    units = tuple(round(1 / step) for step in mapped.steps)
    return [c.astype(np.int64) for c in mapped.codes], ChargeNetworkSpec(dims=network.dims, feedback=units), data.x_test


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.usefixtures("without_wires")
def test_a_network_of_irises_gives_what_ngspice_gives_where_it_is_least_sure() -> None:
    """4-4-3, the three points whose two largest outputs are nearest; 2 % of the largest output is asked."""
    codes, spec, points = irises(4)
    dies = ChargeDies(spec)
    outputs = np.sort(dies.outputs(codes, points)[0], axis=1)
    least_sure = np.argsort(outputs[:, -1] - outputs[:, -2])[:3]
    settle = [settle_s(spec, k) for k in range(2)]
    for x in points[least_sure]:
        hidden = dies.levels(0, 0, codes[0], x[None])[0]
        exact = x @ codes[0][:-1] + codes[0][-1]
        whole = WholeNetwork(codes, spec.units, spec.swing, [exact > 0], settle)
        found = whole.levels(x)
        last = dies.outputs(codes, x[None])[0, 0] * spec.swing
        assert hidden == pytest.approx(found[0], abs=0.02 * found[0].max(), rel=0)
        assert last == pytest.approx(found[1], abs=0.02 * found[1].max(), rel=0)
        assert last.argmax() == found[1].argmax()
        assert ((found[0] > 0) == (exact > 0)).all()
    swapped = [codes[0], np.roll(codes[1], 1, axis=0)]
    wrong = replace(whole, codes=swapped).levels(x)[1]
    assert np.abs(wrong - last).max() > 0.1 * found[1].max(), "weights of other neurons are told apart"


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.usefixtures("without_wires")
def test_a_neuron_keeps_charge_by_its_feedback_and_what_is_added_at_its_input_comes_out_by_the_noise_gain() -> None:
    """Gain within 1 / (A beta) of 80 dB at a feedback of a tenth, offset by what switches inject; noise by hand."""
    spec = ChargeNetworkSpec(dims=(20, 2), feedback=(12,))
    found, charges = neuron(spec, 0), charges_module.layer_charges(spec, 0)
    slope, start = np.polyfit(found.ideal_v[3:-3], found.out_v[3:-3], 1)
    assert slope == pytest.approx(1.0, abs=3e-3, rel=0)
    assert abs(start) < 5e-3 and abs(found.out_v[-1] - found.ideal_v[-1]) < 0.15
    bare = noise_gain(charges)
    assert bare == pytest.approx(1 + 21 * 3 / 12, rel=1e-6)
    assert bare < found.noise_gain < 1.35 * bare, "beyond the column there are the pair's gate and the switches"
    column_f = (found.noise_gain - 1) * charges.feedback_f
    own = noise(spec, 0)
    assert own.reset == pytest.approx(thermal_v(1.0, 27.0) * sqrt(column_f) / charges.feedback_f, rel=1e-6, abs=0)
    assert own.stored == pytest.approx(found.noise_gain * 188e-6, rel=0.1, abs=0), "182 uV and kT/C of 2.05 pF"


@pytest.mark.full
@pytest.mark.tools
def test_the_cells_of_a_network_are_parts_as_often_as_columns_and_rows() -> None:
    spec = ChargeNetworkSpec(dims=(4, 3, 2), feedback=(6, 4))
    count: dict[str, int] = {}
    for cell in cells(spec):
        count[cell.name.split("_")[0]] = count.get(cell.name.split("_")[0], 0) + 1
    assert count == {"charge": 2, "opamp": 5, "cap": 5, "comparator": 5, "analog": 4 * (5 + 4), "ramp": 1}


def test_the_extracted_wires_of_tiles_are_those_of_the_multiplier_s_own_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """A charge of a code is that of its row's source by the capacitance there, as `charge_mac.solver` has it."""
    from analoom.flows.systems.charge_mac.solver import Parts, row_source
    from analoom.flows.systems.charge_mac.unit import BitLoad
    from analoom.flows.systems.charge_mac.weights import bits_of

    rng = np.random.default_rng(2)

    def rows(spec: ChargeMacSpec, corner: str) -> tuple[RowWires, ...]:
        none = no_wires(spec)[0]
        parts: dict[str, Any] = {
            n: 1e-16 * (1 + np.arange(spec.inputs)) * s for n, s in (("x", 1), ("xb", 2), ("xs", 3))
        }
        return (replace(none, rest=5e-15, plates=2e-16 * np.ones((spec.inputs, 2)), **parts),) * spec.outputs

    monkeypatch.setattr(charges_module, "extracted_capacitances", rows)
    monkeypatch.setattr(charges_module, "wires_to_top_f", lambda cell, pins: np.zeros(len(pins)))
    spec = ChargeNetworkSpec(dims=(3, 2), feedback=(5,), t_ramp=4e-6)
    charges, codes = charges_module.layer_charges(spec, 0), rng.integers(-3, 4, (4, 2))
    tile = tiles(spec)[0][0].cell.spec
    assert isinstance(tile, ChargeMacSpec)
    parts = Parts(charges.unit_f, rows(tile, "typical"), BitLoad(0, 0, 0, 0, 0, 1, 1), False)
    for j in range(2):
        seen = row_source(parts, parts.wires[j], bits_of(codes.T.astype(float), tile)[j])
        assert charges.per_volt(codes)[:, j] == pytest.approx(seen.per_volt * seen.c_f, rel=1e-9, abs=0)
        assert charges.whole_f == pytest.approx(seen.c_f, rel=1e-9, abs=0)
