"""Contacts of gates that are an even number of grid steps wide, where a cut of 0.17 um cannot lie in the middle."""

import pytest

from analoom.cells.model.registry import build
from analoom.pdk.layers import Layer
from drawn import region


def offsets(cell):
    """By gate from the left, how far the poly contact's middle lies right of the gate's (nm)."""
    gates = region(cell, Layer.POLY) & region(cell, Layer.DIFF)
    cuts = [cut.bbox() for cut in region(cell, Layer.LICON).interacting(region(cell, Layer.NPC)).each()]
    middles = sorted((gate.bbox().left + gate.bbox().right) / 2 for gate in gates.each())
    return [min(((cut.left + cut.right) / 2 - middle for cut in cuts), key=abs) for middle in middles]


@pytest.mark.parametrize(("nf", "expected"), [(1, [-5]), (3, [-5, -5, 5])])
def test_the_right_half_mirrors_the_left_and_the_middle_gate_is_as_on_the_left(nf, expected):
    """Of a gate of 0.16 um, on the grid of 10 nm that cuts are drawn on, the middle is 5 nm off."""
    assert offsets(build("mosfet", w=1.0 * nf, l=0.16, nf=nf)) == expected
