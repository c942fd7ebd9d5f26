"""Dies of networks of crossbars: sums of codes, lines by the array solver, spreads by the synapse's own statistics."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.systems.crossbar.network import dies as dies_module
from analoom.flows.systems.crossbar.network.coded_synapse import CodedSynapse, coded_synapse
from analoom.flows.systems.crossbar.network.dies import CrossbarDies
from analoom.flows.systems.crossbar.network.drops import Drops
from analoom.flows.systems.crossbar.network.readout import Readout
from analoom.flows.systems.crossbar.network.spec import MOST, STEP, SWING_V, SYNAPSE, CrossbarNetworkSpec
from analoom.flows.systems.crossbar.network.tiles import tiles, worst_drop
from analoom.flows.systems.crossbar.solver.lines import Lines
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.flows.systems.crossbar.solver.state import Network
from analoom.flows.systems.synapse.response import synapse_response
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.errors import InputError, SpecError

DIMS = (5, 4, 3)
PAIRS: dict[str, Any] = {"synapse": {"cell": "synapse_2t1c", "l_read": 8.0}, "full_current": 1.5e-7}
SIGMAS = Readout(held=1e-3, comparators=2e-3, ramps=0.04)


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sigmas of the read-out by numbers: those of the drawn parts take transients of twenty seconds."""
    monkeypatch.setattr(dies_module, "readout", lambda family, ramp_a: SIGMAS)


def drawn(sources: tuple[str, ...], count: int = 2, **fields: Any) -> CrossbarDies:
    spec = CrossbarNetworkSpec(dims=DIMS, **{"ranges": (20.0, 100.0), **fields})
    return CrossbarDies(spec, "continuous", count, 1, sources)


def codes_of(seed: int = 4) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(-MOST, MOST + 1, (n + 1, m)) for n, m in pairwise(DIMS)]


