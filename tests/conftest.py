"""What holds for every test: an approx has the tolerance that it says (`tolerance`), blocks that a router draws are
slow to draw, and files that take minutes come first, so that no process works alone in the end."""

import pytest
from blocks import BLOCKS
from tolerance import refuse_unmeant_tolerances

refuse_unmeant_tolerances()

MINUTES = (
    *("conformance/test_registered_cells.py", "tests/test_readme.py", "tests/test_contributing.py"),
    *("properties/test_random_specs.py", "systems/test_new_system.py", "mutants/test_source_mutants.py"),
    "conformance/test_lef_abstract.py",
)
"""Ends of their paths, the longest first."""


def pytest_collection_modifyitems(items):
    for item in items:
        given = getattr(item, "callspec", None)
        if given is not None and BLOCKS.intersection(v for v in given.params.values() if isinstance(v, str)):
            item.add_marker(pytest.mark.slow)
    items.sort(key=place)


def place(item):
    """Where a test stands in the run: 0 for those of the longest file."""
    return next((k for k, end in enumerate(MINUTES) if item.path.as_posix().endswith(end)), len(MINUTES))
