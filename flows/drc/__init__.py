"""Design rule checks by three engines: `drc_cell` of a cell, `run_drc` of any layout.

`fast/` is ours, `signoff/` runs the official ones, `report/` holds what they say.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .check import drc_cell, run_drc
    from .report.report import DrcReport
    from .rule_list import rule_rows
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".check": "drc_cell run_drc",
            ".report.report": "DrcReport",
            ".rule_list": "rule_rows",
        },
    )

__all__ = ["DrcReport", "drc_cell", "rule_rows", "run_drc"]
