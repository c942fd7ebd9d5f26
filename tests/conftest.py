"""What holds for every test: an approx has the tolerance that it says (`tolerance`), and blocks that a router draws are
slow to draw."""

import pytest
from blocks import BLOCKS
from tolerance import refuse_unmeant_tolerances

refuse_unmeant_tolerances()


def pytest_collection_modifyitems(items):
    for item in items:
        given = getattr(item, "callspec", None)
        if given is not None and BLOCKS.intersection(v for v in given.params.values() if isinstance(v, str)):
            item.add_marker(pytest.mark.slow)
