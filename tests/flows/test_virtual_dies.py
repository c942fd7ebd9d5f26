"""The criterion of each system against brute force: errors drawn here, from coefficients and simulated curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build, entry
from analoom.flows.mismatch import mismatch_settings, statistics_of
from analoom.flows.resolution import Judged
from analoom.flows.statistics.criterion import Criterion
from analoom.flows.statistics.extremes import wilson
from analoom.flows.systems.lookup import system_of
from analoom.flows.virtual_dies import proof
from analoom.pdk.errors import InputError

DIES = 60_000
FAMILIES = ("continuous", "binned")
SYSTEMS: Mapping[str, Mapping[str, Any]] = {
    "mosfet": {"w": 20, "l": 8},
    "matched_pair": {"w": 20, "l": 8},
    "current_mirror": {"w": 10, "l": 8, "ratios": [2, 2, 4]},
    "synapse_2t1c": {"w_read": 4, "l_read": 8},
    "cap_array": {"weights": [1, 1, 2, 4]},
    "charge_mac": {"inputs": 2, "bits": 3, "outputs": 2},
    "translinear": {"w_unit": 8, "l_unit": 4, "l_out": 4},
    "crossbar": {"rows": 4, "cols": 3, "synapse": {"cell": "synapse_2t1c", "w_read": 2, "l_read": 4}},
}

CASES = [
    pytest.param(name, family, marks=[pytest.mark.full] if (name, family) == ("translinear", "binned") else [])
    for name in SYSTEMS
    for family in FAMILIES
]
"""A translinear loop of the binned family takes minutes of simulation."""


def judged(name: str, family: str, criterion: Criterion, fields: Mapping[str, Any] | None = None) -> Judged:
    cell = build(name, fields or SYSTEMS[name])
    resolution = system_of(entry(name)).resolution
    assert resolution
    count = resolution.outputs(cell.spec.model_dump(), 3)
    quick = {"ir_drop": False} if "ir_drop" in mismatch_settings(cell).model_fields else {}
    return Judged(cell, family, quick, resolution.error, criterion, count)


def drawn(asked: Judged, rng: np.random.Generator) -> np.ndarray:
    """Errors of every output, (dies, outputs), from the deviations of single devices."""
    if asked.cell.kind == "capacitor":
        return codes_of_units(asked.cell, asked.model, rng)
    if asked.cell.kind == "array":
        return columns_of_synapses(asked.cell, asked.model, rng)
    if asked.cell.kind == "mirror":
        return outputs_of_thresholds(asked, rng)
    values, _ = statistics_of(asked.cell, asked.model, mismatch_settings(asked.cell)()).drawn(rng, DIES)[asked.metric]
    return values.reshape(DIES, -1)


def codes_of_units(cell: Cell, family: str, rng: np.random.Generator) -> np.ndarray:
    """INL of codes 1 to 7 in LSB, of units drawn one by one: the first k of the eight are on."""
    sigma = statistics_of(build("unit_cap", {}), family, mismatch_settings(cell)()).closed()["ratio_error"].sigma
    units = 1 + sigma * rng.standard_normal((DIES, 8))
    binary = np.cumsum([1, 1, 2, 4])
    parts = np.stack([p.sum(axis=1) for p in np.split(units, binary[:-1], axis=1)], axis=1)
    on = np.array([[(k - (k > 7)) >> b & 1 for b in range(3)] for k in range(8)])
    return 8 * ((parts[:, 1:] @ on.T) / parts.sum(axis=1, keepdims=True)) - np.arange(8)


def columns_of_synapses(cell: Cell, family: str, rng: np.random.Generator) -> np.ndarray:
    """Column errors of an array whose synapses are drawn each by itself, a column of one row at a time."""
    statistics: Any = statistics_of(cell, family, mismatch_settings(cell)(ir_drop=False))
    errors = np.zeros((DIES, 3))
    for i, j in np.ndindex(4, 3):
        one = statistics.response.drawn(np.array([statistics.stored[i, j]]), rng, DIES)[:, 0].astype(float)
        errors[:, j] += one - one.mean()
    return errors / (4 * statistics.full_factor_s)


def outputs_of_thresholds(asked: Judged, rng: np.random.Generator) -> np.ndarray:
    """Errors of a mirror's outputs of 2 and 4 units by an input of 2: differences of mean errors of equal units.

    A unit's sigma is that of the output of 2: sqrt(2) for the two sides and 1/sqrt(2) for the units of each cancel.
    """
    sigma = statistics_of(asked.cell, asked.model, mismatch_settings(asked.cell)()).closed()["gain_error"].sigma
    units = sigma * rng.standard_normal((DIES, 8))
    first, two, four = units[:, :2].mean(axis=1), units[:, 2:4].mean(axis=1), units[:, 4:].mean(axis=1)
    return np.stack([two - first, four - first], axis=1)


def most_beyond(errors: np.ndarray, half: float, outputs: str) -> tuple[float, float]:
    """Wilson's interval of the share of the worst output, or of dies."""
    outside = np.abs(errors) > half
    count = outside.any(axis=1).sum() if outputs == "all" else outside.sum(axis=0).max()
    return wilson(int(count), len(errors))


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(("name", "family"), CASES)
def test_the_criterion_of_every_system_by_brute_force(name: str, family: str) -> None:
    """The room by formula leaves what the criterion allows; 7 % less does not."""
    asked = judged(name, family, Criterion(2.0))
    half, errors = asked.criterion.half_width(asked.errors), drawn(asked, np.random.default_rng(5))
    low, high = most_beyond(errors, half, "each")
    assert low < asked.criterion.allowed * 1.02 and high > asked.criterion.allowed * 0.98
    assert most_beyond(errors, 0.93 * half, "each")[0] > asked.criterion.allowed


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ["cap_array", "charge_mac", "crossbar", "current_mirror"])
def test_all_outputs_of_a_die_by_brute_force(name: str, family: str) -> None:
    asked = judged(name, family, Criterion(2.0, "all"))
    half, errors = asked.criterion.half_width(asked.errors), drawn(asked, np.random.default_rng(6))
    low, high = most_beyond(errors, half, "all")
    assert low < asked.criterion.allowed * 1.02 and high > asked.criterion.allowed * 0.98
    assert most_beyond(errors, 0.93 * half, "all")[0] > asked.criterion.allowed


