"""Lengths on the 5 nm grid."""

import pytest

from analoom.pdk.errors import SpecError
from analoom.pdk.units import snap_up, to_nm, to_um


def test_um_to_nm_and_back():
    assert to_nm("w", 0.15) == 150 and to_um(150) == 0.15
    assert to_nm("w", 0.1 + 0.2) == 300


@pytest.mark.parametrize("value", [0.001, 0.1501, 0.152])
def test_off_grid_is_refused_by_field(value):
    with pytest.raises(SpecError) as error:
        to_nm("l", value)
    assert error.value.field == "l" and "0.005" in str(error.value)


def test_snap_up():
    assert (snap_up(11), snap_up(10), snap_up(-7), snap_up(1, 10)) == (15, 10, -5, 10)
