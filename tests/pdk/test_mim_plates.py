"""Coefficients of MIM capacitors against the text of the installed model file, read here independently."""

import pytest

from analoom.pdk.install import binned_cells_dir
from analoom.pdk.stack import MIM_F_PER_UM, MIM_F_PER_UM2, mim_f, mim_side_um

FILE = "res_typical__cap_typical__lin.spice"


def in_file(name):
    """One number of the foundry's file, found as plain text, in the unit of its comment."""
    text = (binned_cells_dir().parent / "models" / "r+c" / FILE).read_text()
    return float(text.split(name, 1)[1].split("=", 1)[1].split(";")[0])


def test_coefficients_are_those_of_the_file_and_not_each_other():
    assert pytest.approx(in_file("camimc"), rel=1e-9, abs=0) == MIM_F_PER_UM2
    assert pytest.approx(in_file("cpmimc"), rel=1e-9, abs=0) == MIM_F_PER_UM
    assert pytest.approx(in_file("cpmimc"), rel=0.5, abs=0) != MIM_F_PER_UM2


def test_side_of_a_plate_is_where_its_capacitance_is_found_by_halving():
    low, high = 1.0, 100.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if middle * (2e-15 * middle + 4 * 0.19e-15) < 2.4e-12 else (low, middle)
    assert mim_side_um(2.4e-12) == pytest.approx(low, abs=1e-6)
    assert mim_f(low) == pytest.approx(2.4e-12, rel=1e-6, abs=0)
