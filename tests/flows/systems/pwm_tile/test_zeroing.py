"""Comparators of a tile that store their offset: given enough time they do, and pulses are what the solver says."""

import pytest

from analoom import build
from analoom.flows.systems.pwm_tile.drawn_tile import drawn_pulses
from analoom.flows.systems.pwm_tile.mismatch import TileStatistics
from analoom.flows.systems.pwm_tile.operation.program import TileSettings, slew_s, zero_s
from analoom.flows.systems.pwm_tile.operation.weights import tile_spec
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import InputError

ZEROED = PwmTileSpec(rows=1, cols=1, comparator={"auto_zero": True})


def test_the_time_is_by_capacitors_and_current_and_one_too_short_is_refused():
    """Plates of 20 and 24 um at 2 fF/um2 and 0.19 fF/um are 1.99 pF: at 1 uA 3.6 us from 1.8 V to ground."""
    slew = (2e-15 * (20**2 + 24**2) + 0.19e-15 * 4 * (20 + 24)) * 1.8 / 1e-6
    assert slew_s(ZEROED, 1.8) == pytest.approx(slew, rel=1e-3, abs=0)
    assert zero_s(ZEROED, TileSettings()) == pytest.approx(2.5 * slew, rel=1e-3, abs=0)
    assert zero_s(ZEROED, TileSettings(t_zero=2e-5)) == 2e-5
    with pytest.raises(InputError, match=r"t_zero = 2e-06 s: .* at least 5.36e-06 s"):
        zero_s(ZEROED, TileSettings(t_zero=2e-6))
    assert zero_s(PwmTileSpec(rows=1, cols=1), TileSettings(t_zero=1e-7)) == 0.0


@pytest.mark.full
@pytest.mark.tools
def test_a_pulse_of_a_zeroed_tile_is_the_solvers_in_ngspice_whatever_more_time_there_is():
    """With 2 us, in which nothing has settled, it was 0.40 us and the solver's 0.79."""
    cell = build("pwm_tile", rows=1, cols=1, comparator={"auto_zero": True})
    told = TileStatistics(cell)
    given = (tile_spec(cell), told.codes, told.pulses)
    pulses = []
    for settings in (told.settings, told.settings.model_copy(update={"t_zero": 2e-5})):
        spec, codes, long = given
        pulses.append(drawn_pulses(spec, settings, codes, long, told.model, samples=1, seed=None)[0, 0])
    assert pulses[0] == pytest.approx(pulses[1], abs=2e-10)
    assert told.nominal[0, 0] == pytest.approx(pulses[0], rel=0.002, abs=0)
