"""Simulation over corners, temperatures and supplies: the table of points, and its files.

One point runs in one process.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .files import write_corners
    from .table import CornerTable, corner_table
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".files": "write_corners",
            ".table": "CornerTable corner_table",
        },
    )

__all__ = ["CornerTable", "corner_table", "write_corners"]
