"""Trained weights on a crossbar: gains by hand, ngspice against numpy's product; what is swapped or turned is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analoom import SpecError, map_weights
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.mapped_weights import MappedWeights
from analoom.flows.systems.crossbar.bench import column_currents
from analoom.flows.systems.crossbar.gain_curve import GainCurve
from analoom.flows.systems.crossbar.mapping import wanted_gains
from analoom.generators.crossbar.matrix import crossbar_map
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

W = np.array([[0.5, -1.2, 0.0], [2.0, 0.3, -0.7]])
SIGNED = {"synapse": {"cell": "synapse_cs"}}
EXACT, PRODUCT = 2e-4, 0.02
"""What a read may err by, of full scale: with inputs that are full or zero, and with any, where the synapse bends."""


def linear(low_s: float, high_s: float) -> GainCurve:
    """A synapse whose gain is straight over 0 to 1 V."""
    return GainCurve(np.array([0.0, 1.0]), np.array([low_s, high_s]), 0.05)


def read(mapped: MappedWeights, stored: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """What ngspice reads of the schematic crossbar, as shares of full scale off numpy's product."""
    dut = make_dut(mapped.cell, "schematic", corner("tt"), 27.0)
    currents = column_currents(dut, crossbar_map(mapped.cell), stored, inputs)
    full = mapped.worth.scale * len(inputs) * mapped.worth.v_read
    return (mapped.worth.outputs(currents) - W @ inputs) / full


def test_a_pair_shares_a_weight_as_by_hand():
    curve = linear(1e-5, 3e-5)
    gains = wanted_gains(curve, np.array([[1.0, -0.5]]), None)
    assert curve.full_s == pytest.approx(2e-5, rel=1e-12, abs=0)
    np.testing.assert_allclose(curve.voltages(gains), [[1.0, 0.0], [0.0, 0.5]], atol=1e-12)


def test_a_signed_synapse_that_falls_holds_a_weight_in_one_column_as_by_hand():
    curve = linear(3e-5, -2e-5)
    gains = wanted_gains(curve, np.array([[1.0, -1.0, 0.0]]), None)
    assert curve.signed and curve.full_s == pytest.approx(2e-5, rel=1e-12, abs=0)
    np.testing.assert_allclose(curve.voltages(gains), [[0.2], [1.0], [0.6]], atol=1e-12)


@pytest.mark.parametrize(("share", "column"), [(0.24, 0.0), (0.26, 0.5), (0.74, 0.5), (0.76, 1.0)])
def test_three_levels_are_none_half_and_full(share: float, column: float):
    curve = linear(0.0, 1e-5)
    assert not curve.signed
    assert wanted_gains(curve, np.array([[share]]), 3)[0, 0] == pytest.approx(column * 1e-5, abs=1e-12)


@pytest.mark.tools
@pytest.mark.parametrize("fields", [{}, SIGNED], ids=["pairs", "signed"])
def test_ngspice_reads_the_product_of_numpy(fields: dict[str, Any]):
    mapped = map_weights(W, fields=fields)
    v_read = mapped.worth.v_read
    assert mapped.cell.spec.rows == 3  # type: ignore[attr-defined]
    assert mapped.stored.shape == ((3, 2) if fields else (3, 4))
    for x in ([1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0]):
        assert np.abs(read(mapped, mapped.stored, v_read * np.array(x))).max() < EXACT
    assert np.abs(read(mapped, mapped.stored, v_read * np.array([0.3, 0.9, 0.5]))).max() < PRODUCT


@pytest.mark.tools
@pytest.mark.parametrize("fields", [{}, SIGNED], ids=["pairs", "signed"])
def test_a_turned_sign_a_swapped_pair_and_a_swapped_row_are_seen(fields: dict[str, Any]):
    mapped = map_weights(W, fields=fields)
    full = np.full(3, mapped.worth.v_read)
    other = map_weights(-W, fields=fields).stored
    swapped = mapped.stored[:, ::-1] if fields else mapped.stored[:, [1, 0, 3, 2]]
    for wrong in (other, swapped):
        assert np.abs(read(mapped, wrong, full)).max() > 5 * PRODUCT
    one = full * np.array([1, 0, 0])
    assert np.abs(read(mapped, mapped.stored[::-1], one)).max() > 5 * PRODUCT


def test_levels_leave_at_most_half_a_step_and_the_error_told_is_that_of_the_gains():
    mapped = map_weights(W, levels=4)
    shares, nearest = np.abs(W / 2), np.array([[1, 2, 0], [3, 0, 1]]) / 3
    assert mapped.error_max == pytest.approx(np.abs(shares - nearest).max(), abs=1e-5)
    assert mapped.error_rms == pytest.approx(np.sqrt(np.mean((shares - nearest) ** 2)), abs=1e-5)
    assert len(np.unique(np.round(mapped.stored, 9))) <= 4
    assert map_weights(W).error_max < 1e-5


def test_a_larger_scale_leaves_room_and_a_smaller_one_is_refused():
    assert map_weights(W, scale=4.0).stored.max() < 0.9
    with pytest.raises(SpecError, match=r"scale = 1\.0: must be at least the largest weight, 2"):
        map_weights(W, scale=1.0)


@pytest.mark.parametrize(
    ("w", "said"),
    [
        (np.array([[1.0, np.nan]]), "finite real numbers"),
        (np.array([[1.0, 1j]]), "finite real numbers"),
        (np.array([["1", "2"]]), "finite real numbers"),
        (np.array([1.0, 2.0]), r"shape \(2,\)"),
        (np.ones((2, 2, 2)), r"shape \(2, 2, 2\)"),
        (np.zeros((0, 3)), r"shape \(0, 3\)"),
        (np.zeros((2, 2)), "all zero"),
    ],
)
def test_what_are_no_weights_is_refused(w: np.ndarray, said: str):
    with pytest.raises(InputError, match=said) as refused:
        map_weights(w)
    assert refused.value.field == "weights"
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("fields", "field", "w"),
    [
        ({"cols": 3}, "cols", W),
        ({"rows": 4}, "rows", W),
        ({}, "cols", np.ones((2049, 1))),
        ({}, "rows", np.ones((1, 4097))),
    ],
)
def test_a_size_that_is_not_that_of_the_weights_is_refused(fields: dict[str, Any], field: str, w: np.ndarray):
    with pytest.raises(SpecError) as refused:
        map_weights(w, fields=fields)
    assert refused.value.field == field


@pytest.mark.parametrize("levels", [1, 0, 70000])
def test_levels_that_are_none_are_refused(levels: int):
    with pytest.raises(SpecError, match="levels"):
        map_weights(W, levels=levels)


def test_a_cell_that_stores_nothing_is_refused():
    with pytest.raises(InputError, match="takes no trained weights"):
        map_weights(W, cell="unit_cap")


def test_currents_of_another_array_are_not_told_in_the_weights():
    worth = map_weights(W).worth
    with pytest.raises(InputError, match="mapped to"):
        worth.check((3, 2))
