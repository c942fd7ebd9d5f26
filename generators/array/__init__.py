"""Arrays as recursive trees of blocks, and the tiles at their rims.

Layout, labels and netlist come from the same tree.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .block_tree import BlockSpec, Line
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".block_tree": "BlockSpec Line",
        },
    )

__all__ = ["BlockSpec", "Line"]
