"""What a network that trains itself is made of: multiplier, sigmoid and bump of differential pairs in weak inversion.

Each is drawn in shared rows and wells; the circuits stand with the cells, the chains that are drawn beside them.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .bump import BumpSpec
    from .diff_sigmoid import DiffSigmoidSpec
    from .gilbert import GilbertSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".bump": "BumpSpec",
            ".diff_sigmoid": "DiffSigmoidSpec",
            ".gilbert": "GilbertSpec",
        },
    )

__all__ = ["BumpSpec", "DiffSigmoidSpec", "GilbertSpec"]
