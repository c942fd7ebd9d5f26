"""What a tile refuses, and the way out; the plates of its capacitors."""

import pytest

from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import SpecError


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"lsb": 1e-9}, "lsb"),
        ({"c_int": 6e-12}, "c_int"),
        ({"rows": 9}, "c_int"),
        ({"rows": 64}, "full_scale"),
        ({"weight_bits": 4}, "weight_bits"),
        ({"pulse_bits": 11, "full_scale": 0.1}, "pulse_bits"),
        ({"ramp_units": 0}, "ramp_units"),
    ],
)
def test_refusals_name_the_field_and_the_way_out_is_one(fields, field):
    with pytest.raises(SpecError) as caught:
        PwmTileSpec.parse(fields)
    assert caught.value.field == field
    name, value = caught.value.remedy.split("=")
    PwmTileSpec.parse(fields | {name: float(value)})


def test_full_charge_is_that_of_all_rows_and_a_share_of_it_holds_more_rows():
    """Eight rows of seven units of 20 nA for 127 steps of 10 ns, by hand: 1.4224 pC."""
    assert PwmTileSpec().full_charge_c == pytest.approx(8 * 7 * 20e-9 * 127 * 10e-9, rel=1e-9, abs=0)
    assert PwmTileSpec(rows=64, full_scale=0.125).full_charge_c == pytest.approx(1.4224e-12, rel=1e-9, abs=0)


def test_drawn_capacitor_is_the_one_asked_for_to_a_step_of_the_grid():
    spec = PwmTileSpec(c_int=2.4e-12)
    side = spec.capacitor.w
    assert 2e-15 * side**2 + 4 * 0.19e-15 * side == pytest.approx(2.4e-12, rel=5e-4, abs=0)
    assert 2e-15 * side**2 != pytest.approx(2.4e-12, rel=5e-4, abs=0), "the rim counts"
