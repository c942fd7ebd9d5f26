"""What ties silicon to a net: diodes that protect gates, taps of well and substrate.

`antenna_diode` and `tap` are the cells.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .antenna_diode import AntennaDiodeSpec
    from .tap import TapSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".antenna_diode": "AntennaDiodeSpec",
            ".tap": "TapSpec",
        },
    )

__all__ = ["AntennaDiodeSpec", "TapSpec"]
