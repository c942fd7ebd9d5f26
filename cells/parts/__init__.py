"""Parts that cells are drawn with: via stacks, guard rings, taps, wells, tiles.

None of them is a cell of its own.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .tap_strip import draw_tap_strip
    from .tile import Tile
    from .via_stack import draw_stack
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".tap_strip": "draw_tap_strip",
            ".tile": "Tile",
            ".via_stack": "draw_stack",
        },
    )

__all__ = ["Tile", "draw_stack", "draw_tap_strip"]
