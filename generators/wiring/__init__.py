"""Wires between cells: rows with trunks.

What every block is wired with.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .rows import Floor, Part, PartRow, Tap, Trunk
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".rows": "Floor Part PartRow Tap Trunk",
        },
    )

__all__ = ["Floor", "Part", "PartRow", "Tap", "Trunk"]
