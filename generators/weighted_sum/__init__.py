"""Weighted sums of voltages: one amplifier or several, and matched resistors of whole units.

A search finds the units; the floorplan places and wires.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import WeightedSumSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "WeightedSumSpec",
        },
    )

__all__ = ["WeightedSumSpec"]
