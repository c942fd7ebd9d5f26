"""Sigmas of a multiplier against hand formulas, and the three engines against each other."""

from __future__ import annotations

from math import sqrt

import klayout.db as kdb
import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.error_budget import error_budget
from analoom.flows.mismatch import mismatch, mismatch_settings, statistics_of
from analoom.flows.simulate import simulate
from analoom.flows.systems.charge_mac.budget import gradient_error, unit_places
from analoom.flows.systems.charge_mac.cycle import Settings, input_vectors
from analoom.flows.systems.charge_mac.mismatch import MacStatistics
from analoom.flows.systems.charge_mac.solver import parts_of, row_source
from analoom.flows.systems.charge_mac.sums import equivalent_bits
from analoom.flows.systems.charge_mac.wires import no_wires
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer

UNIT_SIGMA = 0.0047 / 2.15
"""Of one 2 um unit: 0.47 %.um of the continuous models over sqrt(area), the plate 0.15 um larger on both sides (SKY130
`sw_mm_cmim`)."""


@pytest.fixture(scope="module")
def cell() -> Cell:
    return build("charge_mac", {"inputs": 2, "bits": 3})


def statistics(cell: Cell, weights: list[list[int]]) -> MacStatistics:
    found = statistics_of(cell, "continuous", mismatch_settings(cell).parse({}), np.array(weights, dtype=float))
    assert isinstance(found, MacStatistics)
    return found


def test_half_of_the_units_on_scatter_as_two_groups_of_units(cell: Cell) -> None:
    """Weights 3 and 0: V = C_a/(C_a + C_b), sigma(V) = sigma_unit/(2 sqrt(6)); full scale is 2."""
    found = statistics(cell, [[3, 0]]).closed()["output_error"].sigma
    assert found == pytest.approx(UNIT_SIGMA / (2 * sqrt(6)) / 2, rel=0.01)


def test_all_units_on_one_side_leave_nothing_to_scatter(cell: Cell) -> None:
    """The sum is 1 whatever the units are; a weight of the other sign brings the scatter back."""
    assert statistics(cell, [[3, 3]]).closed()["output_error"].sigma == pytest.approx(0, abs=1e-15)
    assert statistics(cell, [[3, -3]]).closed()["output_error"].sigma > 1e-4


def test_the_worst_step_is_that_of_the_middle_code(cell: Cell) -> None:
    """From 1 to 2 of 3 units: C_b1 - C_b0 over the mean unit; shares of a sum of three."""
    dnl = statistics(cell, [[3, 0]]).closed()["weight_dnl"].sigma
    assert dnl == pytest.approx(UNIT_SIGMA * sqrt(3 - 1 / 3), rel=0.02)


def test_units_twice_as_wide_scatter_half_as_much() -> None:
    wide = build("charge_mac", {"inputs": 2, "bits": 3, "unit": {"w": 4.0}})
    narrow = build("charge_mac", {"inputs": 2, "bits": 3, "unit": {"w": 2.0}})
    of = [statistics(c, [[3, 0]]).closed()["output_error"].sigma for c in (wide, narrow)]
    assert of[1] / of[0] == pytest.approx(4.15 / 2.15, rel=1e-6)


def test_drawn_samples_agree_with_the_closed_form(cell: Cell) -> None:
    closed = mismatch(cell).metrics
    drawn = mismatch(cell, engine="mc", samples=4000).metrics
    for name in ("output_error", "weight_inl", "weight_dnl"):
        assert drawn[name].sigma == pytest.approx(closed[name].sigma, rel=0.06)


@pytest.mark.tools
def test_ngspice_judges(cell: Cell) -> None:
    closed = mismatch(cell).metrics
    judged = mismatch(cell, engine="ngspice", samples=600).metrics
    for name in ("output_error", "weight_dnl"):
        assert judged[name].ci95[0] * 0.95 < closed[name].sigma < judged[name].ci95[1] * 1.05


def test_equivalent_bits_of_an_ideal_quantiser() -> None:
    """N bits of uniform quantisation err by full scale / 2^N / sqrt(12)."""
    assert equivalent_bits(3.0, 3.0 * 2**-5 / sqrt(12)) == pytest.approx(5.0)


@pytest.mark.full
@pytest.mark.tools
def test_routing_and_noise_of_the_budget_are_fractions_of_the_whole_scale(cell: Cell) -> None:
    """From -swing to swing: routing is what a line leaves of the sums by the wires, over 2 swings; noise is kT/C of
    the held node, over 2 swings times the gain, here within 10 % of the units' share of the node."""
    found, stored = error_budget(cell), statistics(cell, [[-3, 3]]).bits[0]
    settings, tt = Settings.parse({}), corner("tt")
    parts = parts_of(cell, "post", tt, 27.0, settings)
    seen = row_source(parts, parts.wires[0], stored)
    x = input_vectors(np.array([[-3.0, 3.0]]), settings.levels)
    design = np.stack([x @ row_source(parts, no_wires(cell.spec)[0], stored).per_volt, np.ones(len(x))], axis=1)
    sums = x @ seen.per_volt
    left = sums - design @ np.linalg.lstsq(design, sums, rcond=None)[0]
    assert found["routing"] == pytest.approx(np.sqrt(np.mean(left**2)) / 2, rel=1e-6, abs=0)
    measured = simulate(cell).metrics
    noise_v, gain = measured["ktc_noise_held"].value, measured["gain"].value
    assert found["noise"] == pytest.approx(noise_v / (2 * settings.swing * gain), rel=0.1, abs=0)


def test_too_many_draws_for_ngspice_are_refused() -> None:
    with pytest.raises(InputError, match="too many for ngspice"):
        mismatch(build("charge_mac", {"inputs": 16}), engine="ngspice", samples=100_000)


def test_the_unit_of_the_lowest_bit_lies_where_a_plate_is_drawn(cell: Cell) -> None:
    index = cell.layout.layout().layer(*Layer.CAPM.value)
    plates = kdb.Region(cell.layout.begin_shapes_rec(index)).merged()
    centres = {(p.bbox().center().x / 1000, p.bbox().center().y / 1000) for p in plates.each()}
    found = unit_places(cell)[0, :, 0]
    assert len(found) == 2 and {(round(float(x), 3), round(float(y), 3)) for x, y in found} <= centres


def test_a_gradient_moves_weights_apart_by_their_distance(cell: Cell) -> None:
    """Weights 3 and -3: the sum errs by half the distance of both tiles times the gradient, by full scale 2."""
    at = unit_places(cell)[0]
    assert at[0] == pytest.approx(np.broadcast_to(at[0].mean(axis=0), at[0].shape), abs=1.5)
    apart_um = np.hypot(*(np.average(at[1], axis=0, weights=[1, 2]) - np.average(at[0], axis=0, weights=[1, 2])))
    assert apart_um == pytest.approx(cell.notes["tile_um"][0], rel=1e-6)
    found = gradient_error(cell, statistics(cell, [[3, -3]]), 1e-5)
    assert found == pytest.approx(1e-5 * apart_um / 2 / 2, rel=1e-6)
    assert gradient_error(cell, statistics(cell, [[3, 3]]), 1e-5) == pytest.approx(0, abs=1e-12)
