"""Where the parts of a block lie: rows, stacks and strips that abut, nested to any depth.

`arrange` has the distances that neighbours keep, `abut` those that share rails or lines.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .arrange import Line, grid, row, stack
    from .leaf import Leaf
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".arrange": "Line grid row stack",
            ".leaf": "Leaf",
        },
    )

__all__ = ["Leaf", "Line", "grid", "row", "stack"]
