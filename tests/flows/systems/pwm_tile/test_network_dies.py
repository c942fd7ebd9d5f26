"""Networks of tiles whose parts are constants: pulses by hand, what is measured of columns, and the time of it all."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pytest
from ideal_pulse_tile import COLUMN_F, DELAY_S, LOST_C, RAMP_A, UNIT_A, Ideal

from analoom.flows.systems.pwm_tile.network_dies import PwmNetworkDies, window_s
from analoom.flows.systems.pwm_tile.network_measure import measure
from analoom.flows.systems.pwm_tile.network_operation import inference_s
from analoom.flows.systems.pwm_tile.solver.forward import Die
from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec
from analoom.pdk.errors import InputError

SPEC = PwmNetworkSpec(dims=(2, 2, 1), c_int=(COLUMN_F,))
LONGEST_S = 127 * 10e-9
UNITS = RAMP_A / UNIT_A
"""A ramp of 8 units, as in the spec."""


class IdealNetwork(PwmNetworkDies):
    """Tiles of constants; `parts` are the dies' deviations."""

    parts: tuple[Die, ...] = (Die(),)

    @cached_property
    def solvers(self):
        return [Ideal(tile) for tile in self.spec.layers]

    def _die(self, layer, k, codes):
        return self.parts[k]


def by_hand(codes: list[list[list[int]]], pulses: list[float]) -> list[float]:
    for of_layer in codes:
        pairs = list(zip(of_layer, [*pulses, LONGEST_S], strict=True))
        sums = [
            sum(row[j] * t - (np.sign(row[j]) * LOST_C / UNIT_A if t > 0 else 0) for row, t in pairs)
            for j in range(len(of_layer[0]))
        ]
        pulses = [z / UNITS + DELAY_S if z > 0 else 0.0 for z in sums]
    return pulses


def test_pulses_go_from_tile_to_tile_as_by_hand_and_a_sum_below_nothing_is_none() -> None:
    codes = [[[3, -7], [2, 1], [-1, 2]], [[4], [7], [-2]]]
    vectors = [[400e-9, 900e-9], [1270e-9, 0.0], [0.0, 0.0]]
    found = IdealNetwork(SPEC).pulses([np.array(c) for c in codes], np.array(vectors))
    expected = [by_hand(codes, vector) for vector in vectors]
    assert found[0] == pytest.approx(np.array(expected), rel=1e-3, abs=1e-12)
    hidden = by_hand(codes[:1], vectors[1])
    assert hidden[0] > 0 == hidden[1], "both sides of the ReLU are seen"
    other = IdealNetwork(SPEC).pulses([np.array(codes[0]), np.array(codes[1]) - 1], np.array(vectors))
    assert np.abs(other - found).max() > 10e-9


def test_a_pulse_ends_with_its_read_out_and_a_column_that_falls_too_far_is_refused() -> None:
    longest = np.full((1, 1), LONGEST_S)
    for reach in (1.0, 2.0):
        spec = PwmNetworkSpec(dims=(1, 1), c_int=(COLUMN_F,), ramp_units=(8,), reach=(reach,))
        found = float(IdealNetwork(spec).pulses([np.array([[7], [7]])], longest)[0, 0, 0])
        whole = 2 * (7 * LONGEST_S - LOST_C / UNIT_A) / UNITS + DELAY_S
        window = 1.15 * reach * LONGEST_S + 0.3e-6
        assert window_s(spec, 0) == pytest.approx(window, rel=1e-9, abs=0)
        assert found == pytest.approx(min(whole, window), rel=1e-3, abs=0)
    many = PwmNetworkSpec(dims=(13, 1), c_int=(COLUMN_F,))
    with pytest.raises(InputError, match="falls below"):
        IdealNetwork(many).pulses([np.full((14, 1), 7)], np.full((1, 13), LONGEST_S))


def test_gain_and_offset_of_a_column_are_those_of_its_ramp_and_comparator() -> None:
    """A ramp that is a tenth stronger makes pulses a tenth shorter; 5 mV on 2.4 pF are 75 ns of 160 nA."""
    spec = PwmNetworkSpec(dims=(5, 3), c_int=(COLUMN_F,))
    dies = IdealNetwork(spec, count=3)
    dies.__dict__["parts"] = (Die(), Die(ramp=np.array([1.1, 1.0, 1.0])), Die(offset_v=np.array([0.0, -5e-3, 0.0])))
    found = measure(dies)
    gain, offset = found.gain[0], found.offset[0]
    assert gain == pytest.approx(np.array([[1, 1, 1], [1 / 1.1, 1, 1], [1, 1, 1]]), abs=5e-3, rel=0)
    assert offset[0] == pytest.approx(DELAY_S / LONGEST_S, abs=5e-3, rel=0)
    assert offset[2, 1] - offset[0, 1] == pytest.approx(75e-9 / LONGEST_S, abs=2e-3, rel=0)


def test_time_is_the_sum_of_the_phases() -> None:
    """Reset .2 us, pulses 1.27, waking .3, read-out 1.7605 us; again waking and read-out a layer; gaps of 10 ns."""
    one, two = (PwmNetworkSpec(dims=dims) for dims in ((2, 2), (2, 2, 2)))
    window = 1.15 * 1.27e-6 + 0.3e-6
    assert inference_s(one) == pytest.approx(0.2e-6 + 1.27e-6 + 0.3e-6 + window + 2e-8, rel=1e-9, abs=0)
    assert inference_s(two) - inference_s(one) == pytest.approx(0.3e-6 + window + 1e-8, rel=1e-9, abs=0)
