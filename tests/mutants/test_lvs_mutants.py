"""Every mutant of every registered cell is found by LVS, or is shown to be no mutant: the same circuit once more."""

import pytest
from blocks import BLOCKS
from mutants.lvs_campaign import (
    MILLION,
    Score,
    cells_with_devices,
    judge_a_million,
    judge_circuits,
    judge_layouts,
    smallest,
)

from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from broken import twin

NAMES = cells_with_devices()
MOST = 4
each_cell = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.full) if name in BLOCKS else name for name in NAMES]
)


def assert_all_found(score, at_least):
    assert score.made.total() + score.equal.total() >= at_least
    assert not score.missed


@pytest.mark.full
@each_cell
def test_another_circuit_is_found(tmp_path, name):
    score = Score()
    judge_circuits(smallest(name), score, tmp_path)
    assert_all_found(score, 3)


@pytest.mark.full
@each_cell
def test_a_damaged_layout_is_found(tmp_path, name):
    score = Score()
    judge_layouts(smallest(name), score, tmp_path)
    assert_all_found(score, 5)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2))
@each_cell
def test_more_damage_is_found(tmp_path, name, seed):
    score = Score()
    judge_circuits(smallest(name), score, tmp_path, seed)
    judge_layouts(smallest(name), score, tmp_path, seed, MOST)
    assert_all_found(score, 20)


@pytest.mark.full
def test_one_fault_among_a_million_cells_is_found(tmp_path):
    score = Score()
    assert all(said for _, _, said in judge_a_million(score, tmp_path))
    assert_all_found(score, 4)


def test_what_is_not_damaged_is_not_found(tmp_path):
    """The other way round: the campaign's routes call undamaged cells equal, and its score shows a miss."""
    cell, score = smallest("mosfet"), Score()
    score.add("nothing changed", not run_lvs(of_cell(cell), cell.spice(), cell.circuit.name, tmp_path).clean)
    score.add("copied", not run_lvs(twin(cell, lambda *_: None), cell.spice(), cell.circuit.name, tmp_path).clean)
    assert score.missed == {"nothing changed": 1, "copied": 1}
    assert MILLION["rows"] * MILLION["cols"] == 2**20
