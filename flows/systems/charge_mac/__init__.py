"""The charge-domain multiply-accumulate unit: cycle, charge solver, noise, mismatch, budget.

Small ones are judged by ngspice.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .mismatch import MacAnalysis, MacStatistics
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".mismatch": "MacAnalysis MacStatistics",
        },
    )

__all__ = [
    "MacAnalysis",
    "MacStatistics",
]
