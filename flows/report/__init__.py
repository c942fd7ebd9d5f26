"""The report of a cell: one HTML page that opens offline, its plots, and figures in few words.

Made from the JSON of the steps.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .page import write_joint_report, write_report
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".page": "write_joint_report write_report",
        },
    )

__all__ = ["write_joint_report", "write_report"]
