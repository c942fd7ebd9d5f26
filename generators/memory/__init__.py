"""Arrays of latches, each row with its word line, each column with its pair of bit lines, and what drives both.

Every stored bit comes out at the upper edge.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import LatchArraySpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "LatchArraySpec",
        },
    )

__all__ = ["LatchArraySpec"]
