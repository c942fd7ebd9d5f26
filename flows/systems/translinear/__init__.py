"""The translinear current multiplier: bench, curves, mismatch by loop, mirrors and DAC.

Sources and ranges stand in `sources`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .mismatch import TranslinearAnalysis, TranslinearStatistics
    from .sources import TranslinearSettings
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".mismatch": "TranslinearAnalysis TranslinearStatistics",
            ".sources": "TranslinearSettings",
        },
    )

__all__ = [
    "TranslinearAnalysis",
    "TranslinearSettings",
    "TranslinearStatistics",
]
