"""Wires between cells: the floorplan of a block and the router that wires it.

Parts with nets in rows and stacks, and a few wishes, give a block.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .floorplan import Floorplan
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".floorplan": "Floorplan",
        },
    )

__all__ = ["Floorplan"]
