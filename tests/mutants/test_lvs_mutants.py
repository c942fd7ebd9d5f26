"""Every mutant of every registered cell is found by LVS, or is shown to be no mutant: the same circuit once more."""

import pytest
from mutants.lvs_mutants import circuit_mutants, layout_mutants
from oracles.wire_partition import partition

from analoom.cells import registry
from analoom.flows.layout_source import of_cell
from analoom.flows.lvs import run_lvs

WELL_KINDS = ("missing tap", "wrong l", "finger lost", "wrong capacitor size", "capacitor lost")
"""Kinds that change more than wires: never excused by equal wires."""


def smallest(name):
    entry = registry.entries()[name]
    cells = [registry.build(name, fields) for fields in entry.examples]
    return min(cells, key=lambda cell: cell.circuit.device_count())


def missed_circuits(cell, tmp_path, seed=0):
    """Kind and text of the circuit mutants that LVS calls equal to the layout, and how many there were by kind."""
    counts, missed = {}, []
    for kind, text in circuit_mutants(cell, seed):
        counts[kind] = counts.get(kind, 0) + 1
        if run_lvs(of_cell(cell), text, cell.circuit.name, tmp_path).clean:
            missed.append((kind, text))
    return counts, missed


def missed_layouts(cell, tmp_path, seed=0, most=3):
    """Like `missed_circuits`; a mutant that joins the same terminals as before is counted as equal, not as missed."""
    counts, missed, equal = {}, [], {}
    sound = partition(cell.layout.layout(), cell.layout)
    for kind, source in layout_mutants(cell, seed, most):
        if run_lvs(source, cell.spice(), cell.circuit.name, tmp_path).clean:
            if kind not in WELL_KINDS and partition(source.layout, source.top) == sound:
                equal[kind] = equal.get(kind, 0) + 1
                continue
            missed.append(kind)
        counts[kind] = counts.get(kind, 0) + 1
    return counts, missed, equal


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(registry.entries()))
def test_another_circuit_is_found(tmp_path, name):
    counts, missed = missed_circuits(smallest(name), tmp_path)
    assert sum(counts.values()) >= 3
    assert not missed


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(registry.entries()))
def test_a_damaged_layout_is_found(tmp_path, name):
    counts, missed, _ = missed_layouts(smallest(name), tmp_path, most=1)
    assert sum(counts.values()) >= 5
    assert not missed
