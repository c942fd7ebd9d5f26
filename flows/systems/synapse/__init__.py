"""One synapse: its factor over the weight range, writing and holding, mismatch of its read.

How it is read its cell says; crossbars take both from here.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .mismatch import SynapseStatistics
    from .read_map import ReadMap
    from .reading import ReadSettings
    from .settings import ReadAnalysis
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".mismatch": "SynapseStatistics",
            ".reading": "ReadSettings",
            ".read_map": "ReadMap",
            ".settings": "ReadAnalysis",
        },
    )

__all__ = [
    "ReadAnalysis",
    "ReadMap",
    "ReadSettings",
    "SynapseStatistics",
]
