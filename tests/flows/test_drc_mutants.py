"""A sample of the mutation campaign (`make signoff-agreement`): no mutant an official engine flags is clean in fast."""

import pytest
from mutants.drc_agreement import verdicts
from mutants.drc_mutants import KINDS, mutants, originals

SAMPLE, SEED = 50, 3


def test_mutants_repeat_and_vary():
    names = [mutant.name for mutant in mutants(60, 1)]
    assert names == [mutant.name for mutant in mutants(60, 1)]
    assert len(set(names)) > 50 and {mutant.kind for mutant in mutants(200, 1)} == set(KINDS)


def test_every_original_small_enough_is_among_them():
    assert {"mosfet", "matched_pair", "unit_cap", "synapse_2t1c"} <= originals().keys()


@pytest.mark.slow
@pytest.mark.tools
def test_no_mutant_is_missed_and_every_difference_has_its_reason(tmp_path):
    found = verdicts(SAMPLE, SEED, tmp_path)
    assert not [v.mutant.name for v in found if v.missed]
    assert not [(v.mutant.name, v.fast) for v in found if v.unexplained]
    assert sum(bool(v.deck or v.magic) for v in found) > SAMPLE // 3
