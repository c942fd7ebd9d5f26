"""The binned models of poly resistors: coefficients read by eye from the files of sky130_fd_pr."""

from math import sqrt

import pytest

from analoom.pdk.devices import RES_WIDTHS_UM, RESISTORS
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.binned_resistor import binned_resistor, binned_resistor_files

HIGH = {0.35: (0.0347, 0.085), 0.69: (0.0317, 0.064), 1.41: (0.0354, 0.033), 2.85: (0.0388, 0.015), 5.73: (0.037, 0.01)}
"""body_pelgrom and rend_mm of sky130_fd_pr__res_high_po_<width>.model.spice."""


@pytest.mark.parametrize("w_um", RES_WIDTHS_UM)
def test_high_po_has_coefficients_of_its_own_for_each_width(w_um):
    found = binned_resistor(RESISTORS["res_high_po"], w_um, 5.0)
    body, head = HIGH[w_um]
    assert found.body_frac == pytest.approx(body / sqrt(5 * w_um), rel=1e-9)
    assert found.head_frac == pytest.approx(head, rel=1e-9)


def test_xhigh_po_by_hand():
    """0.69 x 5: body 2000 x 5 / 0.69 ohm, 0.0347 / sqrt(3.45); head 20.576 + 331.73 / w - 46.62 / w2."""
    found = binned_resistor(RESISTORS["res_xhigh_po"], 0.69, 5.0)
    assert (found.body_ohm, found.head_ohm) == pytest.approx((14492.75, 403.42), rel=1e-4)
    assert (found.body_frac, found.head_frac) == pytest.approx((0.0347 / sqrt(3.45), 0.0472 / sqrt(0.69)), rel=1e-9)
    assert found.model == "sky130_fd_pr__res_xhigh_po_0p69"


def test_generic_po_by_hand():
    """1 x 5: 48.2 x 5 / (1 - 0.056) ohm, 0.12 / sqrt(10 + 48.2e-5)."""
    found = binned_resistor(RESISTORS["res_generic_po"], 1.0, 5.0)
    assert found.body_ohm == pytest.approx(48.2 * 5 / 0.944, rel=1e-9)
    assert found.sigma_frac == pytest.approx(0.12 / sqrt(10 + 48.2e-5), rel=1e-9)


def test_a_width_without_a_file_is_refused():
    with pytest.raises(InputError, match="hold no res_high_po 1 um wide"):
        binned_resistor(RESISTORS["res_high_po"], 1.0, 5.0)
    assert all(file.is_file() for w in RES_WIDTHS_UM for file in binned_resistor_files(RESISTORS["res_xhigh_po"], w))
