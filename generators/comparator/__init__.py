"""Comparators: one that watches all the time, and one that decides at a clock edge and keeps the decision.

Blocks of matched pairs, mirrors and transistors; sizes are fields.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .clocked_comparator import ClockedComparatorSpec
    from .comparator import ComparatorSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".clocked_comparator": "ClockedComparatorSpec",
            ".comparator": "ComparatorSpec",
        },
    )

__all__ = ["ClockedComparatorSpec", "ComparatorSpec"]
