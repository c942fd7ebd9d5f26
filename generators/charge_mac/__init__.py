"""The charge-domain multiply-accumulate unit: tiles, rows, edges, floor.

Bits and switches come from `analoom.cells.switch`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import ChargeMacSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "ChargeMacSpec",
        },
    )

__all__ = ["ChargeMacSpec"]
