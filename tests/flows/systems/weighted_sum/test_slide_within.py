"""The slide's sum with its offset stored and wide resistors: 95 % of dies within 0.05 MU, in both families."""

from __future__ import annotations

from functools import cache
from math import sqrt
from pathlib import Path

import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.flows.mismatch import mismatch
from analoom.flows.post_layout import simulate_view
from analoom.generators.weighted_sum.spec import LOW_OFFSET, WeightedSumSpec
from analoom.pdk.devices import RESISTORS
from analoom.pdk.layers import Layer
from analoom.pdk.mismatch.binned_resistor import binned_resistor
from analoom.pdk.mismatch.resistor import resistor_mismatch
from analoom.pdk.resistor.value import length_of, resistor_value
from broken import twin, without

XHIGH = RESISTORS["res_xhigh_po"]

FAMILIES = ["continuous", "binned"]
WITHIN_MU, TWO_SIDED = 0.05, 1.96
FIELDS = {"w_unit": 2.85, "r_unit": 2e4, "rows": 4, "reference": 0.9924, "error": 0.002}
UNITS = (20, 57, 1, 2, 3, 37)
"""Feedback, in1, in2, ref, and the rests to the middle on either side: 120 units."""


@cache
def sum_within(w_unit: float = 2.85) -> Cell:
    opamp = LOW_OFFSET.model_copy(update={"auto_zero": True})
    return build("weighted_sum", opamp=opamp.model_dump(), **{**FIELDS, "w_unit": w_unit})


def by_hand(sigma_frac: float) -> float:
    """Sigma at the worst corner, MU, of units of relative sigma `sigma_frac`: what 1 % of each resistor makes of
    out = (1 + f/a + f/m) vp - (f/a) V1, vp where V2, the reference and the middle meet by their conductances."""
    f, a, p, r, m, q = UNITS
    gain, conductance, reference = 1 + f / a + f / m, 1 / p + 1 / r + 1 / q, FIELDS["reference"]
    worst = 0.0
    for v1, v2 in ((x, y) for x in (-0.75, 0.75) for y in (-0.75, 0.75)):
        vp = (v2 / p + reference / r) / conductance
        minus = {a: f / a * (v1 - vp), m: -f / m * vp, f: f / a * (vp - v1) + f / m * vp}
        plus = {n: gain * (vp - v) / n / conductance for n, v in ((p, v2), (r, reference), (q, 0.0))}
        worst = max(worst, sqrt(sum(s**2 / n for side in (minus, plus) for n, s in side.items())))
    return worst * sigma_frac


def unit_sigma(model: str, w_um: float) -> float:
    """Relative sigma of a unit of 20 kohm by the coefficients of the family."""
    l_um = length_of("res_xhigh_po", w_um, FIELDS["r_unit"])
    if model == "binned":
        return binned_resistor(XHIGH, w_um, l_um).sigma_frac
    value, known = resistor_value("res_xhigh_po", w_um, l_um), resistor_mismatch(XHIGH.model)
    return known.sigma_ohm(w_um, l_um, value.body_ohm, value.head_ohm) / value.total_ohm


def test_the_search_finds_the_units_that_the_formula_is_of() -> None:
    assert WeightedSumSpec.parse(FIELDS).network.units == UNITS


@pytest.mark.parametrize("model", FAMILIES)
def test_resistors_of_that_width_keep_95_percent_within_by_formula_and_narrow_ones_do_not(model: str) -> None:
    assert TWO_SIDED * by_hand(unit_sigma(model, 2.85)) < WITHIN_MU < TWO_SIDED * by_hand(unit_sigma(model, 1.41))


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("model", FAMILIES)
def test_95_percent_of_drawn_dies_stay_within_and_of_narrow_resistors_do_not(model: str) -> None:
    """The resistors' sigma is that by hand; 1.41 um wide ones leave 0.05 MU."""
    closed = mismatch(sum_within(), model).metrics["sum_error_resistors"].sigma
    assert closed == pytest.approx(by_hand(unit_sigma(model, 2.85)), rel=0.01, abs=0)
    assert mismatch(sum_within(), model, "mc", samples=2000).figures["max_error_95"].value < WITHIN_MU
    assert mismatch(sum_within(1.41), model, "mc", samples=2000).figures["max_error_95"].value > WITHIN_MU


@pytest.mark.full
@pytest.mark.tools
def test_its_drawing_is_clean_and_keeps_coefficients_within_half_a_percent(tmp_path: Path) -> None:
    cell = sum_within()
    run_drc(of_cell(cell), ("fast",), tmp_path).require_clean()
    run_lvs(of_cell(cell), cell.spice(), cell.name, tmp_path).require_clean()
    assert not run_lvs(twin(cell, without(Layer.VIA2)), cell.spice(), cell.name, tmp_path).clean
    found = {name: metric.value for name, metric in simulate_view(cell, "post", tmp_path).metrics.items()}
    made = [found["coefficient_1"], found["coefficient_2"], found["constant"]]
    assert made == pytest.approx([-0.35, 5.24, 2.6], rel=0.005, abs=0)
    assert found["phase_margin"] > 55
