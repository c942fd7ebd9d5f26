"""Transistors drawn as fingers on shared diffusion: rows, blocks, buses, wells; `mosfet` is the cell.

Pairs and mirrors use the same rows.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .mosfet import MosfetSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".mosfet": "MosfetSpec",
        },
    )

__all__ = ["MosfetSpec"]
