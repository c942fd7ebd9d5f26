"""Memory: latches and arrays of them, how they are written, read and held, and what upsets them.

Margins are those of the butterfly, and of the bit line's level that writes.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .butterfly import Half, lobes
    from .mismatch import MemoryAnalysis, MemoryStatistics
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".butterfly": "Half lobes",
            ".mismatch": "MemoryAnalysis MemoryStatistics",
        },
    )

__all__ = ["Half", "MemoryAnalysis", "MemoryStatistics", "lobes"]
