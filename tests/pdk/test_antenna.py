"""Antenna limits are those of the installed tech file, and nowhere looser than SkyWater's own table."""

import math

import pytest

from analoom.flows.drc.signoff.antenna import ratios
from analoom.pdk.antenna import ANTENNA, AntennaLimit
from analoom.pdk.install import magic_tech
from analoom.pdk.layers import Layer as L

SKYWATER = {
    "POLY": (0.18, 50, None, 0),
    "LICON": (None, 3, None, 0),
    "LI1": (0.10, 75, 450, 0),
    "MCON": (None, 3, 18, 0),
    "MET1": (0.35, 400, 400, 2200),
    "VIA": (None, 6, 36, 0),
    "MET2": (0.35, 400, 400, 2200),
    "VIA2": (None, 6, 36, 0),
    "MET3": (0.80, 400, 400, 2200),
    "VIA3": (None, 6, 36, 0),
    "MET4": (0.80, 400, 400, 2200),
    "VIA4": (None, 6, 36, 0),
    "MET5": (1.20, 400, 400, 2200),
}
"""Final thickness (um) of what is checked by its sidewall, MAX_EGAR, K, bonus. Source: skywater-pdk docs,
rules/antenna/table-Ig-antenna-rules-s8p12.csv; the rule is EA / A_gate - K diode - bonus <= MAX_EGAR (antenna.rst)."""


def test_every_level_is_that_of_the_installed_tech_file():
    assert list(ANTENNA.values()) == ratios(magic_tech().read_text())
    assert ratios(magic_tech().read_text().replace("m1,m2,m3 sidewall 400", "m1,m2,m3 sidewall 500")) != list(
        ANTENNA.values()
    )


@pytest.mark.parametrize("name", SKYWATER)
@pytest.mark.parametrize("diode_um2", [0.0, 0.0225, 1.0, 22.5])
def test_no_limit_is_looser_than_skywaters(name, diode_um2):
    thickness_um, largest, per_um2, bonus = SKYWATER[name]
    limit = ANTENNA[L[name]]
    assert bool(limit.thickness_um) == (thickness_um is not None)
    if per_um2 is None:
        assert limit.allowed() == largest and limit.allowed(1.0) == math.inf
        return
    allowed = largest + per_um2 * diode_um2 + (bonus if diode_um2 else 0)
    thicker = limit.thickness_um / thickness_um if thickness_um else 1
    assert limit.allowed(diode_um2) <= allowed * thicker
    assert 1 <= thicker < 1.06
    assert AntennaLimit(L[name], largest + 1).allowed() > largest, "or any table would pass"


def test_longest_wires_are_those_that_skywater_tells():
    """ "Max length of Met1 (approx, assumes min width)": 570 um at 1 um2 of gate without a diode, of li 370 um."""
    for layer, width_um, told_um, within in ((L.MET1, 0.14, 570, 0.03), (L.LI1, 0.17, 370, 0.02)):
        limit = ANTENNA[layer]
        longest_um = limit.allowed() / limit.thickness_um / 2 - width_um
        assert longest_um == pytest.approx(told_um, rel=within)


def test_the_least_diode_is_just_enough():
    limit = ANTENNA[L.LI1]
    assert limit.diode_um2(75) == 0
    assert limit.diode_um2(112.5) == pytest.approx(0.25, rel=1e-12, abs=0)
    assert not limit.broken_by(112.5, 0.25) and limit.broken_by(112.5, 0.24)
    assert 0 < ANTENNA[L.MET1].diode_um2(401) < 1e-6, "the bonus alone is enough"
    assert ANTENNA[L.MET1].diode_um2(3000) == pytest.approx(2.0, rel=1e-12, abs=0)
