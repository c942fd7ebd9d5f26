"""Mismatch of current sources: sigmas by hand, and ngspice's own draws of whole copies as judge."""

from __future__ import annotations

from math import hypot, log, sqrt

import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch

pytestmark = pytest.mark.tools

JUDGED = {
    "current_dac": ("gain_error", "dnl", "inl"),
    "bias": ("gain_error_n1", "gain_error_p2"),
    "ramp": ("slope_error",),
    "ptat_bias": ("gain_error_n1", "gain_error_p1"),
}
FEW = {"current_dac": 60, "ramp": 40}
MANY = {"current_dac": 400, "bias": 400, "ramp": 400, "ptat_bias": 1000}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "model", "draws"),
    [
        *((name, "continuous", draws) for name, draws in FEW.items()),
        *(
            pytest.param(name, model, MANY[name], marks=pytest.mark.full)
            for name in JUDGED
            for model in ("continuous", "binned")
        ),
    ],
)
def test_ngspice_judges_closed_form_and_draws(name: str, model: str, draws: int) -> None:
    """Draws of the model files' own terms: within two of a drawn sigma's own, 1/sqrt(2 n), in many runs within three;
    sigmas of half and of twice the area (twins) are refuted."""
    width = (3 if draws == MANY[name] else 2) / sqrt(2 * draws)
    cell = build(name)
    closed, drawn = mismatch(cell, model).metrics, mismatch(cell, model, "mc", samples=4000).metrics
    judged = mismatch(cell, model, "ngspice", samples=draws, seed=2).metrics
    for metric in JUDGED[name]:
        low, high = (judged[metric].sigma * (1 + k * width) for k in (-1, 1))
        assert low <= closed[metric].sigma <= high
        assert drawn[metric].sigma == pytest.approx(closed[metric].sigma, rel=0.06, abs=0)
        assert not low <= sqrt(2) * closed[metric].sigma <= high
        assert not low <= closed[metric].sigma / sqrt(2) <= high


def test_a_dac_s_units_by_hand() -> None:
    """nfet_01v8 2/2: sigma of one unit's threshold by the shape factor's coefficients, times gm/ID of its point."""
    report = mismatch(build("current_dac"))
    alone = mismatch(build("mosfet", {"w": 2.0, "l": 2.0, "nf": 2}), settings={"i_square": 1e-6})
    unit = alone.metrics["vth"].sigma * report.point["gm_id"]
    found = {name: spread.sigma for name, spread in report.metrics.items()}
    assert found["unit_error"] == pytest.approx(unit, rel=0.01, abs=0)
    assert found["dnl"] == pytest.approx(unit * sqrt(15 - 1 / 15), rel=0.01, abs=0)
    assert found["inl"] == pytest.approx(unit * sqrt(8 * 7 / 15), rel=0.01, abs=0)
    assert found["gain_error"] == pytest.approx(unit * hypot(1 / sqrt(15), 1 / sqrt(2)), rel=0.03, abs=0)


@pytest.mark.parametrize("model", ["continuous", pytest.param("binned", marks=pytest.mark.full)])
def test_four_times_the_area_halves_the_errors(model: str) -> None:
    """pfet_01v8 has no shape factor: 1/sqrt(W L) of 4/4 against 2/2, at the same current a square."""
    fields = {"device": "pfet_01v8", "switch": "p", "bits": 2}
    small, large = (
        mismatch(build("current_dac", {**fields, "w": x, "l": x, "rows": 1}), model).metrics["inl"].sigma
        for x in (2.0, 4.0)
    )
    assert small / large == pytest.approx(2, rel=0.06)


@pytest.mark.full
def test_a_bias_adds_its_parts() -> None:
    """Of equal units everywhere: a sink 1/2 + 1/2, a source twice two parts, n and p."""
    found = {name: s.sigma for name, s in mismatch(build("bias")).metrics.items()}
    assert found["gain_error_n1"] == pytest.approx(found["gain_error_n2"], rel=1e-9, abs=0)
    n, p = (mismatch(build("current_mirror", f), settings={"i_square": i}) for f, i in MIRRORS)
    parts = hypot(n.metrics["gain_error"].sigma, p.metrics["gain_error"].sigma)
    assert found["gain_error_n1"] == pytest.approx(n.metrics["gain_error"].sigma, rel=0.02, abs=0)
    assert found["gain_error_p1"] == pytest.approx(parts, rel=0.02, abs=0)
    assert found["gain_error"] == max(found.values())


MIRRORS = [({"w": 2.0, "l": 4.0}, 1e-6), ({"device": "pfet_01v8", "w": 4.0, "l": 4.0}, 0.5e-6)]
"""The n and the p mirror of a default bias by themselves: two units to two, at 500 nA a unit."""


def test_a_ramp_s_plate_by_hand() -> None:
    """.47 % um continuous and 2.8 % um binned over the plate's side; the mirror rules."""
    for model, k in (("continuous", 0.0047), ("binned", 0.028)):
        found = {name: s.sigma for name, s in mismatch(build("ramp"), model).metrics.items()}
        assert found["slope_error_cap"] == pytest.approx(k / 20, rel=0.02, abs=0)
        assert found["slope_error"] == pytest.approx(
            hypot(found["slope_error_mirror"], found["slope_error_cap"]), rel=1e-9, abs=0
        )


@pytest.mark.full
def test_a_core_divides_what_its_devices_err_by() -> None:
    """Near weak inversion by ln K = ln 8; a source adds its own units and the fold, a sink the feed and its own."""
    report = mismatch(build("ptat_bias", PTAT_SMALL))
    found = {name: s.sigma for name, s in report.metrics.items()}
    assert report.point["core_divides_by"] == pytest.approx(log(4), rel=0.1)
    n, p = (
        mismatch(build("mosfet", fields), settings={"gm_id": report.point[gm_id], "v_ds": 0.9})
        for fields, gm_id in ((N_UNIT, "gm_id_n"), (P_UNIT, "gm_id_p"))
    )
    e_n, e_p = (r.metrics["vth"].sigma * r.point["gm_id"] for r in (n, p))
    core = hypot(e_n, e_n / 2, e_p, e_p) / log(4)
    source = hypot(e_n / log(4), e_n / 2 / log(4), e_p / log(4), e_p * (1 + 1 / log(4)), e_p)
    assert found["gain_error_p1"] == pytest.approx(source, rel=0.1, abs=0)
    assert found["gain_error_p1"] > 1.2 * core, "or a law without the source's own units would pass"


PTAT_SMALL = {"sinks": (1,), "sources": (1,), "reference": 1, "ratio": 4, "rows": 1}
N_UNIT = {"w": 8.0, "l": 4.0, "nf": 2}
P_UNIT = {"device": "pfet_01v8", "w": 4.0, "l": 4.0, "nf": 2}
