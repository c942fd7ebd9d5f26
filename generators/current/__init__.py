"""Sources of current: a binary current DAC, one reference to many mirrors, a ramp on a capacitor.

All of registered cells on one floor.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .bias import BiasSpec
    from .current_dac import CurrentDacSpec
    from .ramp import RampSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".bias": "BiasSpec",
            ".current_dac": "CurrentDacSpec",
            ".ramp": "RampSpec",
        },
    )

__all__ = ["BiasSpec", "CurrentDacSpec", "RampSpec"]
