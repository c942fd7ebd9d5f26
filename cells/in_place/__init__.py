"""What trains a crossbar in place, drawn in shared rows and wells: clamp, nudge, amplifier, update.

Each block serves one column or one weight of a crossbar whose rows and columns rest at half the supply.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .column_amplifier import ColumnAmplifierSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".column_amplifier": "ColumnAmplifierSpec",
        },
    )

__all__ = ["ColumnAmplifierSpec"]
