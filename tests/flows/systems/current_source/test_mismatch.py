"""Mismatch of current sources: sigmas by hand, and ngspice's own draws of whole copies as judge."""

from __future__ import annotations

from math import hypot, sqrt

import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch

pytestmark = pytest.mark.tools

DRAWS = {"current_dac": 80, "bias": 120, "ramp": 60}
JUDGED = {
    "current_dac": ("gain_error", "dnl", "inl"),
    "bias": ("gain_error_n1", "gain_error_p2"),
    "ramp": ("slope_error",),
}
FAMILIES = [("continuous", []), ("binned", [pytest.mark.full])]


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("model", [pytest.param(m, marks=marks) for m, marks in FAMILIES])
def test_ngspice_judges_closed_form_and_draws(name: str, model: str) -> None:
    """Draws of the model files' own terms: within 95 %; a cell of half the unit's area (the twin) is refuted."""
    cell = build(name)
    closed, drawn = mismatch(cell, model).metrics, mismatch(cell, model, "mc", samples=4000).metrics
    judged = mismatch(cell, model, "ngspice", samples=DRAWS[name], seed=2).metrics
    for metric in JUDGED[name]:
        low, high = judged[metric].ci95
        assert low <= closed[metric].sigma <= high
        assert drawn[metric].sigma == pytest.approx(closed[metric].sigma, rel=0.06, abs=0)
        assert not low <= 1.45 * closed[metric].sigma <= high
        assert not low <= closed[metric].sigma / 1.45 <= high


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


@pytest.mark.parametrize("model", ["continuous", "binned"])
def test_four_times_the_area_halves_the_errors(model: str) -> None:
    """pfet_01v8 has no shape factor: 1/sqrt(W L) of 4/4 against 2/2, at the same current a square."""
    fields = {"device": "pfet_01v8", "switch": "p", "bits": 3}
    small, large = (
        mismatch(build("current_dac", {**fields, "w": x, "l": x}), model).metrics["inl"].sigma for x in (2.0, 4.0)
    )
    assert small / large == pytest.approx(2, rel=0.06)


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
