"""Wires between cells: the floorplan of a block with its router, and rows with trunks.

What every block is wired with.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .floorplan import Floorplan
    from .rows import Floor, Part, PartRow, Tap, Trunk
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".floorplan": "Floorplan",
            ".rows": "Floor Part PartRow Tap Trunk",
        },
    )

__all__ = ["Floor", "Floorplan", "Part", "PartRow", "Tap", "Trunk"]
