"""Layout against circuit: `lvs_cell` of a cell, `run_lvs` of a layout and a netlist.

`devices/` says what is compared, `reference/` reads the netlist, `layout/` the drawing; `compare/` tells them apart.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .check import lvs_cell, lvs_file, run_lvs
    from .report import LvsReport
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".check": "lvs_cell lvs_file run_lvs",
            ".report": "LvsReport",
        },
    )

__all__ = ["LvsReport", "lvs_cell", "lvs_file", "run_lvs"]
