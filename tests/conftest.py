"""What holds for every test: an approx has the tolerance that it says (`tolerance`), and blocks that a router draws are
slow to draw."""

import pytest
from tolerance import refuse_unmeant_tolerances

refuse_unmeant_tolerances()

BLOCKS = frozenset(
    (
        *("ota", "opamp", "follower", "comparator", "clocked_comparator", "weighted_sum"),
        *("current_dac", "bias", "ptat_bias", "ramp", "latch_array", "res_array", "translinear"),
    )
)
"""Cells that take seconds to draw or to check: tests given one of these by name are left out of the quick set."""


def pytest_collection_modifyitems(items):
    for item in items:
        given = getattr(item, "callspec", None)
        if given is not None and BLOCKS.intersection(v for v in given.params.values() if isinstance(v, str)):
            item.add_marker(pytest.mark.slow)
