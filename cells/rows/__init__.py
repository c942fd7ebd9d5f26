"""Transistors of unlike sizes in shared rows and wells: chains that share regions, wired by columns and tracks.

Rows of n-types above the rail of vss, rows of p-types below that of vdd; `plan` says where all lies, `draw` draws it.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .chains import Chain, Rows
    from .draw import draw_rows
    from .plan import RowsPlan
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".chains": "Chain Rows",
            ".draw": "draw_rows",
            ".plan": "RowsPlan",
        },
    )

__all__ = ["Chain", "Rows", "RowsPlan", "draw_rows"]
