"""Matched resistors: strips of poly in rows, in common centroid or interdigitated, in series or in parallel.

Strips come from `analoom.cells.resistor`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import ResArraySpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "ResArraySpec",
        },
    )

__all__ = ["ResArraySpec"]
