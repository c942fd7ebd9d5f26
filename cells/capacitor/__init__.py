"""Unit capacitors: MIM on met3, on met4, stacked, and metal fingers.

`unit_cap` is the cell.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .unit_cap import UnitCapSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".unit_cap": "UnitCapSpec",
        },
    )

__all__ = ["UnitCapSpec"]
