"""Tiles of pulses: rows of pulses in, columns of charge, and pulses out.

Each column integrates what its weights draw; a ramp and a comparator make a pulse of the difference.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import PwmCellSpec, PwmTileSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "PwmCellSpec PwmTileSpec",
        },
    )

__all__ = ["PwmCellSpec", "PwmTileSpec"]
