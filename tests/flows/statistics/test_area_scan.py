"""Sigma over area: what silicon says, by a printed table of chi-squared."""

from math import sqrt

import pytest

from analoom.flows.statistics.area_scan import area_scan
from analoom.pdk.devices import MOS

CHI_SQUARED_4 = (0.484, 11.143)
"""Quantiles of 4 degrees of freedom at 2.5 and 97.5 %. Source: NIST/SEMATECH e-Handbook 1.3.6.7.4."""


def test_silicon_s_pairs_are_told_as_single_devices():
    """Four pairs of nfet_01v8 differ by 2.1 mV um: a device has 1 / sqrt(2) of that, known to a factor of 5."""
    (slope,) = area_scan(MOS["nfet_01v8"])["silicon"]["slopes"]
    assert slope["pairs"] == 4
    assert slope["v_um"] == pytest.approx(2.1e-3 / sqrt(2), rel=1e-9, abs=0)
    low, high = (slope["v_um"] * sqrt(4 / x) for x in reversed(CHI_SQUARED_4))
    assert slope["ci95"] == pytest.approx([low, high], rel=1e-3, abs=0)
    assert 4.5 < high / low < 5


def test_silicon_s_devices_stand_where_their_area_is():
    """0.42 um by 0.15 um."""
    (point,) = area_scan(MOS["nfet_01v8"])["silicon"]["points"]
    assert point["inverse_root_area"] == pytest.approx(1 / sqrt(0.42 * 0.15))
    assert point["ci95"][0] < point["sigma_v"] < point["ci95"][1]
    assert not area_scan(MOS["pfet_01v8_hvt"])["silicon"]["points"]