def test_dies_tell_a_layout_that_is_good_from_one_that_is_not() -> None:
    """By the pair's own sigma: 5 bits fit at just above z sigmas, and the next bit does not."""
    pair = judged("matched_pair", "continuous", Criterion(3.0))
    sigma = float(pair.errors.sigma[0])
    z = 0.5 / 2**5 / sigma / 1.05
    good = proof(Judged(pair.cell, pair.model, {}, pair.metric, Criterion(min(z, 3.0))), 5, 10_000)
    assert good["verdict"] == "met"
    assert proof(pair, 9, 10_000)["verdict"] == "not met"
    assert good["evidence"][0]["drawn"] == "whole dies" and good["evidence"][0]["of"] == 10_000


@pytest.mark.slow
def test_arrays_beyond_whole_dies_are_proved_by_their_least_certain_column() -> None:
    asked = judged("crossbar", "continuous", Criterion(3.0), {"rows": 2, "cols": 4096})
    found = proof(asked, 1, 10_000)
    assert [e["drawn"] for e in found["evidence"]] == ["least certain output"]
    assert found["verdict"] == "met" and found["evidence"][0]["of"] >= 10_000


def test_what_nothing_is_known_of_is_refused() -> None:
    asked = judged("mosfet", "continuous", Criterion(3.0, sources="all"))
    with pytest.raises(InputError, match="nothing tells what gradients"):
        _ = asked.errors


@pytest.mark.slow
def test_ir_drop_and_gradient_move_the_columns_that_they_are_said_to() -> None:
    """The offsets' root mean square over columns is the budget's, source by source."""
    cell = build("crossbar", {"rows": 8, "cols": 5})
    statistics: Any = statistics_of(cell, "continuous", mismatch_settings(cell)(ir_drop=True, gradient_vth=1e-4))
    offsets = statistics.offsets("column_error")
    planes = offsets - statistics.column_drop
    budget = system_of(cell).mismatch.budget(cell, "continuous", statistics.settings, None, None)  # type: ignore[union-attr]
    assert np.sqrt((planes**2).mean(axis=1)).max() == pytest.approx(budget["gradient"], rel=2e-3)
    assert np.sqrt((statistics.column_drop**2).mean()) == pytest.approx(budget["ir_drop"], rel=1e-9)
    asked = Judged(
        cell, "continuous", {"ir_drop": True, "gradient_vth": 0}, "column_error", Criterion(3, sources="all")
    )
    drop, sigma = np.abs(statistics.column_drop), statistics.column_sigmas
    one_tail, both_tails = ((drop + z * sigma).max() for z in (2.782, 3.0))
    assert one_tail * 0.999 <= asked.criterion.half_width(asked.errors) <= both_tails
