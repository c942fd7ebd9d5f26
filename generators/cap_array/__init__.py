"""Common-centroid capacitor arrays: grid, spines, top plates by kind of unit.

Units come from `analoom.cells.capacitor`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .cap_array import CapArraySpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".cap_array": "CapArraySpec",
        },
    )

__all__ = ["CapArraySpec"]
