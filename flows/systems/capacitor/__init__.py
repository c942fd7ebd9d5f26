"""Unit capacitors and capacitor arrays: bench, ratio errors, INL and DNL, balance of the wiring.

Ratios are of plates and of wires.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .converter_errors import ConverterErrors
    from .mismatch import CapacitorStatistics
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".converter_errors": "ConverterErrors",
            ".mismatch": "CapacitorStatistics",
        },
    )

__all__ = [
    "CapacitorStatistics",
    "ConverterErrors",
]
