"""Common-centroid placement: patterns, their costs, the search, and what remains off the centre.

Geometry alone, no devices.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .centroid import place
    from .cost import PlacementCost, placement_cost
    from .placement import Placement
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".centroid": "place",
            ".cost": "PlacementCost placement_cost",
            ".placement": "Placement",
        },
    )

__all__ = ["Placement", "PlacementCost", "place", "placement_cost"]
