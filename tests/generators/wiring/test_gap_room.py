"""Large blocks start with wider gaps, small ones with the least."""

import pytest

from analoom.cells.model.drawing import discard
from analoom.generators.wiring import channels
from analoom.generators.wiring.gap_room import LOOSE_NM

from .random_blocks import local_block, random_block
from .test_floorplan import clean, matches, of_cell

SEED, PARTS = 3, 4


def drawn(monkeypatch, many):
    monkeypatch.setattr(channels, "MANY", many)
    discard(f"random_block_{SEED}_{PARTS}")
    return random_block(SEED, PARTS)


def test_a_block_of_many_nets_starts_with_wider_gaps(monkeypatch):
    """Two rows of two parts: one gap in each row and one between them."""
    small, large = drawn(monkeypatch, 1000), drawn(monkeypatch, 1)
    between = [one.instances[1].trans.disp.x - one.instances[0].trans.disp.x for one in (small, large)]
    above = [one.instances[2].trans.disp.y - one.instances[0].trans.disp.y for one in (small, large)]
    assert between[1] - between[0] >= LOOSE_NM
    assert above[1] - above[0] >= LOOSE_NM


@pytest.mark.full
def test_250_parts_are_wired_at_the_first_try_and_are_clean(tmp_path, monkeypatch):
    """370 nets; beside parts as near as they may lie some pin has no way, and gaps would have to grow."""
    monkeypatch.setattr(channels, "ROUNDS", 1)
    block = local_block(1, 500, "loose_block")
    assert clean(block, tmp_path)
    assert matches(of_cell(block), block, tmp_path)