def by_hand(codes: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    hidden = np.maximum(STEP * (x @ codes[0][:-1] + codes[0][-1]), 0)
    return np.maximum(STEP * (hidden @ codes[1][:-1] + codes[1][-1]), 0)


@pytest.mark.full
@pytest.mark.tools
def test_a_die_as_designed_sums_codes_and_a_swing_that_is_too_small_cuts_pulses_off() -> None:
    x = np.random.default_rng(3).random((20, DIMS[0]))
    found, expected = drawn(()).outputs(codes_of(), x), by_hand(codes_of(), x)
    assert expected.max() > 0.5
    assert found[1] == pytest.approx(expected, abs=3e-3 * expected.max(), rel=0)
    assert drawn((), ranges=(20.0, 0.3)).outputs(codes_of(), x).max() == 0.3
    assert drawn((), ranges=(0.1, 100.0)).outputs(codes_of(), x).max() < 0.9 * expected.max()


@pytest.mark.full
@pytest.mark.tools
def test_cells_spread_as_the_synapse_does_and_the_same_seed_gives_the_same_dies() -> None:
    one, again, other = drawn(("cells",), 150), drawn(("cells",), 150), replace(drawn(("cells",), 150), seed=2)
    for code in (MOST, -MOST):
        found = one.layer(0, np.full((6, 4), code)).weights / (STEP * code)
        assert found.std() == pytest.approx(relative_sigma(one.coded.stored_v[code + MOST]), rel=0.06)
    full = np.full((6, 4), MOST)
    assert (again.layer(0, full).weights == one.layer(0, full).weights).all()
    assert (other.layer(0, full).weights != one.layer(0, full).weights).all()


@pytest.mark.full
@pytest.mark.tools
def test_cells_of_one_sign_hold_codes_in_pairs_of_columns() -> None:
    """Sums are of codes; a code's spread is that of two cells, by the synapse's own statistics; both columns err."""
    x = np.random.default_rng(3).random((20, DIMS[0]))
    expected = by_hand(codes_of(), x)
    assert drawn((), **PAIRS).outputs(codes_of(), x)[0] == pytest.approx(expected, abs=3e-3 * expected.max(), rel=0)
    one, full = drawn(("cells",), 150, **PAIRS), np.full((6, 4), MOST)
    assert [tile.cell.spec.cols for (tile,) in tiles(one.spec)] == [8, 6]
    stored, synapse = one.coded.stored_v, synapse_of(build("crossbar", rows=1, cols=1, synapse=PAIRS["synapse"]))
    response = synapse_response(synapse, synapse.require_reading(), one.coded.v_read, (stored[0], stored[-1]))
    both_s = np.hypot(*(float(response.sigma(np.array(stored[at]))) for at in (0, -1)))
    expected_codes = both_s * one.coded.v_read / one.spec.code_a
    for sign in (1, -1):
        assert (one.layer(0, sign * full).weights / STEP).std() == pytest.approx(expected_codes, rel=0.06)
    held = drawn(("held",), 400, **PAIRS)
    at_rest = SIGMAS.held * 6 * np.hypot(held.coded.rest_s[0], held.coded.rest_s[-1]) / held.spec.ramp_a
    moved = held.layer(0, full).offset - drawn((), **PAIRS).layer(0, full).offset[0]
    assert moved.std() == pytest.approx(at_rest, rel=0.07)


def test_a_pair_has_positive_codes_in_its_first_column_and_negative_ones_in_its_second() -> None:
    ramp, none = np.maximum(np.arange(-2.0, 3.0), 0.0), np.zeros((1, 5))
    pair = CodedSynapse(build("unit_cap"), 0.1, ramp, 3.0 + ramp, none, none, none, none[0], pairs=True)
    codes = np.array([[2, -1], [0, 1]])
    laid = pair.laid(codes + 2)
    assert pair.stored_v[laid].tolist() == [[2, 0, 0, 1], [0, 0, 1, 0]]
    assert pair.told(pair.column_a[laid]).tolist() == codes.tolist()
    assert (pair.full_a, pair.columns) == (2.0, 2)
    single = replace(pair, pairs=False)
    assert single.laid(codes).tolist() == codes.tolist() == single.told(codes).tolist()
    assert (single.full_a, single.columns) == (5.0, 1)


@pytest.mark.full
@pytest.mark.tools
def test_wide_rows_of_cells_that_conduct_much_are_parted_too() -> None:
    """A row of 2T1C cells carries more than a column, and parts beside each other give what the whole gives."""
    one = CrossbarNetworkSpec(dims=(3, 24), drop=0.5, **PAIRS)
    (whole,), codes = tiles(one)[0], np.random.default_rng(5).integers(-MOST, MOST + 1, (4, 24))
    spec = one.model_copy(update={"drop": 0.5 * worst_drop(whole)})
    parts = tiles(spec)[0]
    assert len({part.cols for part in parts}) > 1 and {part.rows for part in parts} == {(0, 4)}
    assert [part.columns[0] for part in parts[1:]] == [part.columns[1] for part in parts[:-1]]
    of_parts, of_whole, ideal = (
        CrossbarDies(of, "binned", 1, 1, sources).layer(0, codes).weights
        for of, sources in ((spec, ("lines",)), (one, ("lines",)), (one, ()))
    )
    assert np.abs(of_parts - ideal).max() < 0.7 * np.abs(of_whole - ideal).max()


def relative_sigma(stored_v: float) -> float:
    """Of the column current at a stored voltage, by Gauss-Hermite sums along a table of its own range."""
    low, high = stored_v - 0.01, stored_v + 0.01
    synapse, v_read = synapse_of(build("crossbar", rows=1, cols=1, synapse=dict(SYNAPSE))), 0.1
    found = synapse_response(synapse, synapse.require_reading(), v_read, (low, high))
    at = np.array(stored_v)
    return float(found.sigma(at) / abs(found.nominal(at)))


@pytest.mark.full
@pytest.mark.tools
def test_offsets_count_by_the_swing_and_the_held_level_by_the_conductance_of_the_column() -> None:
    none = [np.zeros(layer.shape, dtype=int) for layer in codes_of()]
    offset = drawn(("comparators",), 400).layer(1, none[1]).offset
    assert offset.std() == pytest.approx(SIGMAS.comparators * 100.0 / SWING_V, rel=0.07)
    held, full = drawn(("held",), 400), np.full((6, 4), MOST)
    level, designed = held.layer(0, full), drawn(()).layer(0, full)
    for inputs in (np.zeros((1, 5)), np.ones((1, 5))):
        conducts_s = np.where(np.append(inputs, 1.0) > 0, held.coded.full_s[-1], held.coded.rest_s[-1]).sum()
        moved = level.sums(inputs) - designed.sums(inputs)[:1]
        assert moved.std() == pytest.approx(SIGMAS.held * conducts_s / held.spec.ramp_a, rel=0.07)
    ramps = drawn(("ramps",), 400).layer(0, full).weights / (STEP * MOST)
    assert (1 / ramps[:, 0]).std() == pytest.approx(SIGMAS.ramps, rel=0.07)


def scaled(lines: Lines, by: float) -> Lines:
    return Lines(lines.end_s / by, lines.segment_s / by, by * lines.tap_ohm)


@pytest.mark.full
@pytest.mark.tools
def test_lines_that_are_much_longer_take_what_the_array_solver_says_of_one_input_at_a_time() -> None:
    spec = CrossbarNetworkSpec(dims=(11, 6))
    tile, codes = tiles(spec)[0][0], np.random.default_rng(4).integers(0, 2 * MOST + 1, (12, 6))
    reader, coded = array_reader(tile.cell), tile.drops.coded
    rows = tuple(scaled(line, 30) for line in reader.network.rows)
    network = Network(rows, scaled(reader.network.cols, 400))
    one = np.eye(12) * coded.v_read
    stored = coded.stored_v[codes]
    taken = replace(reader, network=network).read(stored, one) - coded.column_a[codes]
    found = Drops(network, coded).added_a(codes)
    assert np.abs(taken).max() > 0.01 * spec.full_current
    assert found == pytest.approx(taken, abs=0.05 * np.abs(taken).max(), rel=0)
    for wrong in (Network(rows, reader.network.cols), Network(reader.network.rows, network.cols)):
        assert np.abs(Drops(wrong, coded).added_a(codes) - taken).max() > 0.3 * np.abs(taken).max()


@pytest.mark.full
@pytest.mark.tools
def test_a_layer_is_split_until_its_lines_take_what_is_allowed_and_sums_stay() -> None:
    one = CrossbarNetworkSpec(dims=(40, 3))
    (whole,), codes = tiles(one)[0], np.random.default_rng(5).integers(-MOST, MOST + 1, (41, 3))
    spec = one.model_copy(update={"drop": 0.7 * worst_drop(whole)})
    parts = tiles(spec)[0]
    assert len(parts) > 1 and [part.rows[0] for part in parts[1:]] == [part.rows[1] for part in parts[:-1]]
    assert (parts[0].rows[0], parts[-1].rows[1]) == (0, 41)
    assert max(worst_drop(part) for part in parts) <= spec.drop
    found = [CrossbarDies(of, "binned", 1, 1, ("lines",)).layer(0, codes).weights for of in (one, spec)]
    assert found[1] == pytest.approx(found[0], abs=1e-3 * STEP * MOST, rel=0)
    with pytest.raises(SpecError, match="drop"):
        tiles(CrossbarNetworkSpec(dims=DIMS, drop=1e-9))


@pytest.mark.full
@pytest.mark.tools
def test_a_layer_whose_rows_alone_take_too_much_is_split_into_columns_too_and_sums_stay() -> None:
    (single,) = tiles(CrossbarNetworkSpec(dims=(1, 24), drop=0.5))[0]
    one = CrossbarNetworkSpec(dims=(9, 24), drop=0.5)
    spec = one.model_copy(update={"drop": 0.5 * worst_drop(single)})
    parts, codes = tiles(spec)[0], np.random.default_rng(5).integers(-MOST, MOST + 1, (10, 24))
    covered = np.zeros((10, 24), int)
    for part in parts:
        covered[slice(*part.rows), slice(*part.cols)] += 1
    assert (covered == 1).all() and len({part.cols for part in parts}) > 1
    assert max(worst_drop(part) for part in parts) <= spec.drop < worst_drop(single)
    found = [CrossbarDies(of, "binned", 1, 1, ("lines",)).layer(0, codes).weights for of in (one, spec)]
    assert found[1] == pytest.approx(found[0], abs=1e-3 * STEP * MOST, rel=0)


@pytest.mark.full
@pytest.mark.tools
def test_points_in_parts_give_what_all_at_once_give(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(6).random((7, DIMS[0]))
    whole = drawn(("cells",)).outputs(codes_of(), x)
    monkeypatch.setattr(dies_module, "MOST_AT_ONCE", 2 * 5 * 3)
    assert drawn(("cells",)).outputs(codes_of(), x) == pytest.approx(whole, rel=1e-12, abs=0)


@pytest.mark.full
@pytest.mark.tools
def test_a_current_beyond_the_synapses_own_is_refused() -> None:
    with pytest.raises(SpecError, match=r"full_current = 1e-05: must be at most 2\.5\d*e-06, the current \(A\)"):
        coded_synapse('{"cell": "synapse_2t1c"}', 1e-5, MOST)
    with pytest.raises(SpecError, match=r"full_current = 1e-06: must be at most 5\.\d+e-08"):
        coded_synapse(json.dumps(dict(SYNAPSE)), 1e-6, MOST)


def test_fields_are_refused_by_name() -> None:
    with pytest.raises(SpecError, match="ranges"):
        CrossbarNetworkSpec.parse({"dims": [4, 7, 3], "ranges": [1.0]})
    with pytest.raises(SpecError, match=r"synapse\.cell"):
        CrossbarNetworkSpec.parse({"synapse": "synapse_sc"})
    with pytest.raises(InputError, match="count = 0"):
        drawn((), 0)
