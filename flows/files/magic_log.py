"""What Magic says where it did not read all of a layout: a rule check or an extraction of the rest proves nothing."""

from __future__ import annotations

import re

UNREAD = re.compile(
    r"^((?!.*boundary was redefined)Error.*|.*[Uu]nknown layer/datatype.*|.*Cell .* couldn't be read.*)$", re.MULTILINE
)
"""A cell with two outlines is called an error and read all the same."""


def unread(log: str) -> str | None:
    """The first such line of what Magic printed; None where it read everything."""
    found = UNREAD.search(log)
    return found[1] if found else None
