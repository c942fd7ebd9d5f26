"""One room a kind of system: its bench, settings, statistics, error budget, in a record of its own.

A cell names its system by the room's name; `lookup` finds the record, `record` says what is in it.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .lookup import add_system, every_system, system_of
    from .record import FirstShown, Headline, Limits, Resolution, System
    from .typed import AnalysisOf, BenchOf
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".lookup": "add_system every_system system_of",
            ".record": "FirstShown Headline Limits Resolution System",
            ".typed": "AnalysisOf BenchOf",
        },
    )

__all__ = [
    "AnalysisOf",
    "BenchOf",
    "FirstShown",
    "Headline",
    "Limits",
    "Resolution",
    "System",
    "add_system",
    "every_system",
    "system_of",
]
