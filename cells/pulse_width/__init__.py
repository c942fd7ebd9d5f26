"""What tiles of pulses are made of: a weight of current sources behind a pulse switch, and the driver of a row.

Weights stand side by side in rows that share taps and rails.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import PwmCellSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "PwmCellSpec",
        },
    )

__all__ = ["PwmCellSpec"]
