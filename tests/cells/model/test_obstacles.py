"""Wires of a pin that a wire from outside could come too near to, in cells too small for a wide blockage."""

import klayout.db as kdb
import pytest

from analoom.cells.model.obstacles import _exposed, kept_clear
from analoom.pdk.layers import Layer

WHOLE = kdb.Box(0, 0, 1000, 1000)
TURNS = [kdb.Trans(turn, False, *at) for turn, at in enumerate([(0, 0), (1000, 0), (1000, 1000), (0, 1000)])]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize(("tab", "exposed"), [((940, 400, 1000, 600), True), ((500, 400, 560, 600), False)])
def test_a_tab_past_a_blockage_is_exposed_and_one_within_it_is_not(turn, tab, exposed):
    """met1 is 140 nm wide and 140 nm apart: a wire 140 nm off the blockage's edge at 940 nm is 80 nm off the tab."""
    own, known = kdb.Region(turn * kdb.Box(*tab)), kdb.Region(turn * kdb.Box(0, 0, 940, 1000))
    found = _exposed(own, kept_clear(known, Layer.MET1), Layer.MET1, WHOLE)
    assert (found ^ own).is_empty() if exposed else found.is_empty()
