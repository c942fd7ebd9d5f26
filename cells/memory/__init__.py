"""Memory: the addressed latch, six transistors in rows that share wells, taps and rails.

Its coordinates are planned by rule.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .latch import LatchSpec
    from .plan import LatchPlan
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".latch": "LatchSpec",
            ".plan": "LatchPlan",
        },
    )

__all__ = ["LatchPlan", "LatchSpec"]
