"""A sample of the mutation campaign (`make signoff-agreement`): no mutant an official engine flags is clean in fast."""

import pytest
from mutants.drc_agreement import verdicts
from mutants.drc_mutants import KINDS, is_large, mutants, originals

from analoom.cells.model import registry

SAMPLE, SEED = 50, 3


@pytest.mark.slow
def test_mutants_repeat_and_vary():
    names = [mutant.name for mutant in mutants(60, 1)]
    assert names == [mutant.name for mutant in mutants(60, 1)]
    assert len(set(names)) > 50 and {mutant.kind for mutant in mutants(200, 1)} == set(KINDS)


def test_every_registered_cell_is_among_them_the_largest_too():
    names = sorted(originals())
    assert all(any(name.startswith(cell) for name in names) for cell in registry.entries())
    assert any(is_large(shapes) for name, shapes in originals().items() if name == "crossbar")
    assert {mutant.cell for mutant in mutants(400, 1)} == set(names)


@pytest.mark.full
@pytest.mark.tools
def test_no_mutant_is_missed_and_every_difference_has_its_reason(tmp_path):
    small = {name: shapes for name, shapes in originals().items() if not is_large(shapes)}
    found = verdicts(SAMPLE, SEED, tmp_path, small)
    assert not [v.mutant.name for v in found if v.missed]
    assert not [(v.mutant.name, v.fast) for v in found if v.unexplained]
    assert sum(bool(v.deck or v.magic) for v in found) > SAMPLE // 3
