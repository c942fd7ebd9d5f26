"""Parasitics of a layout: `extract` gives capacitances, and resistances where asked, with their netlist.

`capacitance/` and `resistance/` hold the physics, `crossbar/` the extraction by tile classes.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .extract import NetC, Parasitics, rc_options
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".extract": "NetC Parasitics rc_options",
        },
    )

__all__ = ["NetC", "Parasitics", "rc_options"]
