"""Amplifiers and followers: gain, margins, ranges, slew, noise, and the spread of the offset.

What an amplifier consists of is told by its ports and nets, never by the names of its parts.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .mismatch import AmplifierAnalysis, AmplifierStatistics
    from .settings import AmplifierSettings
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".mismatch": "AmplifierAnalysis AmplifierStatistics",
            ".settings": "AmplifierSettings",
        },
    )

__all__ = ["AmplifierAnalysis", "AmplifierSettings", "AmplifierStatistics"]
