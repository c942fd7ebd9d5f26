"""Single transistors, matched pairs and current mirrors: benches, transfer curves, mismatch.

A device, a pair and a mirror share their response.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .mismatch import TransistorStatistics
    from .settings import TransistorAnalysis
    from .transfer import TransferSettings
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".mismatch": "TransistorStatistics",
            ".settings": "TransistorAnalysis",
            ".transfer": "TransferSettings",
        },
    )

__all__ = [
    "TransferSettings",
    "TransistorAnalysis",
    "TransistorStatistics",
]
