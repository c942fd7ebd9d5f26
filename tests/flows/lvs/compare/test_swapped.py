"""Which terminals of a device are said to be swapped."""

from __future__ import annotations

import pytest

from analoom.flows.lvs.compare.swapped import CAP, LONG, _difference

FOUR = {"G": "IN", "S": "VSS", "D": "OUT", "B": "BULK"}


@pytest.mark.parametrize(
    ("have", "want", "words", "said"),
    [
        (FOUR, {**FOUR, "S": "OUT", "D": "VSS"}, LONG, ""),
        (FOUR, {**FOUR, "G": "VSS", "S": "IN"}, LONG, "gate and source"),
        (FOUR, {**FOUR, "G": "VSS", "S": "OUT", "D": "IN"}, LONG, "gate and source"),
        ({"A": "TOP", "B": "BOTTOM"}, {"A": "BOTTOM", "B": "TOP"}, CAP, "top plate and bottom plate"),
        ({"S": "X", "D": "Y"}, {"S": "Y", "D": "X"}, LONG, ""),
        (FOUR, {**FOUR, "G": "OTHER"}, LONG, ""),
    ],
)
def test_terminals_that_have_to_change_over(have, want, words, said) -> None:
    """Source and drain may lie either way round, with or without a gate beside; other nets are no swap."""
    assert _difference(have, want, words) == said
