"""Parasitics of a layout: `extract` gives capacitances, and resistances where asked, with their netlist.

`shapes/` reads the drawing, `capacitance/` and `resistance/` hold the physics, `parasitics/` the record.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .extract import rc_options
    from .parasitics.record import NetC, Parasitics
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".extract": "rc_options",
            ".parasitics.record": "NetC Parasitics",
        },
    )

__all__ = ["NetC", "Parasitics", "rc_options"]
