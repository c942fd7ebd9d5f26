"""The translinear current multiplier: loop, mirrors and bias DAC on one floor.

All of registered cells.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import TranslinearSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "TranslinearSpec",
        },
    )

__all__ = ["TranslinearSpec"]
