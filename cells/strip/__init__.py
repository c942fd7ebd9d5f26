"""Logic gates and switches as two rows of transistors between rails.

A strip is planned, tracked and drawn from its gates.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .draw import draw_strip
    from .plan import StripPlan, plan_strip
    from .strip import Gate, Strip
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".draw": "draw_strip",
            ".plan": "StripPlan plan_strip",
            ".strip": "Gate Strip",
        },
    )

__all__ = ["Gate", "Strip", "StripPlan", "draw_strip", "plan_strip"]
