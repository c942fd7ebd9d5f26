"""Weights of a multiplier: what is refused, which bits are stored, and the ideal sums and their figures."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch
from analoom.flows.numerics.charge_network import Source
from analoom.flows.simulate import simulate
from analoom.flows.systems.charge_mac.cycle import Settings, Timed, input_vectors, stepped_source
from analoom.flows.systems.charge_mac.shift import _clocks, bit_train
from analoom.flows.systems.charge_mac.solver import span_of
from analoom.flows.systems.charge_mac.sums import Sums, equivalent_bits, ideal_sums
from analoom.flows.systems.charge_mac.weights import bits_of, checked_weights, pattern
from analoom.generators.charge_mac.charge_mac import shift_order
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.errors import InputError, SpecError

SPEC = ChargeMacSpec(inputs=3, bits=3, outputs=2)


@pytest.mark.parametrize("weights", [[[4, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, -4, 0]], [[0.5, 0, 0], [0, 0, 0]]])
def test_weights_out_of_range_are_refused_with_their_place(weights: list[list[float]]) -> None:
    """3 bits with sign reach from -3 to 3."""
    with pytest.raises(InputError, match=r"weight \[[01], [01]\] = .*integer from -3 to 3"):
        checked_weights(SPEC, np.array(weights))


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match=r"must be \(2, 3\)"):
        checked_weights(SPEC, np.zeros((3, 2)))


def test_a_simulation_refuses_them_before_anything_runs() -> None:
    with pytest.raises(InputError, match="integer from -7 to 7"):
        simulate(build("charge_mac"), weights=np.full((1, 4), 8.0))


def test_bits_are_magnitude_and_sign() -> None:
    assert bits_of(np.array([[5.0, -6.0, 0.0]]), ChargeMacSpec(bits=4)).tolist() == [
        [[1, 0, 1, 0], [0, 1, 1, 1], [0, 0, 0, 0]]
    ]


def test_the_pattern_runs_over_the_codes() -> None:
    assert pattern(ChargeMacSpec(inputs=7, bits=3, outputs=2)).tolist() == [
        [-3, -2, -1, 0, 1, 2, 3],
        [3, -3, -2, -1, 0, 1, 2],
    ]


def test_the_first_bit_in_goes_to_the_end_of_the_chain() -> None:
    """One bit alone set: its place in the train is its distance from the chain's end."""
    cell = build("charge_mac", {"inputs": 2, "bits": 3})
    order = shift_order(cell)
    train = bit_train(cell, np.array([[0.0, 2.0]]))
    assert train.index(1) == len(order) - 1 - order.index((0, 1, 1))
    assert sum(train) == 1


def test_sums_of_a_true_line_have_no_inl_and_one_bent_by_an_lsb_has_it() -> None:
    """Two inputs of 3 bits: N w_max = 6; gain 0.9, offset 1 mV."""
    vectors = input_vectors(np.array([[3.0, -3.0]]), 5)
    ideal = ideal_sums(np.array([[3.0, -3.0]]), vectors, 3, 0.4)
    assert ideal[:5, 0] == pytest.approx([0.4, 0.2, 0.0, -0.2, -0.4])
    assert ideal[5:, 0] == pytest.approx([0.2, -0.2])
    true = Sums(ideal, 0.9 * ideal + 1e-3, 0.4, 1 / 6)
    assert true.line(0) == pytest.approx((0.9, 1e-3))
    assert np.abs(true.inl_lsb(0)).max() < 1e-9
    bent = Sums(ideal, 0.9 * ideal + np.where(ideal == 0, 0.06, 0.0), 0.4, 1 / 6)
    assert bent.lsb_v(0) == pytest.approx(0.9 * 0.4 / 6)
    assert 0.5 < np.abs(bent.inl_lsb(0)).max() <= 1


def test_equivalent_bits_of_rounding_alone() -> None:
    """An ideal 8-bit converter errs by an LSB over sqrt(12), rms."""
    assert equivalent_bits(1.0, 2**-8 / 12**0.5) == pytest.approx(8)
    assert equivalent_bits(1.0, 2**-8) == pytest.approx(8 - log2(12) / 2)


def test_inputs_step_after_the_reset_opened_and_go_back_after_the_sample() -> None:
    timed = Timed.parse({"t_reset": 1e-8, "t_settle": 2e-8})
    assert timed.off_s < timed.step_s < timed.sample_s < timed.back_s < timed.cycle_s
    text = stepped_source("x0", timed, np.array([1.3, 0.5]))
    assert text.count("1.3") == text.count(" 0.5") == 2


def test_the_shift_clocks_take_turns_with_as_long_between_them() -> None:
    """Two clocks of a quarter of 4 ns: high from 0.5 ns and from 2.5 ns, by their piecewise linear sources."""
    lines = _clocks(Settings.parse({"vdd": 1.8}), 2)
    found = {}
    for line in lines:
        points = np.array(line.partition("pwl(")[2].rstrip(")").split(), dtype=float).reshape(-1, 2)
        found[line.split()[1]] = np.interp(np.array([0.25, 1.0, 2.0, 3.0, 3.9, 5.0, 7.0]) * 1e-9, *points.T)
    assert found["ck1"].tolist() == [0, 1.8, 0, 0, 0, 1.8, 0]
    assert found["ck2"].tolist() == [0, 0, 0, 1.8, 0, 0, 1.8]
    assert all((found[f"{clock}b"] == 1.8 - found[clock]).all() for clock in ("ck1", "ck2"))


@pytest.mark.parametrize("fields", [{"swing": 0.95}, {"vcm": 0.3}, {"vdd": 1.2, "vcm": 0.9}])
def test_inputs_beyond_the_rails_are_refused(fields: dict[str, float]) -> None:
    with pytest.raises(SpecError, match="within the rails"):
        Settings.parse(fields)


@pytest.mark.parametrize("fields", [{"swing": 0.5, "vcm": 0.5}, {"swing": 0.25, "vcm": 1.25, "vdd": 1.5}])
def test_inputs_from_rail_to_rail_are_taken(fields: dict[str, float]) -> None:
    """Down to 0 V, or up to the supply, and no further: 10 mV more are refused."""
    assert Settings.parse(fields).swing == fields["swing"]
    with pytest.raises(SpecError, match="within the rails"):
        Settings.parse({**fields, "swing": fields["swing"] + 0.01})


def test_the_span_of_a_row_is_what_all_its_inputs_move_it() -> None:
    """Inputs of 0.4 V that move the sum by 0.3 and -0.2 V a volt; of a row without any, a thousandth."""
    settings = Settings.parse({"swing": 0.4})
    assert span_of(settings, Source(np.array([0.3, -0.2]), 1e-15)) == pytest.approx(0.2)
    assert span_of(settings, Source(np.zeros(2), 1e-15)) == pytest.approx(0.4e-3)


def test_too_many_bits_for_the_matching_are_refused_with_the_yield() -> None:
    """The binned models give a unit of 1 um 2.4 %: of 512 weights of 6 bits not all step true."""
    small = {"inputs": 64, "bits": 6, "outputs": 8, "unit": {"w": 1.0}}
    cell = build("charge_mac", small)
    with pytest.raises(SpecError, match=r"bits = 6: must be fewer: predicted yield 0\.\d+"):
        mismatch(cell, model="binned", settings={"yield_min": 0.99})
    assert mismatch(cell, model="continuous", settings={"yield_min": 0.99}).metrics["weight_dnl"].sigma < 0.1
