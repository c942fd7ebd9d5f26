"""Matched pairs and current mirrors in one or more rows.

Fingers come from `analoom.cells.fingers`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .current_mirror import CurrentMirrorSpec
    from .matched_pair import MatchedPairSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".current_mirror": "CurrentMirrorSpec",
            ".matched_pair": "MatchedPairSpec",
        },
    )

__all__ = ["CurrentMirrorSpec", "MatchedPairSpec"]
