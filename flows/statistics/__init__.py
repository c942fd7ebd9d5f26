"""Spreads, gradients, sections of a report and their intervals, for cells of every kind.

What belongs to one system lies in `analoom.flows.systems`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .protocol import Statistics
    from .sections import Asked, Section
    from .settings import AnalysisSettings
    from .spread import Spread, estimated, exact
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".protocol": "Statistics",
            ".sections": "Asked Section",
            ".settings": "AnalysisSettings",
            ".spread": "Spread estimated exact",
        },
    )

__all__ = [
    "AnalysisSettings",
    "Asked",
    "Section",
    "Spread",
    "Statistics",
    "estimated",
    "exact",
]
