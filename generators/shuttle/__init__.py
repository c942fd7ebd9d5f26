"""What shuttles take: a macro in the shuttle's frame of pins and supplies, wired to them.

`tiny_tapeout_tile` draws a tile of Tiny Tapeout, `analog_wrapper` ChipFoundry's analog user area.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .analog_area import WrapperPlan, analog_wrapper
    from .plan import TilePlan
    from .tile import Tile, tiny_tapeout_tile
else:
    __getattr__, __dir__ = doors(
        __name__,
        {".analog_area": "WrapperPlan analog_wrapper", ".plan": "TilePlan", ".tile": "Tile tiny_tapeout_tile"},
    )

__all__ = ["Tile", "TilePlan", "WrapperPlan", "analog_wrapper", "tiny_tapeout_tile"]
